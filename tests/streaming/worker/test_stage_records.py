"""One stage over records: whatever comes, each record ends in exactly one state and the order holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hand_made import PIPELINE, arrival, asserted, context
from odd_records import odd_records
from pydantic import BaseModel, field_validator

from pipeline.contract import codec
from pipeline.contract.bytes_in_json import as_bytes
from pipeline.contract.events import (
    ArticleV1,
    ClaimV1,
    EnrichedV1,
    EntitiesV1,
    Origin,
    RejectedV1,
    SentencesV1,
)
from pipeline.contract.headers import Headers
from pipeline.errors import RecordError
from pipeline.stages.context import Context
from pipeline.streaming.kafka.records import InRecord, OutRecord
from pipeline.streaming.worker.rejected_record import RejectedRecords
from pipeline.streaming.worker.stage_records import BatchFunction
from pipeline.topology import STAGES, Stage

SPLIT, TAG, *_, CLASSIFY = STAGES
TIME_MS = 1_935_396_000_123


def batch_function(
    stage: Stage = SPLIT, surroundings: Context | None = None, *, max_chars: int = 1000, max_bytes: int = 100_000
) -> BatchFunction:
    return BatchFunction(
        stage=stage,
        context=surroundings or context(),
        rejected=RejectedRecords(
            topic="t.news.rejected", stage=stage.name, worker="w-0", pipeline=PIPELINE, max_bytes=max_bytes
        ),
        prefix="t.",
        max_chars=max_chars,
        max_bytes=max_bytes,
    )


def record(
    value: bytes | None = b'{"text":"No. Yes."}',
    *,
    offset: int = 7,
    key: bytes | None = b"a-1",
    timestamp_ms: int = TIME_MS,
    headers: Headers | None = None,
) -> InRecord:
    return InRecord("t.news.articles", 3, offset, timestamp_ms, key, value, headers or [])


def article_records(*texts: str) -> list[InRecord]:
    return [
        record(orjson.dumps({"text": text}), offset=offset, key=str(offset).encode())
        for offset, text in enumerate(texts)
    ]


def sentences(*arguments: Any, **fields: Any) -> SentencesV1:
    ((event,),) = SPLIT.run([arrival(*arguments, **fields)], context())
    assert isinstance(event, SentencesV1)
    return event


def entities(*arguments: Any, **fields: Any) -> EntitiesV1:
    ((event,),) = TAG.run([sentences(*arguments, **fields)], context())
    assert isinstance(event, EntitiesV1)
    return event


def rejected(outputs: Sequence[OutRecord]) -> RejectedV1:
    (sent,) = outputs
    assert sent.topic == "t.news.rejected"
    return codec.decode(RejectedV1, sent.value, headers=dict(sent.headers))


def stage_that(run: Callable[[Sequence[Any], Context], list[list[BaseModel]]], *, like: Stage = SPLIT) -> Stage:
    return Stage(like.name, like.reads, like.writes, run)


def poisoned_by(word: str, error: Exception) -> Stage:
    def run(arrivals: Sequence[Any], surroundings: Context) -> list[list[BaseModel]]:
        if any(word in made.article.text for made in arrivals):
            raise error
        return SPLIT.run(arrivals, surroundings)

    return stage_that(run)


def states(outputs: list[list[OutRecord]]) -> list[str]:
    return ["rejected" if len(sent) == 1 and sent[0].topic == "t.news.rejected" else "taken" for sent in outputs]


# What comes out of a good record


def test_no_records_give_no_outputs() -> None:
    assert batch_function()([]) == []


def test_an_output_keeps_partition_and_time_and_is_keyed_by_the_article() -> None:
    ((sent,),) = batch_function()([record(b'{"text":"No.","id":"b-2"}', key=b"other")])
    assert (sent.topic, sent.partition, sent.timestamp_ms, sent.key) == ("t.news.sentences", 3, TIME_MS, b"b-2")
    event = codec.decode(SentencesV1, sent.value, headers=dict(sent.headers))
    assert event.origin == Origin(topic="t.news.articles", partition=3, offset=7, timestamp=TIME_MS)


@pytest.mark.parametrize("key", [None, b"", b"\xff\x00"])
def test_a_record_without_a_key_that_is_text_is_keyed_by_its_derived_id(key: bytes | None) -> None:
    ((sent,),) = batch_function()([record(key=key)])
    assert sent.key == codec.decode(SentencesV1, sent.value).article.id.encode()
    assert len(sent.key) == 16


def test_the_articles_headers_come_first_as_they_came_and_cloud_events_own_are_replaced() -> None:
    came: Headers = [
        ("traceparent", b"00-1"),
        ("ce_id", b"of-the-article"),
        ("tag", b"a"),
        ("ce_type", b"org.example.article"),
        ("tag", b"b"),
        ("content-type", b"text/plain"),
        ("raw", b"\xff"),
    ]
    ((sent,),) = batch_function()([record(headers=came)])
    event = codec.decode(SentencesV1, sent.value)
    assert sent.headers == [
        ("traceparent", b"00-1"),
        ("tag", b"a"),
        ("tag", b"b"),
        ("raw", b"\xff"),
        ("ce_specversion", b"1.0"),
        ("ce_type", b"claimwire.sentences.v1"),
        ("ce_source", b"/claimwire/split_sentences"),
        ("ce_id", event.id.encode()),
        ("ce_time", b"2031-05-01T10:00:00.123Z"),
        ("content-type", b"application/json"),
    ]


def test_a_header_without_a_value_is_sent_as_an_empty_one() -> None:
    ((sent,),) = batch_function()([record(headers=[("flag", None), ("flag", b"1")])])
    assert sent.headers[:2] == [("flag", b""), ("flag", b"1")]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([b"claimwire.article.v2", b"claimwire.article.v1"], "taken"),
        ([b"claimwire.article.v1", b"claimwire.article.v2"], "rejected"),
        ([None], "taken"),
    ],
)
def test_of_several_headers_of_one_name_the_last_counts(said: list[bytes | None], state: str) -> None:
    """As with Kafka's own Headers.lastHeader."""
    assert states(batch_function()([record(headers=[("ce_type", value) for value in said])])) == [state]


