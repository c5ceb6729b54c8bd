"""Deadlines enforced from a separate thread, so that a hung call cannot outlive them.

kafka-python's ``commit_transaction`` and ``send_offsets_to_transaction``, aiokafka's and Faust's shutdown wait without
limit for a broker that does not answer; none of them can be interrupted. Ending the process is safe at any point: the
next owner of the partitions does again what was not committed.
"""

from __future__ import annotations

import faulthandler
import itertools
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, NoReturn

import structlog

EXIT_CANNOT_GO_ON = 70  # EX_SOFTWARE: the supervisor starts a new process
EXIT_TOO_MANY_REJECTED = 78  # EX_CONFIG: starting again would not help, somebody must look first
EXIT_STOPPED_LATE = 75  # EX_TEMPFAIL: asked to stop and could not finish in time

_TICK_S = 0.25
_SAY_S = 1.0  # a full pipe or a paused terminal takes no last words
_FROZEN_S = 1.0  # a tick that took so much longer: the process was stopped (SIGSTOP, a suspended machine), not hung

log = structlog.get_logger(__name__)


class _Deadline(NamedTuple):
    at: float  # on the clock of time.monotonic
    what: str
    code: int


class Watchdog:
    """One thread for all deadlines of a process. It also ends the process once ``hangs`` returns a reason."""

    def __init__(self, hangs: Callable[[], str | None] = lambda: None) -> None:
        self._hangs = hangs
        self._deadlines: dict[int, _Deadline] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def start(self, seconds: float, what: str, *, code: int = EXIT_CANNOT_GO_ON) -> int:
        """End the process with ``code`` unless ``stop`` is called with the returned number within ``seconds``."""
        with self._lock:
            number = next(self._numbers)
            self._deadlines[number] = _Deadline(time.monotonic() + seconds, what, code)
            return number

    def stop(self, number: int) -> None:
        """Cancel a deadline."""
        with self._lock:
            self._deadlines.pop(number, None)

    @contextmanager
    def within(self, seconds: float, what: str) -> Iterator[None]:
        """Return a block that must end within ``seconds``."""
        number = self.start(seconds, what)
        try:
            yield
        finally:
            self.stop(number)

    def close(self) -> None:
        """End the thread; no deadline is enforced after that."""
        self._closed.set()
        self._thread.join()

    def _watch(self) -> None:
        last = time.monotonic()
        while not self._closed.wait(_TICK_S):
            now = time.monotonic()
            frozen = now - last - _TICK_S
            last = now
            with self._lock:
                if frozen > _FROZEN_S:
                    self._deadlines = {
                        number: deadline._replace(at=deadline.at + frozen)
                        for number, deadline in self._deadlines.items()
                    }
                late = next((deadline for deadline in self._deadlines.values() if deadline.at < now), None)
            if late is not None:
                leave(late.what, late.code)
            if hangs := self._hangs():
                leave(hangs)


@contextmanager
def without_the_interpreter(seconds: float) -> Iterator[None]:
    """Return a block that must end within ``seconds``, even if it never releases Python's interpreter.

    Else the process ends with 1, after a trace of its threads. A regular expression, for one, holds the interpreter
    until it is done, and the ``Watchdog`` cannot run meanwhile. One block at a time.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def leave(why: str, code: int = EXIT_CANNOT_GO_ON) -> NoReturn:
    """End this process now, even if other threads hang. What was not committed is done again by another worker."""
    try:
        last_words = threading.Thread(target=_say, args=(why, code), name="last-words", daemon=True)
        last_words.start()
        last_words.join(_SAY_S)
    finally:
        os._exit(code)


def _say(why: str, code: int) -> None:
    log.critical("leaving", why=why, exit_code=code)
    for stream in (sys.stderr, sys.stdout):
        stream.flush()
