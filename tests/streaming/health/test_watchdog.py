"""Deadlines in processes of their own, for they end them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from pipeline.streaming.health.watchdog import EXIT_CANNOT_GO_ON, EXIT_STOPPED_LATE, Watchdog

PREAMBLE = """
import sys, threading, time
from pipeline.streaming.health.watchdog import EXIT_STOPPED_LATE, Watchdog, leave
watchdog = Watchdog()
print("up", flush=True)
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a Python program with a watchdog; it is gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def run(program: str, *, stderr: int | None = subprocess.DEVNULL) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PREAMBLE + program], stdout=subprocess.PIPE, stderr=stderr, text=True
        )
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        return process

    yield run
    for process in started:
        with process:
            process.kill()


@pytest.mark.parametrize(
    ("deadline", "code"),
    [
        ("watchdog.start(0.1, 'no commit')", EXIT_CANNOT_GO_ON),
        ("watchdog.start(0.1, 'no stop', code=EXIT_STOPPED_LATE)", EXIT_STOPPED_LATE),
        ("watchdog.start(60, 'later'); watchdog.start(0.1, 'no commit')", EXIT_CANNOT_GO_ON),
    ],
)
def test_a_passed_deadline_ends_the_process_with_its_code(start: Start, deadline: str, code: int) -> None:
    began = time.monotonic()
    process = start(f"{deadline}; time.sleep(600)")
    assert process.wait(100) == code
    assert time.monotonic() - began < 90  # a start of Python on a busy machine, not the sleep


def test_a_passed_deadline_says_what_was_waited_for(start: Start) -> None:
    process = start("watchdog.start(0.1, 'no commit'); time.sleep(60)")
    said, _ = process.communicate(timeout=20)
    assert "leaving" in said
    assert "no commit" in said
    assert "70" in said


def test_a_block_that_does_not_end_ends_the_process(start: Start) -> None:
    assert start("with watchdog.within(0.1, 'block'): time.sleep(60)").wait(20) == EXIT_CANNOT_GO_ON


def test_a_main_thread_that_waits_in_c_for_ever_is_no_hindrance(start: Start) -> None:
    assert start("watchdog.start(0.1, 'x'); threading.Lock().acquire(); threading.Event().wait()").wait(20) == 70


@pytest.mark.parametrize(
    "program",
    [
        "watchdog.stop(watchdog.start(0.2, 'x')); time.sleep(0.7)",
        "number = watchdog.start(0.2, 'x'); watchdog.stop(number); watchdog.stop(number); time.sleep(0.7)",
        "with watchdog.within(0.2, 'x'): pass\ntime.sleep(0.7)",
        "try:\n    with watchdog.within(0.2, 'x'): raise KeyError\nexcept KeyError: time.sleep(0.7)",
        "watchdog.start(0.2, 'x'); watchdog.close(); time.sleep(0.7)",
    ],
)
def test_what_has_ended_in_time_ends_nothing(start: Start, program: str) -> None:
    assert start(f"{program}\nsys.exit(3)").wait(20) == 3


def test_one_deadline_that_is_met_does_not_meet_another(start: Start) -> None:
    process = start("first = watchdog.start(0.2, 'x'); watchdog.start(0.2, 'y'); watchdog.stop(first); time.sleep(60)")
    assert process.wait(20) == EXIT_CANNOT_GO_ON


def test_a_process_frozen_for_longer_than_the_deadline_goes_on(start: Start) -> None:
    process = start(
        "number = watchdog.start(1.5, 'x'); print('armed', flush=True)\n"
        "time.sleep(1); watchdog.stop(number); sys.exit(3)"
    )
    assert process.stdout
    assert process.stdout.readline() == "armed\n"
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(3)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGCONT)
    assert process.wait(20) == 3


def test_a_deadline_holds_after_a_freeze_too(start: Start) -> None:
    process = start("watchdog.start(1, 'x'); print('armed', flush=True); time.sleep(60)")
    assert process.stdout
    assert process.stdout.readline() == "armed\n"
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(2.5)
    os.kill(process.pid, signal.SIGCONT)
    assert process.wait(20) == EXIT_CANNOT_GO_ON


def test_last_words_that_nobody_takes_do_not_keep_the_process(start: Start) -> None:
    """A full pipe: the process hangs in a write while it holds the stream's lock."""
    process = start(
        "threading.Thread(target=print, args=('x' * 10_000_000,), daemon=True).start(); watchdog.start(0.3, 'x')\n"
        "time.sleep(60)"
    )
    assert process.wait(20) == EXIT_CANNOT_GO_ON


def test_last_words_that_fail_do_not_keep_the_process(start: Start) -> None:
    assert start("sys.stdout = sys.stderr = None; watchdog.start(0.1, 'x'); time.sleep(60)").wait(20) == 70


def test_leaving_runs_nothing_that_waits(start: Start) -> None:
    process = start(
        "import atexit; atexit.register(time.sleep, 60); threading.Thread(target=leave, args=('x', 71)).start()"
    )
    assert process.wait(20) == 71


def test_a_closed_watchdog_has_no_thread() -> None:
    watchdog = Watchdog()
    watchdog.close()
    assert not watchdog._thread.is_alive()