def test_a_record_without_a_time_gives_outputs_without_one() -> None:
    ((sent,), (refused,)) = batch_function()([record(timestamp_ms=-1), record(b"", timestamp_ms=-1)])
    assert sent.timestamp_ms is None
    assert "ce_time" not in dict(sent.headers)
    assert "ce_time" not in dict(refused.headers)
    assert codec.decode(SentencesV1, sent.value).origin.timestamp == -1
    assert rejected([refused]).record.timestamp == -1


def test_a_record_of_the_first_millisecond_has_a_time() -> None:
    ((sent,),) = batch_function()([record(timestamp_ms=0)])
    assert sent.timestamp_ms == 0
    assert dict(sent.headers)["ce_time"] == b"1970-01-01T00:00:00.000Z"


def test_the_same_records_give_the_same_outputs() -> None:
    records = article_records("One.", "Two. Three.")
    assert batch_function()(records) == batch_function()(records)
    assert batch_function()(records)[1] == batch_function()(records[1:])[0]


def test_the_second_stage_reads_events_and_carries_the_articles_origin() -> None:
    event = sentences("X.")
    ((sent,),) = batch_function(TAG)([record(codec.encode(event))])
    assert sent.topic == "t.news.entities"
    tagged = codec.decode(EntitiesV1, sent.value, headers=dict(sent.headers))
    assert tagged.origin == event.origin
    assert len(tagged.entities or []) == 1


def test_the_last_stage_sends_claims_beside_the_enriched_event_to_the_same_partition() -> None:
    surroundings = context(classify_claims=asserted(0.9, 0.8))
    (sent,) = batch_function(CLASSIFY, surroundings)(
        [record(codec.encode(entities("One. Two.")), headers=[("h", b"1")])]
    )
    assert [out.topic for out in sent] == ["t.news.enriched", "t.news.claims", "t.news.claims"]
    assert {(out.partition, out.timestamp_ms, out.key) for out in sent} == {(3, TIME_MS, b"a-1")}
    assert all(out.headers[0] == ("h", b"1") for out in sent)
    enriched = codec.decode(EnrichedV1, sent[0].value, headers=dict(sent[0].headers))
    claims = [codec.decode(ClaimV1, out.value, headers=dict(out.headers)) for out in sent[1:]]
    assert [claim.id for claim in claims] == [f"{enriched.id}/0", f"{enriched.id}/1"]
    assert [dict(out.headers)["ce_id"].decode() for out in sent[1:]] == [claim.id for claim in claims]  # type: ignore[union-attr]


def test_a_key_without_a_value_goes_through_the_chain_as_a_canceled_article() -> None:
    ((sent,),) = batch_function()([record(None)])
    event = codec.decode(SentencesV1, sent.value, headers=dict(sent.headers))
    assert (event.article.id, event.article.status, event.article.text) == ("a-1", "canceled", "")
    assert (event.sentences, sent.key) == ([], b"a-1")
    ((tagged,),) = batch_function(TAG)([record(sent.value)])
    (enriched,) = batch_function(CLASSIFY)([record(tagged.value)])[0]
    assert codec.decode(EnrichedV1, enriched.value).assertions is None


