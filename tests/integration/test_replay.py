"""Rejected records replayed and dropped on the real broker: to where they came from, as they were, and only once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson
import pytest
from chain import Chain
from kafka import KafkaProducer

from pipeline.contract.events import ArticleV1, Pipeline, RejectedV1, SentencesV1
from pipeline.errors import RecordError, UsageError
from pipeline.streaming.kafka import producers
from pipeline.streaming.kafka.reader import RecordReader, read_one
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.operations.replay import Done, Filter, Replay, find, parse_time
from pipeline.streaming.worker.rejected_record import RejectedRecords

NOW = datetime(2031, 5, 1, 12, tzinfo=timezone.utc)


def reject(chain: Chain, records: list[InRecord], *, reason: str = "not-json", max_bytes: int = 1_000_000) -> None:
    """As a stage would; record number n was rejected n minutes after ``NOW``."""
    rejecter = RejectedRecords(
        topic=chain.topic(RejectedV1),
        stage="tag_entities" if records[0].topic == chain.topic(SentencesV1) else "split_sentences",
        worker="w0",
        pipeline=Pipeline(version="0", model="m", model_hash="0"),
        max_bytes=max_bytes,
    )
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap)) as producer:
        for number, record in enumerate(records):
            out = rejecter.record(
                record, RecordError(reason, "bad"), origin=None, attempts=1, now=NOW + timedelta(minutes=number)
            )
            producer.send(out.topic, out.value, key=out.key, headers=out.headers).get(10)


def bad(chain: Chain, number: int, *, topic: str | None = None, value: bytes | None = None) -> InRecord:
    headers: Any = [("traceparent", b"00-1"), ("odd", b"\xff\x00")]
    place = topic or chain.topic(ArticleV1), number % 4, 1_000_000 + number
    return InRecord(*place, 1_900_000_000_000, b"k%d" % number, value or b"\xff bad %d" % number, headers)


def replay_of(chain: Chain) -> Replay:
    return Replay(chain.connection, prefix=chain.prefix, group="claimwire")


def records_of(chain: Chain, topic: str) -> list[InRecord]:
    with RecordReader(chain.connection, [topic], start="beginning") as reader:
        return list(reader.until_end())


def open_ones(chain: Chain, **chosen: Any) -> list[str]:
    found = find(chain.connection, prefix=chain.prefix, chosen=Filter(**chosen))
    return sorted(rejected.event.key.data for rejected in found if rejected.event.key)


def test_a_replayed_record_is_what_it_was_where_it_was_and_is_not_replayed_again(chain: Chain) -> None:
    sent = [bad(chain, number) for number in range(5)]
    reject(chain, sent)
    assert replay_of(chain).replay(Filter()) == Done(5, [])
    assert replay_of(chain).replay(Filter()) == Done(0, [])
    found = records_of(chain, chain.topic(ArticleV1))
    assert sorted((r.partition, r.key, r.value, r.headers) for r in found) == sorted(
        (r.partition, r.key, r.value, r.headers) for r in sent
    )
    assert open_ones(chain) == []
    every = find(chain.connection, prefix=chain.prefix, chosen=Filter(), closed=True)
    assert [rejected.mark and rejected.mark.value for rejected in every] == ["replayed"] * 5


def test_a_place_that_is_not_open_is_left_out_and_said(chain: Chain) -> None:
    reject(chain, [bad(chain, 0), bad(chain, 1)])
    (first, second) = find(chain.connection, prefix=chain.prefix, chosen=Filter())
    place = first.record.partition, first.record.offset
    assert replay_of(chain).replay(Filter(place=place)) == Done(1, [])
    assert replay_of(chain).replay(Filter(place=place)) == Done(0, [(first.place, "it was replayed already")])
    assert replay_of(chain).drop(Filter(place=place)) == Done(0, [(first.place, "it was replayed already")])
    assert replay_of(chain).drop(Filter(place=(0, 999))) == Done(
        0, [("0/999", "there is no rejected record at this place")]
    )
    place = second.record.partition, second.record.offset
    assert replay_of(chain).drop(Filter(place=place, reason="failed")) == Done(
        0, [(second.place, "it is open, but --stage, --reason, --since or --until excludes it")]
    )


def test_a_record_of_the_middle_of_the_chain_goes_back_there(chain: Chain) -> None:
    topic = chain.topic(SentencesV1)
    reject(chain, [bad(chain, 3, topic=topic)], reason="not-an-article")
    assert replay_of(chain).replay(Filter(stage="tag_entities")).done == 1
    assert [(r.partition, r.key) for r in records_of(chain, topic)] == [(3, b"k3")]
    assert records_of(chain, chain.topic(ArticleV1)) == []


def test_dropped_records_are_gone_from_the_list_and_from_replay(chain: Chain) -> None:
    reject(chain, [bad(chain, number) for number in range(3)])
    (first, *_) = find(chain.connection, prefix=chain.prefix, chosen=Filter())
    assert replay_of(chain).drop(Filter(place=(first.record.partition, first.record.offset))) == Done(1, [])
    assert len(open_ones(chain)) == 2
    assert replay_of(chain).replay(Filter()).done == 2
    assert len(records_of(chain, chain.topic(ArticleV1))) == 2


def test_filters_choose_by_stage_reason_and_time(chain: Chain) -> None:
    reject(chain, [bad(chain, number) for number in range(4)])
    reject(chain, [bad(chain, 9)], reason="no-text")
    since, until = NOW + timedelta(minutes=1), NOW + timedelta(minutes=3)
    times = {"since_ms": parse_time(since.isoformat()), "until_ms": parse_time(until.isoformat())}
    assert open_ones(chain, **times) == ["k1", "k2"]
    assert open_ones(chain, reason="no-text") == ["k9"]
    assert open_ones(chain, stage="classify_claims") == []


def test_a_replay_that_is_killed_half_way_and_run_again_repeats_nothing(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    reject(chain, [bad(chain, number) for number in range(50)])
    monkeypatch.setattr(producers, "MAX_RECORDS", 20)  # ten records and their marks

    commits: list[KafkaProducer] = []
    commit = KafkaProducer.commit_transaction

    class Killed(BaseException):
        pass

    def kill(producer: KafkaProducer) -> None:
        commits.append(producer)
        if len(commits) == 3:
            raise Killed  # sent, not committed: it stays open, as after a SIGKILL
        commit(producer)

    with monkeypatch.context() as dying:
        dying.setattr(KafkaProducer, "commit_transaction", kill)
        dying.setattr(producers.AtomicProducer, "__exit__", lambda *_: None)
        with pytest.raises(Killed):
            replay_of(chain).replay(Filter())
    assert replay_of(chain).replay(Filter()) == Done(30, [])
    keys = Counter(record.key for record in records_of(chain, chain.topic(ArticleV1)))
    assert keys == {b"k%d" % number: 1 for number in range(50)}


def test_a_truncated_record_is_read_again_where_it_came_from(chain: Chain) -> None:
    ((partition, offset),) = chain.push([b"long " * 1000], headers=[("h", b"1")])
    there = read_one(chain.connection, chain.topic(ArticleV1), partition, offset)
    gone = there._replace(offset=offset + 500, key=b"k")
    reject(chain, [there, gone], max_bytes=2000)
    done = replay_of(chain).replay(Filter())
    assert done.done == 1
    assert [why for _, why in done.left_out] == [
        "the rejected record does not hold its bytes, and the original record is gone"
    ]
    first, again = records_of(chain, chain.topic(ArticleV1))
    assert (again.value, again.headers, again.key) == (first.value, first.headers, first.key)


def test_the_command_says_what_it_would_do_and_does_it_with_yes(chain: Chain, tmp_path: Path) -> None:
    reject(chain, [bad(chain, 1, value=b'{"txt": "One."}'), bad(chain, 2)])
    editor = tmp_path / "mend"
    editor.write_text(
        f'#!/bin/sh\n{sys.executable} -c "import sys,pathlib as p; f=p.Path(sys.argv[1]);'
        "b=f.read_bytes(); f.write_bytes(b.replace(b'txt', b'text') if b'txt' in b else b'')\" \"$1\"\n"
    )
    editor.chmod(0o755)
    environ = {**os.environ, "EDITOR": str(editor), "CLAIMWIRE_KAFKA_PREFIX": chain.prefix}
    environ["KAFKA_BOOTSTRAP_SERVERS"] = chain.bootstrap
    environ.pop("VISUAL", None)

    def run(*arguments: str) -> tuple[int, bytes, str]:
        command = [sys.executable, "-m", "pipeline", "rejected", *arguments]
        result = subprocess.run(command, env=environ, capture_output=True, timeout=60, check=False)
        return result.returncode, result.stdout, result.stderr.decode()

    code, out, said = run("replay", "--edit")
    assert (code, said.splitlines()[-1]) == (0, "2 rejected records would be replayed; add --yes to do it")
    assert records_of(chain, chain.topic(ArticleV1)) == []
    code, out, said = run("replay", "--edit", "--yes", "--json")
    assert (code, orjson.loads(out)["replayed"]) == (1, 1)
    assert "left out: the edited file is empty" in said
    (mended,) = records_of(chain, chain.topic(ArticleV1))
    assert (mended.value, mended.key) == (b'{"text": "One."}', b"k1")
    assert run("list")[2].splitlines()[-1] == "1 rejected record"
    code, _, said = run("drop", "--yes")
    assert (code, said.splitlines()[-1]) == (0, "1 rejected record dropped")
    assert run("list")[2].splitlines()[-1] == "0 rejected records"
    _, out, said = run("list", "--all")
    assert said.splitlines()[-1] == "2 rejected records"
    assert b"replayed" in out
    assert b"dropped" in out
    assert run("replay", "--since", "yesterday")[0] == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-02", 86_400_000),
        ("1970-01-01T00:00:01Z", 1000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("2h", 1000 * (1_935_403_200 - 7200)),
        ("3d", 1000 * (1_935_403_200 - 3 * 86_400)),
    ],
)
def test_times_are_days_moments_or_so_long_ago(text: str, expected: int) -> None:
    assert parse_time(text, now=NOW) == expected


@pytest.mark.parametrize("text", ["yesterday", "2", "h", "-2h", "2031-13-01", ""])
def test_other_times_are_mistakes(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        parse_time(text)


def test_an_embargoed_article_is_let_through_once_when_its_time_has_come(chain: Chain) -> None:
    over, open_ = (b'{"text":"x","embargo_until":"%d-05-01T10:00:00Z"}' % year for year in (2001, 2199))
    reject(chain, [bad(chain, 1, value=over), bad(chain, 2, value=open_)], reason="embargoed")
    for done in (1, 0):
        assert replay_of(chain).replay(Filter(reason="embargoed")) == Done(done, waiting=1)
    assert [record.value for record in records_of(chain, chain.topic(ArticleV1))] == [over]
    (waiting,) = find(chain.connection, prefix=chain.prefix, chosen=Filter())
    place = waiting.record.partition, waiting.record.offset
    assert replay_of(chain).replay(Filter(place=place)) == Done(0, [(waiting.place, "its embargo is not over")])
    assert replay_of(chain).replay(Filter(place=place), edit=lambda _, __: over) == Done(1)


def test_a_withdrawal_is_sent_again_as_it_was(chain: Chain) -> None:
    reject(chain, [bad(chain, 1)._replace(value=None)], reason="failed")
    assert replay_of(chain).replay(Filter()) == Done(1)
    assert [(record.key, record.value) for record in records_of(chain, chain.topic(ArticleV1))] == [(b"k1", None)]
