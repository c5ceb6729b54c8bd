"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from chain import Chain
from prometheus import program

from pipeline.broker import EmbeddedKafka
from pipeline.broker.ports import pick_free
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# No example has a time limit: machines are busy.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")

KAFKA = pytest.StashKey[str]()  # the address of the broker that all tests share


def pytest_configure() -> None:
    """Started in the background of a script, a process ignores Ctrl-C, and so do its children, whom tests send it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def start_shared_kafka(config: pytest.Config) -> str:
    """Start the broker that all tests share; return its address, or a blank and why there is none."""
    folder = TemporaryDirectory(prefix="claimwire-tests-")
    config.add_cleanup(folder.cleanup)
    # Else it looks each five minutes for what is past retention, and takes the old records that a test has just pushed.
    later = {"log.retention.check.interval.ms": "86400000"}
    broker = EmbeddedKafka(Path(folder.name), environ=os.environ, properties=later)
    try:
        broker.start()
    except UsageError as error:
        return f" {error}"
    config.add_cleanup(broker.stop)
    return broker.bootstrap


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With pytest-xdist the process that hands out the tests starts the broker, and each test process is told of it."""
    if KAFKA not in node.config.stash:
        node.config.stash[KAFKA] = start_shared_kafka(node.config)
    node.workerinput["kafka"] = node.config.stash[KAFKA]


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> str:
    """The address of one real broker for the whole run. Without Java or jars: skipped; REQUIRE_KAFKA=1: failed."""
    given: dict[str, str] = getattr(request.config, "workerinput", {})
    address = given.get("kafka") or start_shared_kafka(request.config)
    if address.startswith(" "):
        skip_or_fail(address)
    return address


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
        skip_or_fail(error)


def skip_or_fail(why: object) -> None:
    if os.environ.get("REQUIRE_KAFKA") == "1":
        pytest.fail(f"REQUIRE_KAFKA=1 and no Kafka: {why}")
    pytest.skip(str(why))


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
