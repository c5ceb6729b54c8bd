"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chain import Chain
from prometheus import program

from pipeline.broker import EmbeddedKafka
from pipeline.broker.ports import pick_free
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pytest_configure() -> None:
    """Started in the background of a script, a process ignores Ctrl-C, and so do its children, whom tests send it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one real broker for the whole session. Without Java or jars: skipped; REQUIRE_KAFKA=1: failed."""
    # Else it looks each five minutes for what is past retention, and takes the old records that a test has just pushed.
    later = {"log.retention.check.interval.ms": "86400000"}
    broker = EmbeddedKafka(tmp_path_factory.mktemp("kafka"), environ=os.environ, properties=later)
    start_or_skip(broker)
    yield broker.bootstrap
    broker.stop()


@pytest.fixture
def kafka_folder(tmp_path: Path) -> Path:
    """Where ``own_kafka`` keeps its data; a test may put a disk of its own there."""
    return tmp_path / "kafka"


@pytest.fixture
def own_kafka(kafka_folder: Path) -> Iterator[EmbeddedKafka]:
    """A real broker for one test, which it may kill and start again: its port stays. Skipped or failed as ``kafka``."""
    broker = EmbeddedKafka(kafka_folder, environ=os.environ, port=pick_free())
    start_or_skip(broker)
    yield broker
    broker.stop()


def start_or_skip(broker: EmbeddedKafka) -> None:
    try:
        broker.start()
    except UsageError as error:
        if os.environ.get("REQUIRE_KAFKA") == "1":
            pytest.fail(f"REQUIRE_KAFKA=1 and no Kafka: {error}")
        pytest.skip(str(error))


@pytest.fixture
def topic_prefix() -> str:
    """A prefix for the names of topics and groups that no other test uses: ``test-1f3a9c2e.``."""
    return f"test-{uuid.uuid4().hex[:8]}."


@pytest.fixture
def chain(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Chain]:
    """Topics of one test's own, with four partitions each."""
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        yield chain


@pytest.fixture(scope="module")  # while it is open its event loop runs in this thread: no test elsewhere could have one
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Without it: skipped; REQUIRE_KAFKA=1, which stands for a complete machine: failed."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (starts a program of its own)

    path = program("chromium", package="chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()
