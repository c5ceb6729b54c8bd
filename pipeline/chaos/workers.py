"""Orders in, worker processes out that can be killed, stopped, frozen and added; each one that ends is noted."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pipeline.chaos.chaos_worker import Orders
from pipeline.streaming.health.processes import close_input, end_process, start

if TYPE_CHECKING:
    from typing_extensions import Self  # of the standard library from Python 3.11 on

_STOP_S = 20.0


@dataclass
class Workers:
    """The workers of one run; their logs are in ``logs``, a file for each."""

    orders: Orders
    logs: Path
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    frozen: set[int] = field(default_factory=set)
    stopping: list[tuple[int, subprocess.Popen[bytes], Callable[[int], None]]] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop all; one that was told to stop before as well."""
        for number in list(self.frozen):
            self.thaw(number)
        processes = [*self.running.values(), *(process for _, process, _ in self.stopping)]
        for process in processes:
            process.terminate()
        for process in processes:
            end_process(process, within_s=_STOP_S)
        self.running.clear()
        self.stopping.clear()

    def start(self, number: int) -> None:
        """Start worker ``number``, under the name that it had before."""
        name = f"{self.orders.options.worker_id}{number}"
        orders = replace(self.orders, options=replace(self.orders.options, worker_id=name))
        with (self.logs / f"worker-{number}.log").open("ab") as log:
            self.running[number] = start(
                [sys.executable, "-m", "pipeline.chaos.chaos_worker"], orders=orders.encode(), stdout=log, stderr=log
            )

    @property
    def awake(self) -> list[int]:
        """The numbers of the workers that run and are not frozen."""
        return sorted(set(self.running) - self.frozen)

    def kill(self, number: int) -> None:
        """SIGKILL."""
        process = self.running.pop(number)
        process.kill()
        end_process(process, within_s=_STOP_S)

    def terminate(self, number: int, then: Callable[[int], None]) -> None:
        """SIGTERM; ``tend`` calls ``then`` with the exit code once it has ended."""
        process = self.running.pop(number)
        process.terminate()
        self.stopping.append((number, process, then))

    def freeze(self, number: int) -> None:
        """SIGSTOP."""
        self.running[number].send_signal(signal.SIGSTOP)
        self.frozen.add(number)

    def thaw(self, number: int) -> None:
        """SIGCONT."""
        self.frozen.discard(number)
        self.running[number].send_signal(signal.SIGCONT)

    def tend(self) -> list[tuple[int, int]]:
        """The workers that have ended by themselves since the last call, with their exit codes."""
        still = []
        for number, process, then in self.stopping:
            if (code := process.poll()) is None:
                still.append((number, process, then))
            else:
                close_input(process)
                then(code)
        self.stopping = still
        ended = [(number, process) for number, process in self.running.items() if process.poll() is not None]
        for number, process in ended:
            del self.running[number]
            self.frozen.discard(number)
            close_input(process)
        return [(number, process.returncode) for number, process in ended]
