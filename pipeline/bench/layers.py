"""Where a worker's CPU goes: exact thread times of its layers, taken at their borders while the real worker runs.

The language thread is split by the functions of ``BatchFunction``; a stage's transactions are its own threads; what
runs on the event loop belongs to the package of the innermost coroutine that a step resumes.
"""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from types import CoroutineType
from typing import Any

from pipeline.streaming.worker.stage_records import BatchFunction

_Method = Callable[..., Any]

# Packages of coroutines on the event loop, and the layer that each is.
_PACKAGES = {"aiokafka": "Kafka client", "faust": "Faust", "mode": "Faust", "pipeline": "claimwire's agents"}


class Layers:
    """CPU seconds by layer and stage of this process since ``install``."""

    def __init__(self) -> None:
        self.seconds: defaultdict[tuple[str, str], float] = defaultdict(float)

    def install(self) -> None:
        """Put clocks around the borders. For a process that does nothing else than be measured."""
        for method, layer in (("_decode", "decode"), ("_stage_outputs", "NLP and events"), ("_send", "encode")):
            setattr(BatchFunction, method, self._clocked(getattr(BatchFunction, method), layer))
        self._clock_event_loop()

    def totals(self) -> list[dict[str, Any]]:
        """``{"layer", "stage", "cpu_s"}`` of each; what no border saw is the layer ``other``."""
        found = self.seconds.copy()
        for thread in threading.enumerate():
            if thread.ident and _transacts(thread.name):
                spent = time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
                found["transactions", thread.name.split("-io")[0] if "-io" in thread.name else "all"] += spent
        found["other", ""] = time.process_time() - sum(found.values())
        return [{"layer": layer, "stage": stage, "cpu_s": cpu_s} for (layer, stage), cpu_s in sorted(found.items())]

    def _clocked(self, method: _Method, layer: str) -> _Method:
        @functools.wraps(method)
        def clocked(function: BatchFunction, *arguments: Any) -> Any:  # noqa: ANN401  (as the method)
            begin = time.thread_time()
            try:
                return method(function, *arguments)
            finally:
                self.seconds[layer, function.stage.name] += time.thread_time() - begin

        return clocked

    def _clock_event_loop(self) -> None:
        run = asyncio.Handle._run  # noqa: SLF001  (every step of every task goes through it, on Python 3.10 to 3.14)

        def clocked(handle: asyncio.Handle) -> None:
            layer = _layer(handle)
            begin = time.thread_time()
            try:
                run(handle)
            finally:
                self.seconds[layer, "event loop"] += time.thread_time() - begin

        asyncio.Handle._run = clocked  # type: ignore[assignment, method-assign]  # noqa: SLF001


def _transacts(thread: str) -> bool:
    return "-io" in thread or "kafka" in thread.lower()


def _layer(handle: asyncio.Handle) -> str:
    owner = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]  # noqa: SLF001
    if not isinstance(owner, asyncio.Task):
        return _PACKAGES.get(type(owner).__module__.partition(".")[0], "asyncio")
    found = "asyncio"
    coroutine: Any = owner.get_coro()
    while isinstance(coroutine, CoroutineType):
        package = coroutine.cr_code.co_filename.rpartition("site-packages/")[2]
        found = next((layer for name, layer in _PACKAGES.items() if f"{name}/" in package), found)
        coroutine = coroutine.cr_await
    return found
