"""The chain with plain language functions on the real broker: what becomes of records, whatever they are."""

from __future__ import annotations

import base64
import os
import signal
import time
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

from chain import Chain, article, place
from odd_records import odd_records
from waiting import wait_until

from pipeline.contract.bytes_in_json import as_bytes
from pipeline.contract.codec import encode
from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1, EntitiesV1, SentencesV1
from pipeline.streaming.kafka.reader import read_one


def test_each_article_comes_out_once_and_in_the_order_of_its_partition(chain: Chain) -> None:
    places = chain.push(article(number) for number in range(500))
    chain.start("w0")
    outcomes = chain.outcomes(500)
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert outcomes.disorder() == 0
    assert chain.stop("w0") == 0


def test_a_stage_that_raises_rejects_that_article_only(chain: Chain) -> None:
    stages = ["split_sentences", "tag_entities", "classify_claims"]
    places = chain.push(
        article(number, f"POISON {stages[number // 10]}" if number % 10 == 3 else "Good.") for number in range(30)
    )
    chain.start("w0")
    outcomes = chain.outcomes(30)
    assert outcomes.places() == dict.fromkeys(places, 1)
    rejected = {place(event.origin): event for event in outcomes.rejected}
    assert {where: event.stage for where, event in rejected.items()} == {
        places[number]: stages[number // 10] for number in (3, 13, 23)
    }
    assert all(event.reason == "failed" and "poisoned" in event.error.message for event in rejected.values())


def test_every_odd_record_is_accounted_for_and_the_worker_lives(chain: Chain) -> None:
    values = [value for _, value in odd_records()]
    places = chain.push(values)
    worker = chain.start("w0")
    outcomes = chain.outcomes(len(values))
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert worker.poll() is None
    by_place = dict(zip(places, values, strict=True))
    for event in outcomes.rejected:
        assert event.truncated or as_bytes(event.value) == by_place[place(event.origin)]


def test_a_withdrawn_article_comes_out_without_claims(chain: Chain) -> None:
    places = chain.push([article(1, "Tax rose 3 per cent."), article(2, "Tax rose 3 per cent.", status="withheld")])
    places += chain.push([None], key=b"a1")
    chain.start("w0")
    outcomes = chain.outcomes(3)
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert not outcomes.rejected
    by_place = {place(event.origin): event for event in outcomes.enriched}
    assert [by_place[where].article.status for where in places] == ["usable", "withheld", "canceled"]
    assert [by_place[where].assertions is None for where in places] == [False, True, True]
    assert {place(claim.origin) for claim in outcomes.claims} <= {places[0]}


def test_nothing_of_an_embargoed_article_comes_out_before_its_time(chain: Chain) -> None:
    values = [
        article(1, "Secret.", embargo_until="2199-01-01T00:00:00Z"),
        article(2, "Secret.", title="Secret", embargo_until="2199-01-01T00:00:00Z", status="canceled"),
        article(3, "Old.", embargo_until="2001-01-01T00:00:00Z"),
    ]
    places = chain.push(values)
    chain.start("w0")
    outcomes = chain.outcomes(3)
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert [(event.reason, place(event.origin)) for event in outcomes.rejected] == [("embargoed", places[0])]
    assert not any(b"Secret" in encode(event) for event in outcomes.enriched)


def test_a_record_without_key_and_value_is_rejected(chain: Chain) -> None:
    (where,) = chain.push([None])
    chain.start("w0")
    (event,) = chain.outcomes(1).rejected
    assert (place(event.origin), event.reason, event.value) == (where, "not-json", None)


class NotUtf8(str):
    """A header's name as a foreign client may send it."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return super().encode() + b"\xff"


def test_a_header_name_that_no_client_reads_rejects_its_record_only(chain: Chain) -> None:
    before = chain.push(article(number) for number in range(20))
    bad = chain.push([article(20)], headers=[(NotUtf8("bad"), b"1")])
    after = chain.push(article(number) for number in range(21, 41))
    chain.start("w0")
    outcomes = chain.outcomes(41)
    (event,) = outcomes.rejected
    assert outcomes.places() == dict.fromkeys([*before, *bad, *after], 1)
    assert (event.reason, [header.key for header in event.headers]) == ("bad-encoding", ["bad\\xff"])
    assert as_bytes(event.value) == article(20)


def test_an_article_at_the_limit_passes_and_one_above_it_is_rejected(chain: Chain) -> None:
    chain.push([article(0, "word " * 100_000), article(1, "word " * 100_000 + "!")])
    chain.start("w0")
    outcomes = chain.outcomes(2)
    assert [event.article.id for event in outcomes.enriched] == ["a0"]
    assert [event.reason for event in outcomes.rejected] == ["too-long"]


def test_records_larger_than_a_fetch_come_through_among_small_ones(chain: Chain) -> None:
    picture = base64.b64encode(os.urandom(3_000_000)).decode()  # 3 MB even compressed
    extras = {number: {"picture": picture} for number in (8, 12, 40)}
    places = chain.push(article(number, extra=extras.get(number)) for number in range(60))
    chain.start("w0")
    outcomes = chain.outcomes(60)
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert [event.article.extra for event in outcomes.enriched if event.article.extra] == list(extras.values())


def test_an_article_whose_output_no_topic_takes_is_rejected_with_its_origin(chain: Chain) -> None:
    grows = b'{"id": "a0", "text": "One line.", "n": [%s]}' % b",".join([b"1e9"] * 700_000)  # 1000000000.0 when written
    chain.push([grows, article(1)])
    chain.start("w0")
    outcomes = chain.outcomes(2)
    assert [event.article.id for event in outcomes.enriched] == ["a1"]
    (event,) = outcomes.rejected
    assert (event.reason, as_bytes(event.value)) == ("too-large", grows)


def test_headers_and_arrival_of_the_article_reach_every_output(chain: Chain) -> None:
    before_ms = time.time() * 1000
    (pushed,) = chain.push(
        [article(0)], headers=[("traceparent", b"00-1"), ("ce_type", b"org.example.article")], timestamp_ms=12345
    )
    arrived_ms = read_one(chain.connection, chain.topic(ArticleV1), *pushed).timestamp_ms
    assert before_ms - 1 <= arrived_ms <= time.time() * 1000
    ce_time = datetime.fromtimestamp(arrived_ms / 1000, tz=timezone.utc).isoformat(timespec="milliseconds")
    chain.start("w0")
    chain.outcomes(1)
    for event, kind in ((SentencesV1, "sentences"), (EntitiesV1, "entities"), (EnrichedV1, "enriched")):
        (record,) = chain.records(event)
        found: Any = record
        headers = dict(found.headers)
        assert (found.key, found.timestamp) == (b"a0", arrived_ms)
        assert headers["traceparent"] == b"00-1"
        assert headers["ce_type"] == f"claimwire.{kind}.v1".encode()
        assert headers["ce_time"] == ce_time.replace("+00:00", "Z").encode()
        assert headers["content-type"] == b"application/json"
    assert chain.records(ClaimV1) == []


def test_a_foreign_record_in_the_middle_of_the_chain_is_rejected_there(chain: Chain) -> None:
    chain.push([b'{"hello": "world"}'], topic=chain.topic(SentencesV1))
    chain.start("w0")
    (event,) = chain.outcomes(1).rejected
    assert (event.stage, event.reason, event.origin) == ("tag_entities", "not-an-article", None)
    assert event.record.topic == chain.topic(SentencesV1)


def test_a_worker_begins_with_small_batches(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    with Chain(kafka, topic_prefix, tmp_path, partitions=1) as chain:
        chain.push(article(number) for number in range(500))
        chain.start("w0", "--ms", "5")  # an article, so that records wait while it works
        chain.outcomes(500)
        records: list[Any] = chain.records(SentencesV1)
    offsets = [record.offset for record in records]
    ends = [number + 1 for number in range(499) if offsets[number + 1] != offsets[number] + 1]  # at a commit marker
    sizes = [end - begin for begin, end in pairwise([0, *ends, 500])]
    assert sizes[0] <= 8
    assert max(sizes) == 32
    assert all(size <= 2**number * 8 for number, size in enumerate(sizes))


def test_what_has_piled_up_is_worked_on_by_all_stages_alike(chain: Chain) -> None:
    chain.push(article(number) for number in range(8000))
    chain.start("w0", "--ms", "2", "--batch", "16")
    chain.outcomes(400, settle_s=0)
    split, enriched = len(chain.records(SentencesV1)), len(chain.records(EnrichedV1))
    assert split < 3 * enriched  # the last stage does not wait until the first has done all


def test_stages_can_be_spread_over_workers(chain: Chain) -> None:
    chain.start("w0", "--stages", "split_sentences,classify_claims")
    chain.start("w1", "--stages", "tag_entities")
    places = chain.push(article(number) for number in range(100))
    assert chain.outcomes(100).places() == dict.fromkeys(places, 1)


def test_killed_stopped_and_frozen_workers_lose_and_repeat_nothing(chain: Chain) -> None:
    for name in ("w0", "w1"):
        chain.start(name, "--ms", "1", "--batch", "16")
    places = chain.push(article(number, "word " * 800) for number in range(1000))
    time.sleep(5)
    chain.kill("w0")
    assigned = chain.log("w0").count("partitions assigned")
    chain.start("w0", "--ms", "1")
    places += chain.push(article(number, "word " * 800) for number in range(1000))
    time.sleep(3)
    frozen = chain.workers["w1"]
    os.kill(frozen.pid, signal.SIGSTOP)  # beyond the session timeout: its partitions go to the other one
    places += chain.push(article(number, "word " * 800) for number in range(1000))
    time.sleep(9)
    os.kill(frozen.pid, signal.SIGCONT)
    wait_until(lambda: chain.log("w0").count("partitions assigned") > assigned)  # on a busy machine it may still start
    assert chain.stop("w0") == 0
    outcomes = chain.outcomes(3000)
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert outcomes.disorder() == 0


def test_a_worker_without_its_topics_says_what_to_do(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    chain = Chain(kafka, topic_prefix, tmp_path)
    assert chain.start("w0").wait(30) != 0
    assert "topics are missing" in chain.log("w0")
    assert "claimwire topics create" in chain.log("w0")


def test_a_second_worker_of_the_same_name_is_refused(chain: Chain) -> None:
    chain.start("w0")
    chain.push([article(0)])
    chain.outcomes(1)
    second = Chain(chain.bootstrap, chain.prefix, chain.logs / "..").start("w0")
    assert second.wait(30) != 0
    assert chain.workers["w0"].poll() is None
