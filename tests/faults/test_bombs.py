"""Batches of some kilobytes that unpack to gigabytes, and a worker that has two: each record has its outcome."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from chain import Chain, Place, article, place
from odd_batches import COUNT, ODD_BATCHES, odd_batch
from record_bombs import article_with_blanks, batch, produce, record
from waiting import wait_until

from pipeline.contract.bytes_in_json import as_bytes
from pipeline.contract.events import ArticleV1, RejectedV1
from pipeline.streaming.kafka.record_batches import KEPT_BYTES

MEMORY = 2_000_000_000
MB = 1_000_000


pytestmark = pytest.mark.slow


@pytest.fixture
def chain(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Chain]:
    with Chain(kafka, topic_prefix, tmp_path, partitions=2) as chain:
        yield chain


def push(chain: Chain, codec: int, blanks: int, *, count: int = 1, first: int = 0) -> list[Place]:
    """One batch of so many articles, each with so many blanks, on partition 0."""
    records = (
        record(offset, *article_with_blanks(first + offset, blanks), key=b"k%d" % offset) for offset in range(count)
    )
    packed = batch(codec, records, count, int(time.time() * 1000))
    offset = produce(chain.bootstrap, chain.topic(ArticleV1), 0, packed)
    return [(0, offset + number) for number in range(count)]


def check(chain: Chain, bombs: list[Place], good: list[Place]) -> None:
    """Each article came out once, and the bombs as rejected records with their first bytes."""
    outcomes = chain.outcomes(len(bombs) + len(good))
    assert outcomes.places() == dict.fromkeys([*bombs, *good], 1)
    assert {place(event.origin) for event in outcomes.rejected} == set(bombs)
    for event in outcomes.rejected:
        assert (event.reason, event.truncated) == ("too-large", True)
        value = as_bytes(event.value)
        assert value is not None
        assert value.startswith(b'{"id":"a')
        assert len(value) == KEPT_BYTES
        assert as_bytes(event.key) == b"k%d" % (event.record.offset - bombs[0][1]) or len(bombs) == 1
        assert "bytes unpacked" in event.error.message
    assert chain.workers["w0"].poll() is None


# A block of snappy has no more than 22 times its size, and a topic takes batches of 8 MiB.
@pytest.mark.parametrize(("codec", "size_mb"), [(1, 600), (2, 150), (3, 600), (4, 600)])
def test_one_record_that_unpacks_to_more_than_there_is_memory_is_rejected(
    chain: Chain, codec: int, size_mb: int
) -> None:
    good = chain.push(article(number) for number in range(20))
    bombs = push(chain, codec, size_mb * MB)
    good += chain.push(article(number) for number in range(20, 40))
    chain.start("w0", "--memory", str(MEMORY))
    check(chain, bombs, good)


@pytest.mark.parametrize("together", [True, False])
def test_sixty_records_of_fifty_megabytes_are_rejected(chain: Chain, *, together: bool) -> None:
    if together:
        bombs = push(chain, 4, 50 * MB, count=60)
    else:
        bombs = [found for number in range(60) for found in push(chain, 4, 50 * MB, first=number)]
    good = chain.push(article(number) for number in range(20))
    chain.start("w0", "--memory", str(MEMORY))
    outcomes = chain.outcomes(80)
    assert outcomes.places() == dict.fromkeys([*bombs, *good], 1)
    assert {place(event.origin) for event in outcomes.rejected} == set(bombs)
    assert {event.reason for event in outcomes.rejected} == {"too-large"}
    assert chain.workers["w0"].poll() is None


def test_records_just_below_the_limit_do_not_fill_the_memory_together(chain: Chain) -> None:
    """The read-ahead is bounded by bytes, not by the number of records alone."""
    bombs = push(chain, 4, 15 * MB, count=100)
    good = push(chain, 4, 2 * MB, count=40, first=100) + chain.push(article(number) for number in range(200, 220))
    chain.start("w0", "--memory", str(MEMORY))
    outcomes = chain.outcomes(160)
    assert outcomes.places() == dict.fromkeys([*bombs, *good], 1)
    assert {place(event.origin) for event in outcomes.rejected} == set(bombs)
    assert outcomes.disorder() == 0
    assert chain.workers["w0"].poll() is None


def test_what_somebody_pushes_too_large_stops_no_worker(chain: Chain) -> None:
    """Articles that are valid, of which no output has a place on a topic."""
    bombs = [found for number in range(25) for found in push(chain, 4, 9 * MB, first=number)]
    good = chain.push(article(number) for number in range(25, 45))
    chain.start("w0", "--share", "0.05")
    outcomes = chain.outcomes(45)
    assert outcomes.places() == dict.fromkeys([*bombs, *good], 1)
    assert {event.reason for event in outcomes.rejected} == {"too-large"}
    assert chain.workers["w0"].poll() is None


@pytest.mark.parametrize(
    "command",
    [
        ["audit", "--json"],
        ["status", "--json"],
        ["tail", "articles", "--from-beginning", "--limit", "21", "--json"],
        ["rejected", "replay", "--yes"],
    ],
)
def test_every_command_that_reads_such_records_lives_through_them(chain: Chain, command: list[str]) -> None:
    push(chain, 4, 600 * MB)
    push(chain, 4, 15 * MB, count=100)
    chain.push(article(number) for number in range(22))
    chain.start("w0")
    chain.outcomes(123)
    environ = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": chain.bootstrap, "CLAIMWIRE_KAFKA_PREFIX": chain.prefix}
    limited = ["prlimit", f"--as={MEMORY}", sys.executable, "-m", "pipeline", *command]
    run = subprocess.run(limited, env=environ, capture_output=True, text=True, check=False)
    assert run.returncode in {0, 1}, run.stderr
    assert "Traceback" not in run.stderr


def test_odd_batches_stop_nobody_and_hide_no_article(chain: Chain) -> None:
    """What a broker takes and no client writes: each record has its outcome, and so have those behind."""
    places: list[Place] = []
    for number, odd in enumerate(ODD_BATCHES.values()):
        values = [orjson.dumps({"id": f"odd-{number}-{at}", "text": "One line."}) for at in range(COUNT)]
        offset = produce(chain.bootstrap, chain.topic(ArticleV1), 0, odd_batch(odd, values))
        places += [(0, offset + at) for at in range(COUNT)]
        places += chain.push(article(10 * number + at) for at in range(2))
    chain.start("w0")
    outcomes = chain.outcomes(len(places))
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert not outcomes.rejected
    assert chain.workers["w0"].poll() is None


def test_a_worker_that_is_ended_in_a_large_batch_leaves_one_that_the_next_can_pass(chain: Chain) -> None:
    """Who begins in the middle of a batch unpacks all that stands before: that is bounded."""
    bombs = push(chain, 4, 1_900 * MB, count=60)
    good = chain.push(article(number) for number in range(20))
    chain.start("w0", "--memory", str(MEMORY))
    wait_until(lambda: len(chain.records(RejectedV1)) > 1)
    chain.kill("w0")
    chain.start("w0", "--memory", str(MEMORY))
    outcomes = chain.outcomes(80)
    assert outcomes.places() == dict.fromkeys([*bombs, *good], 1)
    assert chain.workers["w0"].poll() is None
