"""The audit on the real broker: what is missing, what is double, and what only looks so."""

from __future__ import annotations

import os
import subprocess
import sys
from bisect import bisect
from contextlib import closing
from typing import Any

import orjson
import pytest
from chain import Chain, Place, article
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import MessageSizeTooLargeError
from waiting import PATIENCE_S, wait_until

from pipeline.contract.events import ArticleV1, EnrichedV1, SentencesV1
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.operations import ledger
from pipeline.streaming.operations.audit import Audit, audit_chain
from pipeline.streaming.operations.repair import repair
from pipeline.streaming.operations.replay import Filter, Replay
from pipeline.topology import COMMITS_TOPIC, MARKS_TOPIC, TOPICS


def audited(chain: Chain) -> Audit:
    return audit_chain(chain.connection, prefix=chain.prefix, group="claimwire", patience_s=1)


def lose(chain: Chain, count: int) -> list[Place]:
    """Push articles and let the first stage's offsets pass them: as if their outcome had been lost."""
    places = chain.push(article(number, f"Lost {number}.") for number in range(count))
    commit_to_end(chain)
    return places


def commit_to_end(chain: Chain) -> None:
    from kafka import KafkaConsumer, TopicPartition  # noqa: PLC0415  (the only test that commits itself)
    from kafka.structs import OffsetAndMetadata  # noqa: PLC0415

    group = f"{chain.prefix}claimwire"
    with closing(
        KafkaConsumer(bootstrap_servers=chain.bootstrap, group_id=group, enable_auto_commit=False)
    ) as consumer:
        topic = chain.topic(ArticleV1)
        partitions = [TopicPartition(topic, number) for number in range(chain.partitions)]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        consumer.commit({partition: OffsetAndMetadata(end, "", -1) for partition, end in ends.items()})


def test_a_chain_that_has_done_its_work_is_clean_though_some_articles_were_rejected_or_aborted(chain: Chain) -> None:
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap, transactional_id=chain.prefix)) as producer:
        producer.init_transactions()
        for end in (producer.abort_transaction, producer.commit_transaction):
            producer.begin_transaction()
            for number in range(8):
                producer.send(chain.topic(ArticleV1), article(number), partition=number % 4)
            producer.flush()
            end()
    chain.push([b"{broken", article(9, "POISON tag_entities")])
    chain.start("w0")
    chain.outcomes(10)
    found = audited(chain)
    wanted = {"articles": 10, "enriched": 8, "rejected": 2, "missing": 0, "double": 0, "waiting": 0, "disorder": 0}
    assert found.clean
    assert {name: found.counts[name] for name in wanted} == wanted


def test_what_no_worker_has_taken_yet_waits(chain: Chain) -> None:
    chain.push(article(number) for number in range(6))
    found = audited(chain)
    assert (found.clean, found.counts["waiting"], found.counts["missing"]) == (True, 6, 0)


def test_what_stands_in_the_middle_of_the_chain_waits_as_well(chain: Chain) -> None:
    chain.push(article(number) for number in range(6))
    chain.start("w0", "--stages", "split_sentences")
    wait_until(lambda: len(chain.records(SentencesV1)) == 6)
    found = audited(chain)
    assert (found.clean, found.counts["waiting"]) == (True, 6)


def test_what_is_lost_is_found_and_a_repair_brings_it_through_under_the_same_ids(chain: Chain) -> None:
    lost = lose(chain, 5)
    found = audited(chain)
    assert sorted(found.ledger.missing()) == sorted(ledger.Place(*place) for place in lost)
    assert not found.clean
    assert repair(chain.connection, prefix=chain.prefix, group="claimwire").pushed == 5
    assert repair(chain.connection, prefix=chain.prefix, group="claimwire").pushed == 0  # on their way: not once more
    chain.start("w0")
    outcomes = chain.outcomes(5)
    assert sorted(event.article.id for event in outcomes.enriched) == [f"a{number}" for number in range(5)]
    assert {event.article.text for event in outcomes.enriched} == {f"Lost {number}." for number in range(5)}
    found = audited(chain)
    assert found.clean
    assert (found.counts["articles"], found.counts["enriched"], found.counts["repaired"]) == (10, 5, 5)
    for record in chain.records(EnrichedV1):
        event: Any = record
        assert dict(event.headers)["claimwire_repairs"].count(b"/") == 1


def test_a_pusher_s_header_makes_nothing_double(chain: Chain) -> None:
    points_at = [b"0/0", b"0/1", b"1/0", b"9" * 5000 + b"/0", b"0/" + b"9" * 5000, b"-1/0", b"/"]
    (first, *_) = chain.push(article(number) for number in range(8))
    assert first == (0, 0)
    for place in points_at:
        chain.push([article(99)], headers=[("claimwire_repairs", place)])
        chain.push([article(0)], headers=[("claimwire_repairs", place)])
    chain.start("w0")
    chain.outcomes(8 + 2 * len(points_at))
    found = audited(chain)
    assert (found.clean, found.counts["double"], found.counts["repaired"]) == (True, 0, 0)


def test_a_pusher_s_header_hides_no_missing_article(chain: Chain) -> None:
    lost = lose(chain, 4)  # one in each partition
    others = chain.push([article(99)], headers=[("claimwire_repairs", b"0/0")])  # other bytes
    others += chain.push([article(98)], headers=[("claimwire_repairs", b"0/2")])  # by itself
    others += chain.push([article(97)], headers=[("claimwire_repairs", b"1/0")])  # from another partition
    commit_to_end(chain)
    found = audited(chain)
    assert sorted(found.ledger.missing()) == sorted(ledger.Place(*place) for place in lost + others)
    assert found.counts["repaired"] == 0