def test_an_embargoed_article_is_rejected_until_its_time_has_come_and_its_neighbours_come_out() -> None:
    held = record(b'{"text":"No.","embargo_until":"2031-05-01T10:00:00Z"}', offset=2)
    end_s = 1_935_396_000.0
    before, refused, after = replace(batch_function(), clock=lambda: end_s - 1)([record(offset=1), held, record()])
    event = rejected(refused)
    assert (event.reason, event.error.where, event.attempts) == ("embargoed", "embargo_until", 1)
    assert as_bytes(event.value) == held.value
    assert [out.topic for out in (*before, *after)] == ["t.news.sentences"] * 2
    ((sent,),) = replace(batch_function(), clock=lambda: end_s)([held])
    assert sent.topic == "t.news.sentences"


# What is refused


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"[]", "not-an-article"),
        (b'{"text":1}', "not-an-article"),
        (b'{"title":"x"}', "no-text"),
        (b'{"text":"\xff"}', "bad-encoding"),
        (b'{"text":"' + b"x" * 1001 + b'"}', "too-long"),
    ],
)
def test_what_cannot_be_decoded_is_rejected_with_its_reason_and_its_neighbours_come_out(
    value: bytes | None, reason: str
) -> None:
    before, refused, after = batch_function()(
        [record(offset=1), record(value, offset=2, headers=[("h", None)]), record(offset=3)]
    )
    event = rejected(refused)
    assert (event.reason, event.attempts, event.stage, event.worker) == (reason, 1, "split_sentences", "w-0")
    assert as_bytes(event.value) == value
    assert event.record == event.origin == Origin(topic="t.news.articles", partition=3, offset=2, timestamp=TIME_MS)
    assert refused[0].key == b"a-1"
    assert [codec.decode(SentencesV1, sent.value).origin.offset for (sent,) in (before, after)] == [1, 3]


def test_a_text_at_the_limit_is_taken() -> None:
    assert states(batch_function(max_chars=8)([record(), record(b'{"text":"No. Yes.."}')])) == ["taken", "rejected"]


def test_a_record_of_the_middle_that_cannot_be_read_does_not_tell_the_articles() -> None:
    (refused,) = batch_function(TAG)([record(b'{"text":"No."}')])
    event = rejected(refused)
    assert (event.reason, event.origin) == ("not-an-article", None)
    assert event.record.offset == 7


def test_another_event_is_refused_by_what_its_header_says() -> None:
    (refused,) = batch_function(TAG)([record(codec.encode(sentences()), headers=[("ce_type", b"claimwire.claim.v1")])])
    assert rejected(refused).reason == "unsupported-version"


@pytest.mark.parametrize("headers", [[], [("trace", b"x" * 3000)]])
def test_an_output_too_large_for_the_topics_is_rejected_before_it_is_sent(headers: Headers) -> None:
    text = "x" * 900 if headers else "x" * 4000
    came = record(orjson.dumps({"text": text}), headers=headers)
    function = batch_function(max_chars=10_000, max_bytes=4200)
    event = rejected(function([came])[0])
    assert (event.reason, event.attempts) == ("too-large", 1)
    assert "the topics take 4,200 (max.message.bytes)" in event.error.message


def test_an_output_of_just_the_largest_size_is_sent() -> None:
    ((sent,),) = batch_function()([record()])
    assert states(batch_function(max_bytes=sent.size())([record()])) == ["taken"]
    assert rejected(batch_function(max_bytes=sent.size() - 1)([record()])[0]).reason == "too-large"


def test_one_claim_too_large_rejects_its_article_whole() -> None:
    surroundings = context(classify_claims=asserted(0.9))
    came = record(codec.encode(entities("One.")))
    (sent,) = batch_function(CLASSIFY, surroundings)([came])
    (refused,) = batch_function(CLASSIFY, surroundings, max_bytes=max(out.size() for out in sent) - 1)([came])
    assert rejected(refused).origin == entities().origin


# What fails


def test_a_poisonous_record_is_rejected_alone_after_two_attempts() -> None:
    stage = poisoned_by("bad", RuntimeError("cannot read this"))
    outputs = batch_function(stage)(article_records("One.", "bad", "Two.", "Three."))
    assert states(outputs) == ["taken", "rejected", "taken", "taken"]
    event = rejected(outputs[1])
    assert (event.reason, event.attempts) == ("failed", 2)
    assert (event.error.type, event.error.message) == ("RuntimeError", "cannot read this")
    assert event.origin == event.record
    assert [codec.decode(SentencesV1, outputs[place][0].value).origin.offset for place in (0, 2, 3)] == [0, 2, 3]


