"""A broker that is away, or whose disk is full: what was pushed comes out once and in order when it is back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chain import Chain, article

from pipeline.broker import EmbeddedKafka
from pipeline.errors import FatalError

pytestmark = pytest.mark.slow

DISK_BYTES = 192 * 1024 * 1024  # the embedded Kafka refuses to start where less than 64 MB are free


def kill(broker: EmbeddedKafka) -> None:
    os.kill(broker.pid, signal.SIGKILL)
    broker.stop()


@pytest.mark.parametrize(
    "away_s",
    [
        10,
        pytest.param(60, marks=pytest.mark.long),
        pytest.param(180, marks=[pytest.mark.long, pytest.mark.timeout(600)]),
    ],
)
def test_while_the_broker_is_away_nothing_is_lost_or_repeated(
    own_kafka: EmbeddedKafka, topic_prefix: str, tmp_path: Path, away_s: float
) -> None:
    with Chain(own_kafka.bootstrap, topic_prefix, tmp_path) as chain, chain.supervised(2, "--ms", "2", "--batch", "16"):
        places = chain.push(article(number) for number in range(1000))
        chain.outcomes(100, settle_s=0)
        kill(own_kafka)
        time.sleep(away_s)
        own_kafka.start()
        places += chain.push(article(number) for number in range(1000, 1200))
        outcomes = chain.outcomes(len(places))
        assert outcomes.places() == dict.fromkeys(places, 1)
        assert outcomes.disorder() == 0


def test_a_worker_that_starts_while_the_broker_does_not_answer_waits_for_it(
    own_kafka: EmbeddedKafka, topic_prefix: str, tmp_path: Path
) -> None:
    with Chain(own_kafka.bootstrap, topic_prefix, tmp_path) as chain:
        places = chain.push(article(number) for number in range(20))
        worker = chain.start("w0")
        while "worker starts" not in chain.log("w0"):  # it has seen its topics, and opens its producers next
            assert worker.poll() is None
            time.sleep(0.005)
        os.kill(own_kafka.pid, signal.SIGSTOP)
        try:
            time.sleep(15)  # longer than a producer waits for its first answer
        finally:
            os.kill(own_kafka.pid, signal.SIGCONT)
        assert chain.outcomes(len(places)).places() == dict.fromkeys(places, 1)
        assert worker.poll() is None
        assert "the transaction coordinator does not answer yet" in chain.log("w0")


@pytest.fixture
def disk(kafka_folder: Path) -> Iterator[Path]:
    """A small disk where the broker keeps its data."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a disk of its own can be mounted by root on Linux only")
    kafka_folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(kafka_folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        why = f"no disk of its own can be mounted here: {mounted.stderr.strip()}"
        if os.environ.get("REQUIRE_KAFKA") == "1":
            pytest.fail(why)
        pytest.skip(why)
    yield kafka_folder
    subprocess.run(["umount", "--lazy", str(kafka_folder)], check=True)


def test_when_a_full_disk_is_freed_everything_comes_out_once(
    disk: Path, own_kafka: EmbeddedKafka, topic_prefix: str, tmp_path: Path
) -> None:
    ballast = disk / "ballast"
    with Chain(own_kafka.bootstrap, topic_prefix, tmp_path) as chain:
        # Text that cannot be compressed: it passes through the disk once for each topic of the chain.
        places = chain.push(article(number, os.urandom(20_000).hex()) for number in range(400))
        with ballast.open("wb") as file:
            free = shutil.disk_usage(disk).free
            file.write(bytes(free - 2_000_000))
        with chain.supervised(2, "--batch", "16"):
            with pytest.raises(FatalError, match="is full"):
                own_kafka.wait()
            own_kafka.stop()
            ballast.unlink()
            own_kafka.start()
            outcomes = chain.outcomes(len(places))
        assert outcomes.places() == dict.fromkeys(places, 1)
        assert outcomes.disorder() == 0
