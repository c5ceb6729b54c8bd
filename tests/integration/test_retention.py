"""A real broker that looks for old records each second: what it takes, and what is said of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from chain import Chain, article
from conftest import start_or_skip
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from waiting import wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.contract.events import ArticleV1
from pipeline.settings import shipped
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.kafka.topics import Topic, check, create, load_topics

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
        create(chain.connection, [control])
        then = round(time.time() * 1000) - TEN_YEARS_MS
        places = [chain.push([article(number)], timestamp_ms=then + number * 86_400_000)[0] for number in range(50)]
        chain.push([article(0)], topic=control.name, timestamp_ms=then)
        wait_until(lambda: not left(chain, control.name))  # retention was here
        assert left(chain, chain.topic(ArticleV1)) == len(places)
        chain.start("w0")
        assert chain.outcomes(len(places)).places() == dict.fromkeys(places, 1)


def test_topics_check_names_a_topic_of_articles_that_goes_by_their_producers_times(chain: Chain) -> None:
    wanted = load_topics(shipped("config") / "topics.toml", prefix=chain.prefix, partitions=chain.partitions)
    assert check(chain.connection, wanted) == []
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, chain.topic(ArticleV1), {"message.timestamp.type": "CreateTime"})]
        )
    wait_until(lambda: bool(check(chain.connection, wanted)))
    (difference,) = [found for found in check(chain.connection, wanted) if found.what == "message.timestamp.type"]
    assert difference == (chain.topic(ArticleV1), "message.timestamp.type", "LogAppendTime", "CreateTime")