def test_a_record_alone_is_tried_once() -> None:
    event = rejected(batch_function(poisoned_by("bad", MemoryError()))(article_records("bad"))[0])
    assert (event.attempts, event.error.type, event.error.message) == (1, "MemoryError", "MemoryError()")


def test_a_stage_may_refuse_with_a_reason_of_its_own() -> None:
    stage = poisoned_by("bad", RecordError("too-long", "too much", where="text"))
    event = rejected(batch_function(stage)(article_records("bad", "One."))[0])
    assert (event.reason, event.error.where) == ("too-long", "text")


def test_a_poisonous_event_of_the_middle_keeps_the_articles_origin() -> None:
    def run(_events: Sequence[Any], _context: Context) -> list[list[BaseModel]]:
        raise ValueError("no")

    (refused,) = batch_function(stage_that(run, like=TAG))([record(codec.encode(sentences()))])
    event = rejected(refused)
    assert event.origin == sentences().origin != event.record


@pytest.mark.parametrize("answered", ["fewer", "more", "none for one"])
def test_a_stage_that_forgets_an_event_loses_none(answered: str) -> None:
    def run(arrivals: Sequence[Any], surroundings: Context) -> list[list[BaseModel]]:
        outputs = SPLIT.run(arrivals, surroundings)
        forgotten = [made.article.text == "bad" for made in arrivals]
        if answered == "none for one":
            return [[] if bad else sent for bad, sent in zip(forgotten, outputs, strict=True)]
        if answered == "more":
            return outputs + outputs[:1] * any(forgotten)
        return [sent for bad, sent in zip(forgotten, outputs, strict=True) if not bad]

    outputs = batch_function(stage_that(run))(article_records("One.", "bad", "Two."))
    assert states(outputs) == ["taken", "rejected", "taken"]
    event = rejected(outputs[1])
    assert (event.reason, event.error.type, event.attempts) == ("failed", "ValueError", 2)
    assert [codec.decode(SentencesV1, outputs[place][0].value).origin.offset for place in (0, 2)] == [0, 2]


@pytest.mark.parametrize(
    ("output", "error"),
    [
        (ArticleV1(text="No."), "ArticleV1 is no output of a stage"),
        (sentences().model_copy(update={"id": "\ud800"}), "surrogates not allowed"),
        (sentences(extra={"x": object()}), "Type is not JSON serializable"),
    ],
)
def test_an_output_that_cannot_be_sent_rejects_its_record(output: BaseModel, error: str) -> None:
    def run(arrivals: Sequence[Any], surroundings: Context) -> list[list[BaseModel]]:
        outputs = SPLIT.run(arrivals, surroundings)
        return [[output] if made.article.text == "bad" else sent for made, sent in zip(arrivals, outputs, strict=True)]

    outputs = batch_function(stage_that(run))(article_records("One.", "bad"))
    assert states(outputs) == ["taken", "rejected"]
    event = rejected(outputs[1])
    assert event.reason == "failed"
    assert error in event.error.message


class OddV1(SentencesV1):
    @field_validator("id")
    @classmethod
    def _break(cls, value: str) -> str:
        if value.startswith("bad"):
            raise RuntimeError("broken library")
        return value


def test_an_error_that_nobody_expects_in_reading_a_record_rejects_it() -> None:
    records = [record(codec.encode(sentences(id=name))) for name in ("a", "bad", "b")]
    outputs = batch_function(replace(TAG, reads=OddV1))(records)
    assert states(outputs) == ["taken", "rejected", "taken"]
    event = rejected(outputs[1])
    assert (event.reason, event.error.type, event.error.message) == ("failed", "RuntimeError", "broken library")


@pytest.mark.parametrize("stage", STAGES, ids=[stage.name for stage in STAGES])
def test_each_of_many_odd_records_ends_in_exactly_one_state(stage: Stage) -> None:
    records = [record(value, offset=offset, key=name.encode()) for offset, (name, value) in enumerate(odd_records())]
    outputs = batch_function(stage, max_chars=500_000, max_bytes=10_000_000)(records)
    assert len(outputs) == len(records)
    for came, sent in zip(records, outputs, strict=True):
        topics = [out.topic for out in sent]
        if topics == ["t.news.rejected"]:
            event = codec.decode(RejectedV1, sent[0].value)
            assert event.record.offset == came.offset
            assert as_bytes(event.value) == came.value
        else:
            assert topics[0] in {"t.news.sentences", "t.news.entities", "t.news.enriched"}
            assert stage is SPLIT
            assert codec.decode(SentencesV1, sent[0].value).origin.offset == came.offset
