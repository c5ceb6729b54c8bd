"""What ends a worker on purpose, on the real broker: too many rejections, a batch without end, a standstill."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from chain import Chain, article, place

from pipeline.contract.events import RejectedV1
from pipeline.streaming.health.watchdog import EXIT_CANNOT_GO_ON, EXIT_TOO_MANY_REJECTED


@pytest.fixture
def chain(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Chain]:
    with Chain(kafka, topic_prefix, tmp_path, partitions=1) as chain:
        yield chain


def test_a_stage_that_rejects_too_much_stops_its_worker_before_it_empties_the_topic(chain: Chain) -> None:
    places = chain.push(article(number, "POISON tag_entities" if number >= 90 else "Good.") for number in range(150))
    assert chain.start("w0", "--share", "0.2", "--batch", "64").wait(100) == EXIT_TOO_MANY_REJECTED
    said = chain.log("w0")
    assert "stage tag_entities rejects" in said
    assert "ValueError at plain_worker.py" in said
    assert "POISON" not in said
    chain.start("w0")  # without the limit: as if the cause had been mended
    outcomes = chain.outcomes(150)
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert len(outcomes.rejected) == 60


@pytest.mark.slow
def test_a_stopped_worker_that_is_started_again_and_again_rejects_no_more_within_the_window(chain: Chain) -> None:
    places = chain.push(article(number, "POISON tag_entities") for number in range(100))
    start = partial(chain.start, "w0", "--share", "0.2", "--batch", "4")
    assert start("--window", "600").wait(100) == EXIT_TOO_MANY_REJECTED
    first = len(chain.records(RejectedV1))
    assert 0 < first < 20
    for _ in range(3):  # as a container that is always restarted
        assert start("--window", "600").wait(100) == EXIT_TOO_MANY_REJECTED
    assert len(chain.records(RejectedV1)) == first
    assert "until 600 s have passed" in chain.log("w0")
    time.sleep(10)
    assert start("--window", "10").wait(100) == EXIT_TOO_MANY_REJECTED  # the window is over: it tries again
    assert first < len(chain.records(RejectedV1)) < 100
    chain.start("w0")
    assert chain.outcomes(100).places() == dict.fromkeys(places, 1)


@pytest.mark.slow
def test_an_article_that_takes_a_stage_too_long_is_rejected_and_its_neighbours_are_not(chain: Chain) -> None:
    places = chain.push(article(number, "SPIN tag_entities" if number == 7 else "Good.") for number in range(20))
    for _ in range(2):  # with its batch, then alone
        assert chain.start("w0", "--cpu", "2").wait(100) == EXIT_CANNOT_GO_ON
    chain.start("w0", "--cpu", "2")
    outcomes = chain.outcomes(20)
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert outcomes.disorder() == 0
    (event,) = outcomes.rejected
    assert (place(event.origin), event.stage, event.reason) == (places[7], "tag_entities", "failed")
    assert "worker.batch_cpu_ms" in event.error.message
    assert chain.stop("w0") == 0


def test_a_worker_that_stands_still_while_records_wait_ends(chain: Chain) -> None:
    chain.push([article(0, "HANG split_sentences")])
    assert chain.start("w0", "--stall", "5").wait(100) == EXIT_CANNOT_GO_ON
    assert "news.articles-0 stands still" in chain.log("w0")


@pytest.mark.slow
def test_a_worker_that_has_nothing_to_do_does_not_end(chain: Chain) -> None:
    places = chain.push(article(number, "Good.") for number in range(20))
    worker = chain.start("w0", "--stall", "3")
    assert chain.outcomes(20, settle_s=15).places() == dict.fromkeys(places, 1)
    assert worker.poll() is None
