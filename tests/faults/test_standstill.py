"""A worker that is up, and does nothing through no fault of its own: it says so and ends, and the next one goes on."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import orjson
import pytest
from chain import Chain
from fetch_thief import FetchThief
from waiting import wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.broker.ports import pick_free
from pipeline.streaming.health.watchdog import EXIT_CANNOT_GO_ON

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def articles(first: int, count: int) -> list[bytes]:
    return [orjson.dumps({"id": f"a{number}", "text": "One line."}) for number in range(first, first + count)]


def has_partitions(chain: Chain, name: str) -> bool:
    return "partitions assigned" in chain.log(name)


def test_a_rebalance_that_does_not_end_ends_the_workers_that_wait_for_it(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    """A member of a long session that is frozen in a rebalance holds up all the others."""
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        holds_up = chain.start("w1", "--session", "80", "--rebalance", "300")
        waits = chain.start("w0", "--rebalance", "8")
        for name in ("w0", "w1"):
            wait_until(partial(has_partitions, chain, name))
        places = chain.push(articles(0, 50))
        chain.outcomes(50)
        os.kill(holds_up.pid, signal.SIGSTOP)
        joins = chain.start("w2", "--rebalance", "8")
        assert waits.wait(100) == EXIT_CANNOT_GO_ON
        assert joins.wait(100) == EXIT_CANNOT_GO_ON
        for name in ("w0", "w2"):
            assert "a rebalance of the group does not end" in chain.log(name)
        chain.kill("w1")
        for name in ("w0", "w1", "w2"):
            chain.start(name)
        places += chain.push(articles(50, 50))
        assert chain.outcomes(100).places() == dict.fromkeys(places, 1)


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[FetchThief]:
    """The proxy through which alone a real broker is reached."""
    own, thief = pick_free(), FetchThief(pick_free(), by=b"faust")
    listener = {
        "listeners": f"VIA://127.0.0.1:{own}",
        "advertised.listeners": f"VIA://{thief.address}",
        "listener.security.protocol.map": "VIA:PLAINTEXT",
    }
    with EmbeddedKafka(tmp_path / "kafka", environ=os.environ, properties=listener), closing(thief):
        thief.start(own)
        yield thief


def test_a_worker_whose_fetches_are_never_answered_ends_while_records_wait(
    kafka: str, proxy: FetchThief, topic_prefix: str, tmp_path: Path
) -> None:
    del kafka  # skipped where there is none
    with Chain(proxy.address, topic_prefix, tmp_path) as chain:
        worker = chain.start("w0", "--stall", "10")
        places = chain.push(articles(0, 50))
        chain.outcomes(50)
        proxy.steals = True
        wait_until(lambda: proxy.stolen > 0)
        places += chain.push(articles(50, 50))
        assert worker.wait(100) == EXIT_CANNOT_GO_ON
        assert re.search(r"news\.\w+-\d stands still at offset -?\d+ for \d+ s while records wait", chain.log("w0"))
        proxy.steals = False
        chain.start("w0", "--stall", "10")
        assert chain.outcomes(100).places() == dict.fromkeys(places, 1)
        assert chain.workers["w0"].poll() is None


def test_a_worker_with_nothing_to_do_goes_on_where_the_broker_does_not_show_in_time_that_nothing_waits(
    kafka: str, proxy: FetchThief, topic_prefix: str, tmp_path: Path
) -> None:
    """Behind the last record of a topic there is a marker of a transaction, and only who reads there knows it."""
    del kafka  # skipped where there is none
    proxy.hold_up(b"kafka-python", 14)  # longer than a client waits for an answer
    with Chain(proxy.address, topic_prefix, tmp_path, partitions=2) as chain:
        worker = chain.start("w0", "--stall", "10")
        places = chain.push(articles(0, 20))
        assert chain.outcomes(20, settle_s=40).places() == dict.fromkeys(places, 1)
        assert proxy.stolen > 0
        assert worker.poll() is None
        assert "stands still" not in chain.log("w0")