def test_a_missing_article_of_the_largest_size_is_repaired_or_named(chain: Chain) -> None:
    limit = 20_000
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        resource = ConfigResource(ConfigResourceType.TOPIC, chain.topic(ArticleV1), {"max.message.bytes": str(limit)})
        admin.alter_configs([resource])
    noise = os.urandom(limit)  # nothing makes it smaller

    def push(size: int) -> Place:
        with closing(KafkaProducer(bootstrap_servers=chain.bootstrap, max_request_size=10 * limit)) as producer:
            sent = producer.send(chain.topic(ArticleV1), noise[:size], partition=0).get(PATIENCE_S)
        return sent.partition, sent.offset

    def fits(size: int) -> bool:
        try:
            push(size)
        except MessageSizeTooLargeError:
            return False
        return True

    wait_until(lambda: not fits(limit))  # the broker has the new limit
    largest = bisect(range(limit), 0, key=lambda size: 0 if fits(size) else 1) - 1
    near = push(largest - 100)
    commit_to_end(chain)
    before = audited(chain)
    repaired = repair(chain.connection, prefix=chain.prefix, group="claimwire")
    assert ledger.Place(*near) not in repaired.too_large
    assert repaired.pushed + len(repaired.too_large) == before.counts["missing"]
    assert repaired.too_large  # those of the very last bytes
    assert audited(chain).counts["missing"] == len(repaired.too_large)


def test_what_came_out_twice_is_found(chain: Chain) -> None:
    (twice, *_) = chain.push(article(number) for number in range(4))
    chain.start("w0")
    chain.outcomes(4)
    with RecordReader(chain.connection, [chain.topic(EnrichedV1)], start="beginning") as reader:
        value = next(record.value for record in reader.until_end() if (record.partition, record.offset) == twice)
    assert value is not None
    chain.push([value], topic=chain.topic(EnrichedV1))
    found = audited(chain)
    assert list(found.ledger.double()) == [ledger.Place(*twice)]
    assert not found.clean


def test_a_record_rejected_in_the_middle_and_replayed_there_is_not_double(chain: Chain) -> None:
    chain.push([article(1, "POISON tag_entities")])
    chain.start("w0")
    chain.outcomes(1)
    chain.stop("w0")
    assert Replay(chain.connection, prefix=chain.prefix, group="claimwire").replay(Filter()).done == 1
    waiting = audited(chain)
    assert (waiting.clean, waiting.counts["waiting"]) == (True, 1)
    chain.start("w1", "--real")  # which takes that text
    chain.outcomes(2)
    found = audited(chain)
    assert found.clean
    assert (found.counts["enriched"], found.counts["rejected"]) == (1, 0)


def test_the_command_lists_what_is_missing_and_ends_with_1_until_it_is_repaired(chain: Chain) -> None:
    lose(chain, 2)
    environ = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": chain.bootstrap, "CLAIMWIRE_KAFKA_PREFIX": chain.prefix}

    def run(*arguments: str) -> tuple[int, list[bytes]]:
        command = [sys.executable, "-m", "pipeline", "audit", *arguments]
        result = subprocess.run(command, env=environ, capture_output=True, timeout=60, check=False)
        return result.returncode, result.stdout.splitlines()

    code, lines = run()
    assert code == 1
    assert f"{chain.topic(ArticleV1)}/0/0".encode() in lines[1]
    code, lines = run("--repair", "--json")
    assert (code, orjson.loads(lines[-1])["pushed_again"]) == (0, 2)
    assert [orjson.loads(line)["what"] for line in lines[:-1]] == ["missing"] * 2
    code, lines = run("--json")
    assert (code, orjson.loads(lines[-1])["waiting"]) == (0, 2)


@pytest.mark.slow
def test_a_stranger_s_records_stop_no_command(chain: Chain) -> None:
    chain.start("w0")
    places = chain.push(article(number) for number in range(4))
    assert chain.outcomes(4).places() == dict.fromkeys(places, 1)
    origin = orjson.dumps({"topic": chain.topic(ArticleV1), "partition": 0, "offset": 10**6})
    values = [b"", b"junk", b"[1]", b"{}", b'{"origin":%s,"assertions":[1],"record":"x","value":2}' % origin]
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap)) as producer:
        for topic in {*TOPICS.values(), COMMITS_TOPIC, MARKS_TOPIC} - {TOPICS[ArticleV1]}:
            for value in values:
                producer.send(chain.prefix + topic, value, key=b"stranger")
        producer.flush()
    environ = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": chain.bootstrap, "CLAIMWIRE_KAFKA_PREFIX": chain.prefix}
    commands = [
        "audit",
        "status --count",
        "rejected list",
        "tail enriched --from-beginning --limit 4",
        "report --since 1h",
    ]
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *command.split()],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.returncode in {0, 1}, (command, done.stderr)


def test_what_an_open_transaction_hides_is_named(chain: Chain) -> None:
    chain.push([article(1)])
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap, transactional_id=f"{chain.prefix}open")) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(chain.topic(ArticleV1), article(2), partition=0).get(60)
        (transaction,) = audited(chain).open_transactions
        assert (transaction.topic, transaction.partition) == (chain.topic(ArticleV1), 0)
        producer.commit_transaction()
    wait_until(lambda: not audited(chain).open_transactions)
