"""Several workers on one machine: a command line in, that many child processes that are started again when they end."""

from __future__ import annotations

import math
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, TYPE_CHECKING

import structlog

from pipeline.errors import ClaimwireError, UsageError
from pipeline.streaming.health.processes import close_input, end_process, start
from pipeline.streaming.health.watchdog import EXIT_TOO_MANY_REJECTED

if TYPE_CHECKING:
    from typing_extensions import Self  # of the standard library from Python 3.11 on

log = structlog.get_logger(__name__)

EXIT_USAGE = 2  # the worker has said what the user must do

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30.0
_HEALTHY_S = 60.0  # a worker that ran for so long starts its next series of failures from the first wait
_POLL_S = 0.1
_STOP_S = 15.0  # longer than a worker takes to stop (worker.stop_timeout_ms)


@dataclass
class _Child:
    worker_id: str
    process: subprocess.Popen[bytes]
    started_at: float
    first: bool = True
    failures: int = 0
    restart_at: float | None = None


@dataclass
class Supervisor:
    """Runs ``workers`` children of ``command --worker-id NAME`` within a ``with`` block.

    A child whose standard input closes must stop: so none outlives this process, whatever ends it. ``output`` takes
    what they log (None: where this process logs).
    """

    command: Sequence[str]
    workers: int
    name: str = "worker"
    environ: Mapping[str, str] | None = None
    output: IO[bytes] | None = None
    _children: list[_Child] = field(default_factory=list, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)
    _refused: bool = field(default=False, init=False)
    _rejecting: bool = field(default=False, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        self._children = [self._spawn(f"{self.name}-{number}") for number in range(self.workers)]
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the workers that run, by worker id."""
        with self._lock:
            return {child.worker_id: child.process.pid for child in self._children if child.process.poll() is None}

    def check(self) -> None:
        """Look whether the workers can run at all.

        Raises:
            UsageError: a worker has refused its first start; it has said why. A later refusal is tried again, since a
                broker that is away for a while is one.
            ClaimwireError: a worker has stopped because it rejects too much; it is not started again.
        """
        if self._rejecting:
            raise ClaimwireError("a worker rejected too many records, for the reason above: all workers are stopped")
        if self._refused:
            raise UsageError("a worker could not start, for the reason above")

    def stop(self) -> None:
        """Stop every worker: SIGTERM, and SIGKILL for one that does not end, which loses nothing."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        for child in self._children:
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_S
        for child in self._children:
            if not end_process(child.process, within_s=max(0.0, deadline - time.monotonic())):
                log.warning("worker did not stop, killed", worker=child.worker_id)

    def _spawn(self, worker_id: str) -> _Child:
        process = start(
            [*self.command, "--worker-id", worker_id, "--supervised"],
            stdout=self.output,
            stderr=self.output,
            env=None if self.environ is None else dict(self.environ),
        )
        return _Child(worker_id, process, time.monotonic())

    def _watch(self) -> None:
        while not self._stopping.wait(_POLL_S):
            with self._lock:
                self._children = [self._tended(child) for child in self._children]

    def _tended(self, child: _Child) -> _Child:
        """The child, or its successor once it has ended and its wait is over."""
        code = child.process.poll()
        now = time.monotonic()
        if code is None:
            return child
        if child.restart_at is None:
            self._rejecting |= code == EXIT_TOO_MANY_REJECTED
            self._refused |= code == EXIT_USAGE and child.first
            child.failures = 1 if now - child.started_at > _HEALTHY_S else child.failures + 1
            wait = math.inf if code == EXIT_TOO_MANY_REJECTED else _wait_s(child.failures)
            child.restart_at = now + wait
            log.warning(
                "worker ended", worker=child.worker_id, exit_code=code, restart_in_s=None if math.isinf(wait) else wait
            )
        if now < child.restart_at:
            return child
        close_input(child.process)
        try:
            successor = self._spawn(child.worker_id)
        except OSError as exc:  # no memory, no process or no file left: for now
            child.failures += 1
            child.restart_at = now + _wait_s(child.failures)
            log.warning("worker could not be started", worker=child.worker_id, error=str(exc))
            return child
        successor.failures, successor.first = child.failures, False
        return successor


def _wait_s(failures: int) -> float:
    return min(_FIRST_WAIT_S * 2.0 ** min(failures - 1, 16), _LONGEST_WAIT_S)
