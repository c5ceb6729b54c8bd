"""Topics that are deleted, too small or kept too short, and partitions that are too few."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from chain import Chain, Place, article, place
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from waiting import wait_until

from pipeline.contract.events import ArticleV1, EntitiesV1, RejectedV1, SentencesV1
from pipeline.settings import shipped
from pipeline.streaming.health.watchdog import EXIT_CANNOT_GO_ON
from pipeline.streaming.kafka.lag import LagReader
from pipeline.streaming.kafka.topics import create_topics, load_topics
from pipeline.streaming.operations.audit import Audit, audit_chain
from pipeline.streaming.operations.repair import repair
from pipeline.topology import COMMITS_TOPIC, TOPICS

pytestmark = pytest.mark.slow


def limit(chain: Chain, topics: list[str], max_bytes: int) -> None:
    """Lower what topics take, on the running broker."""
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(max_bytes)}) for topic in topics]
        )


def wait_for_log(chain: Chain, words: str, *, name: str = "supervised") -> None:
    wait_until(lambda: words in chain.log(name), says=lambda: f"{words!r} is not in the log")


def audited(chain: Chain) -> Audit:
    return audit_chain(chain.connection, prefix=chain.prefix, group="claimwire", patience_s=2)


def test_a_deleted_topic_s_records_are_found_and_repaired_once_it_is_there_again(chain: Chain) -> None:
    with chain.supervised(2, "--give-up", "5"):
        done = chain.push(article(number) for number in range(200))
        chain.outcomes(len(done), settle_s=0)
        with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
            admin.delete_topics([chain.topic(EntitiesV1)])
        chain.push(article(number) for number in range(200, 400))
        wait_for_log(chain, "claimwire topics create")
        topics = load_topics(shipped("config") / "topics.toml", prefix=chain.prefix, partitions=chain.partitions)
        create_topics(chain.connection, topics)
        chain.outcomes(400, patience_s=20)  # or fewer: what stood in the topic is lost
        for _ in range(3):
            repair(chain.connection, prefix=chain.prefix, group="claimwire")
            wait_until(lambda: not audited(chain).counts["waiting"])
            found = audited(chain)
            if found.clean:
                break
        assert found.clean
        assert found.counts["enriched"] == 400


def test_more_workers_than_partitions_share_the_work_and_the_idle_ones_live(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    with Chain(kafka, topic_prefix, tmp_path, partitions=2) as chain:
        names = [f"w{number}" for number in range(3)]
        for name in names:
            chain.start(name)
        places = chain.push(article(number) for number in range(300))
        outcomes = chain.outcomes(len(places))
        assert outcomes.places() == dict.fromkeys(places, 1)
        assert outcomes.disorder() == 0
        assert [chain.workers[name].poll() for name in names] == [None] * 3


def test_an_article_that_only_its_own_topic_takes_is_rejected_and_found_by_its_origin(chain: Chain) -> None:
    limit(chain, [chain.prefix + name for event, name in TOPICS.items() if event is not ArticleV1], 400_000)
    big = article(0, os.urandom(240_000).hex())
    (where, *others) = chain.push([big, *(article(number) for number in range(1, 20))])
    chain.start("w0")
    outcomes = chain.outcomes(20)
    (event,) = outcomes.rejected
    assert (event.reason, event.truncated, place(event.record)) == ("too-large", True, where)
    assert outcomes.places() == dict.fromkeys([where, *others], 1)


def test_a_limit_that_is_lowered_under_running_workers_rejects_what_does_not_fit_any_more(chain: Chain) -> None:
    with chain.supervised(1, "--give-up", "5"):
        places = chain.push(article(number) for number in range(40))
        chain.outcomes(40, settle_s=0)
        limit(chain, [chain.topic(SentencesV1), chain.topic(EntitiesV1), chain.topic(RejectedV1)], 200_000)
        big = chain.push([article(40, os.urandom(240_000).hex())])
        places += chain.push(article(number) for number in range(41, 80))
        outcomes = chain.outcomes(80)
        assert outcomes.places() == dict.fromkeys([*places, *big], 1)
        assert [(event.reason, place(event.record)) for event in outcomes.rejected] == [("too-large", big[0])]


def test_an_open_transaction_of_a_dead_worker_holds_readers_up_no_longer_than_its_timeout(chain: Chain) -> None:
    topic = chain.topic(ArticleV1)
    dead = KafkaProducer(
        bootstrap_servers=chain.bootstrap, transactional_id=f"{chain.prefix}dead", transaction_timeout_ms=3000
    )
    dead.init_transactions()
    dead.begin_transaction()
    dead.send(topic, b"{}", partition=0).get(10)
    behind: list[Place] = chain.push(article(number) for number in range(8))
    chain.start("w0")
    outcomes = chain.outcomes(8)
    assert outcomes.places() == dict.fromkeys(behind, 1)
    dead.close(timeout=0)


def add_partitions(chain: Chain, topics: list[str]) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
        admin.create_partitions(dict.fromkeys(topics, chain.partitions + 1))


@pytest.mark.parametrize("event", [ArticleV1, SentencesV1])
def test_partitions_added_to_one_topic_alone_are_named_as_the_cause(
    chain: Chain, event: type[ArticleV1 | SentencesV1]
) -> None:
    places = chain.push(article(number) for number in range(40))
    worker = chain.start("w0")
    assert chain.outcomes(40).places() == dict.fromkeys(places, 1)
    add_partitions(chain, [chain.topic(event)])
    assert worker.wait(60) == EXIT_CANNOT_GO_ON
    said = chain.log("w0")
    assert "topics of a chain need equal numbers of partitions" in said
    assert f"{chain.topic(event)} 5, " in said
    assert "not stable yet" not in said


def test_partitions_added_to_all_topics_are_used(chain: Chain) -> None:
    with chain.supervised(2):
        places = chain.push(article(number) for number in range(40))
        chain.outcomes(40, settle_s=0)
        add_partitions(chain, [chain.prefix + name for name in [*TOPICS.values(), COMMITS_TOPIC]])
        chain.partitions += 1
        wait_until(lambda: "and had 4 when this worker started" in chain.log("supervised"))
        places += chain.push(article(number) for number in range(40, 100))
        assert chain.outcomes(100).places() == dict.fromkeys(places, 1)


def test_records_that_retention_has_taken_unread_are_said_and_the_others_come_through(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    with Chain(kafka, topic_prefix, tmp_path, partitions=1) as chain:
        articles = TopicPartition(chain.topic(ArticleV1), 0)
        first = chain.push(article(number) for number in range(40))
        chain.start("w0")
        chain.outcomes(40)
        assert chain.stop("w0") == 0
        chain.push(article(number) for number in range(40, 60))
        with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
            admin.delete_records({articles: 60})  # moves the log's start, as retention does
        with LagReader(chain.connection, group=f"{chain.prefix}claimwire") as reader:
            (lag,) = reader.read([tuple(articles)]).values()
        assert (lag.begin, lag.committed, lag.lost, lag.lag) == (60, 40, 20, 0)
        places = chain.push(article(number) for number in range(60, 80))
        for starts in (2, 3):
            chain.start("w0")
            wait_until(lambda: chain.log("w0").count("partitions assigned") == starts)  # noqa: B023
            assert chain.outcomes(60).places() == dict.fromkeys([*first, *places], 1)
            assert chain.stop("w0") == 0
        (said,) = (orjson.loads(line) for line in chain.log("w0").splitlines() if "before they were read" in line)
        assert (said["topic"], said["partition"], said["records"], said["first"]) == (*articles, 20, 40)


def test_a_group_that_is_new_on_an_old_topic_begins_where_it_begins(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    with Chain(kafka, topic_prefix, tmp_path, partitions=1) as chain:
        chain.push(article(number) for number in range(20))
        with closing(KafkaAdminClient(bootstrap_servers=chain.bootstrap)) as admin:
            admin.delete_records({TopicPartition(chain.topic(ArticleV1), 0): 20})
        places = chain.push(article(number) for number in range(20, 40))
        chain.start("w0")
        assert chain.outcomes(20).places() == dict.fromkeys(places, 1)
        assert "before they were read" not in chain.log("w0")
