"""Much at once: memory that does not grow with what has passed through, and an audit of a million articles."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import orjson
import psutil
import pytest
from chain import Chain
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from pipeline.contract.events import ArticleV1, EnrichedV1

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(3600)]

SOAK, WARM = 100_000, 5_000
MILLION = 1_000_000
LOST = (7, 500_000, 999_999)  # of the million


def enriched_so_far(chain: Chain) -> int:
    """Visible records of the enriched topic and markers of their transactions, at least as many as the former."""
    with closing(KafkaConsumer(bootstrap_servers=chain.bootstrap, isolation_level="read_committed")) as consumer:
        consumer.partitions_for_topic(chain.topic(EnrichedV1))
        ends = consumer.end_offsets([TopicPartition(chain.topic(EnrichedV1), n) for n in range(chain.partitions)])
        return sum(ends.values())


def articles(count: int) -> Iterator[bytes]:
    """One sentence each; every name in them is new, as names are in the news."""
    rng = random.Random(0)  # noqa: S311  (nothing is secret here)
    for number in range(count):
        name = "".join(rng.choices("aeioulmnrst", k=9)).title()
        place = name[::-1].title()
        text = f"Minister {name} of {place} said exports rose by {number % 90} percent in {1950 + number % 70}."
        yield orjson.dumps({"id": f"a{number}", "text": text})


def rss_mb(process: subprocess.Popen[bytes]) -> float:
    rss: int = psutil.Process(process.pid).memory_info().rss
    return rss / 1e6


def test_a_worker_takes_no_more_memory_after_100_000_articles_than_after_5_000(chain: Chain) -> None:
    source = articles(SOAK)
    worker = chain.start("w0", "--real")
    places = chain.push(itertools.islice(source, WARM))
    wait_until_out(chain, WARM, worker)
    before = rss_mb(worker)
    places += chain.push(source)
    wait_until_out(chain, SOAK, worker)
    after = rss_mb(worker)
    assert chain.outcomes(SOAK, patience_s=600).places() == dict.fromkeys(places, 1)
    assert after <= 1.15 * before, (before, after)


def wait_until_out(chain: Chain, count: int, worker: subprocess.Popen[bytes]) -> None:
    while enriched_so_far(chain) < count:
        assert worker.poll() is None, chain.log("w0")
        time.sleep(1)


def test_an_audit_of_a_million_articles_finds_three_that_are_lost_in_bounded_memory(chain: Chain) -> None:
    topics = (chain.topic(ArticleV1), chain.topic(EnrichedV1))
    settings = {"compression_type": "zstd", "linger_ms": 50, "batch_size": 262_144}
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap, **settings)) as producer:
        for number in range(MILLION):
            partition, offset = number % chain.partitions, number // chain.partitions
            producer.send(topics[0], b"{}", partition=partition)
            if number not in LOST:
                origin = {"topic": topics[0], "partition": partition, "offset": offset}
                producer.send(topics[1], orjson.dumps({"origin": origin, "assertions": []}), partition=partition)
        producer.flush()
    with closing(
        KafkaConsumer(bootstrap_servers=chain.bootstrap, group_id=f"{chain.prefix}claimwire", enable_auto_commit=False)
    ) as consumer:
        ends = consumer.end_offsets([TopicPartition(topics[0], n) for n in range(chain.partitions)])
        assert sum(ends.values()) == MILLION
        consumer.assign(list(ends))
        for partition, end in ends.items():
            consumer.seek(partition, end)
        consumer.commit()
    audit = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "audit", "--json", "--bootstrap", chain.bootstrap, "--prefix", chain.prefix],
        stdout=subprocess.PIPE,
    )
    peak_mb = 0.0
    while audit.poll() is None:
        peak_mb = max(peak_mb, rss_mb(audit))
        time.sleep(0.2)
    *problems, said = map(orjson.loads, audit.communicate()[0].splitlines())
    lost = sorted((number % chain.partitions, number // chain.partitions) for number in LOST)
    assert [(problem["partition"], problem["offset"]) for problem in problems] == lost
    assert (audit.returncode, said["articles"], said["enriched"], said["missing"]) == (1, MILLION, MILLION - 3, 3), said
    assert peak_mb < 300, peak_mb
