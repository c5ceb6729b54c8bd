"""A real broker that looks for old records each second: what it takes, and what is said of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from chain import Chain, article
from conftest import start_or_skip
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.structs import OffsetAndMetadata
from waiting import PATIENCE_S, wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.contract.events import ArticleV1
from pipeline.settings import shipped
from pipeline.streaming.kafka.lag import measure_lag
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.kafka.topics import Topic, check_topics, create_topics, load_topics
from pipeline.streaming.kafka.unread import Lost, OpenTransaction
from pipeline.streaming.operations.audit import audit_chain

TEN_YEARS_MS = 10 * 365 * 86_400_000


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    often = {"log.retention.check.interval.ms": "500", "log.initial.task.delay.ms": "500"}
    folder: Path = tmp_path_factory.mktemp("forgetful")
    broker = EmbeddedKafka(folder, environ=os.environ, properties=often)
    start_or_skip(broker)
    yield broker.bootstrap
    broker.stop()


def left(chain: Chain, topic: str) -> int:
    with RecordReader(chain.connection, [topic], start="beginning") as reader:
        return sum(1 for _ in reader.until_end())


def test_a_back_fill_of_ten_years_is_kept_from_its_arrival(forgetful: str, tmp_path: Path) -> None:
    with Chain(forgetful, "backfill.", tmp_path) as chain:
        shipped_topics = load_topics(shipped("config") / "topics.toml", prefix=chain.prefix)
        (articles,) = [topic for topic in shipped_topics if topic.name == chain.topic(ArticleV1)]
        by_its_producer = {**articles.config, "message.timestamp.type": "CreateTime"}
        control = Topic("backfill.control", 4, 1, by_its_producer)
        create_topics(chain.connection, [control])
        then = round(time.time() * 1000) - TEN_YEARS_MS
        places = [chain.push([article(number)], timestamp_ms=then + number * 86_400_000)[0] for number in range(50)]
        chain.push([article(0)], topic=control.name, timestamp_ms=then)
        wait_until(lambda: not left(chain, control.name))  # retention was here
        assert left(chain, chain.topic(ArticleV1)) == len(places)
        chain.start("w0")
        assert chain.outcomes(len(places)).places() == dict.fromkeys(places, 1)


def test_topics_check_names_a_topic_of_articles_that_goes_by_their_producers_times(chain: Chain) -> None:
    wanted = load_topics(shipped("config") / "topics.toml", prefix=chain.prefix, partitions=chain.partitions)
    assert check_topics(chain.connection, wanted) == []
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, chain.topic(ArticleV1), {"message.timestamp.type": "CreateTime"})]
        )
    wait_until(lambda: bool(check_topics(chain.connection, wanted)))
    (difference,) = [
        found for found in check_topics(chain.connection, wanted) if found.what == "message.timestamp.type"
    ]
    assert difference == (chain.topic(ArticleV1), "message.timestamp.type", "LogAppendTime", "CreateTime")


def remove_before(chain: Chain, topic: str, partition: int, offset: int) -> None:
    """As retention does."""
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        admin.delete_records({TopicPartition(topic, partition): offset})


def test_what_was_removed_unread_is_said_by_status_and_audit(chain: Chain) -> None:
    chain.push(article(number) for number in range(40))  # ten in each partition
    commit(chain, {0: 4, 1: 7, 2: 7})  # and nothing in partition 3
    topic = chain.topic(ArticleV1)
    for partition in range(4):
        remove_before(chain, topic, partition, 7)
    lost = Lost(topic, 0, 3)
    assert measure_lag(chain.connection, prefix=chain.prefix, group="claimwire").lost == (lost,)
    found = audit_chain(chain.connection, prefix=chain.prefix, group="claimwire", patience_s=1)
    assert (found.lost, found.counts["lost_unread"], found.adds_up, found.clean) == ((lost,), 3, True, False)
    code, said = run(chain, "audit")
    assert code == 1
    assert str(lost) in said
    assert str(lost) in run(chain, "status")[1]
    code, said = run(chain, "audit", "--json")
    assert code == 1
    assert orjson.loads(said.splitlines()[0]) == {"what": "lost unread", "topic": topic, "partition": 0, "offsets": 3}


def test_an_open_transaction_of_a_pusher_is_named_and_what_it_hides_waits(chain: Chain) -> None:
    topic = chain.topic(ArticleV1)
    chain.push(article(number) for number in range(4))
    commit(chain, dict.fromkeys(range(4), 1))
    careless = f"{chain.prefix}careless"
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap, transactional_id=careless)) as pusher:
        pusher.init_transactions()
        pusher.begin_transaction()
        pusher.send(topic, article(5), partition=2).get(60)
        chain.push([article(6), article(7), article(8), article(9)])
        found = measure_lag(chain.connection, prefix=chain.prefix, group="claimwire")
        assert [(part.partition, part.lag) for part in found.stages[0].partitions] == [(0, 1), (1, 1), (2, 2), (3, 1)]
        assert [replace(open_, last_ms=0) for open_ in found.open_transactions] == [
            OpenTransaction(topic, 2, 1, careless, last_ms=0)
        ]
        code, said = run(chain, "status")
        assert code == 0
        assert f"{careless} is open: nothing from {topic}/2/1 on can be read" in " ".join(said.split())
        pusher.commit_transaction()
    found = measure_lag(chain.connection, prefix=chain.prefix, group="claimwire")
    assert (found.open_transactions, found.lost) == ((), ())


def commit(chain: Chain, offsets: dict[int, int]) -> None:
    with closing(
        KafkaConsumer(bootstrap_servers=chain.bootstrap, group_id=f"{chain.prefix}claimwire", enable_auto_commit=False)
    ) as consumer:
        places = {TopicPartition(chain.topic(ArticleV1), number): offset for number, offset in offsets.items()}
        consumer.assign(list(places))
        consumer.commit({place: OffsetAndMetadata(offset, "", -1) for place, offset in places.items()})


def run(chain: Chain, *arguments: str) -> tuple[int, str]:
    environ = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": chain.bootstrap, "CLAIMWIRE_KAFKA_PREFIX": chain.prefix}
    command = [sys.executable, "-m", "pipeline", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    return done.returncode, done.stdout + done.stderr
