"""What a worker is called and which stages it runs; it runs itself on a real Kafka in tests/integration."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.worker import run as worker
from pipeline.streaming.worker.run import WorkerOptions, worker_name
from pipeline.streaming.worker.timing import Timing
from pipeline.topology import STAGES

TIMING = Timing(linger_s=0.1, session_timeout_s=10, transaction_timeout_s=10, give_up_s=30, stop_timeout_s=8)
OPTIONS = WorkerOptions(
    connection=Connection(("broker:9092", "other:9092")),
    prefix="",
    group="claimwire",
    worker_id="",
    stages=tuple(stage.name for stage in STAGES),
    batch=64,
    timing=TIMING,
    max_chars=1000,
    threshold=0.5,
)
NAMED = replace(OPTIONS, worker_id="w-0")
HOST = socket.gethostname()

HOLDER = """
import sys
from dataclasses import replace
from test_run import NAMED
from pipeline.streaming.worker.run import worker_name
with worker_name(replace(NAMED, worker_id=sys.argv[1])) as name:
    print(name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _own_runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def holder() -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the name w-0."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, "w-0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "w-0\n"
        yield process
        process.kill()


def test_workers_without_an_id_get_the_hosts_name_and_the_first_free_number() -> None:
    with worker_name(OPTIONS) as first:
        with worker_name(OPTIONS) as second, worker_name(OPTIONS) as third:
            assert (first, second, third) == (f"{HOST}-0", f"{HOST}-1", f"{HOST}-2")
        with worker_name(OPTIONS) as again:
            assert again == f"{HOST}-1"


def test_a_given_id_is_taken_as_it_is_and_free_again_afterwards() -> None:
    for _ in range(2):
        with worker_name(NAMED) as name:
            assert name == "w-0"


def test_a_name_is_free_again_after_an_error() -> None:
    with pytest.raises(KeyError), worker_name(NAMED):
        raise KeyError
    with worker_name(NAMED):
        pass


def test_an_id_given_twice_is_refused() -> None:
    with (
        worker_name(NAMED),
        pytest.raises(
            UsageError, match=r"a worker w-0 already runs on this machine: give this one another --worker-id"
        ),
        worker_name(NAMED),
    ):
        pytest.fail("not reached")


@pytest.mark.parametrize(
    "other",
    [
        replace(NAMED, worker_id="w-1"),
        replace(NAMED, group="other"),
        replace(NAMED, prefix="test."),
        replace(NAMED, connection=Connection(("elsewhere:9092",))),
    ],
)
def test_another_cluster_group_or_prefix_has_names_of_its_own(other: WorkerOptions) -> None:
    with worker_name(NAMED), worker_name(other) as name:
        assert name == other.worker_id


def test_the_order_of_a_clusters_addresses_makes_no_other_cluster() -> None:
    same = replace(NAMED, connection=Connection(("other:9092", "broker:9092")))
    with worker_name(NAMED), pytest.raises(UsageError), worker_name(same):
        pytest.fail("not reached")


@pytest.mark.parametrize("group", ["a/b", "../x", "é" * 300, "a\x00b", " "])
def test_a_group_may_be_called_anything(group: str) -> None:
    with worker_name(replace(NAMED, group=group)) as name:
        assert name == "w-0"


@pytest.mark.parametrize("worker_id", ["w/0", "w 0", "é", "w\n", "x" * 250])
def test_an_id_that_kafka_would_not_take_is_refused(worker_id: str) -> None:
    with pytest.raises(UsageError, match="up to 249 letters, digits"), worker_name(replace(NAMED, worker_id=worker_id)):
        pytest.fail("not reached")


@pytest.mark.parametrize("worker_id", ["w", "Worker_1.example-org", "x" * 249])
def test_an_id_that_kafka_takes_is_taken(worker_id: str) -> None:
    with worker_name(replace(NAMED, worker_id=worker_id)) as name:
        assert name == worker_id


def test_a_name_held_by_another_process_is_refused(holder: subprocess.Popen[str]) -> None:
    assert holder.poll() is None
    with pytest.raises(UsageError, match="a worker w-0 already runs on this machine"), worker_name(NAMED):
        pytest.fail("not reached")


def test_a_killed_process_frees_its_name(holder: subprocess.Popen[str]) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with worker_name(NAMED) as name:
        assert name == "w-0"


def test_so_many_workers_that_no_number_is_free_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_MOST_WORKERS", 3)
    with ExitStack() as held:
        names = [held.enter_context(worker_name(OPTIONS)) for _ in range(3)]
        assert len(set(names)) == 3
        with pytest.raises(UsageError, match="give this one another --worker-id"):
            held.enter_context(worker_name(OPTIONS))


@pytest.mark.parametrize("name", [stage.name for stage in STAGES])
def test_a_stage_is_found_by_its_name(name: str) -> None:
    assert worker._stage(name).name == name


@pytest.mark.parametrize("name", ["", "tag", "Split_Sentences"])
def test_a_stage_that_is_not_there_is_named_with_those_that_are(name: str) -> None:
    with pytest.raises(UsageError, match=f"no stage '{name}'; the stages are split_sentences, tag_entities, classify_"):
        worker._stage(name)
