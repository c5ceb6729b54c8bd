"""The guard with a small program in Java's place: what ends whom; with Java: tests/integration/test_broker.py."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from waiting import wait_until

from pipeline.broker import java_guard

Start = Callable[..., "subprocess.Popen[str]"]
SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the guard on a Python program; both are gone after the test."""
    started: list[subprocess.Popen[str]] = []
    (tmp_path / "lock").touch()

    def run(program: str, *, stop_timeout_s: float = 5, command: list[str] | None = None) -> "subprocess.Popen[str]":
        lock_fd = os.open(tmp_path / "lock", os.O_RDWR)
        own = command or [sys.executable, "-c", program]
        orders = [str(os.getpid()), str(lock_fd), str(stop_timeout_s)]
        with (tmp_path / "output").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", java_guard.__file__, *orders, *own],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                pass_fds=(lock_fd,),
                start_new_session=True,
            )
        os.close(lock_fd)
        started.append(process)
        return process

    yield run
    for process in started:
        with process:
            process.kill()


def read_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def close_pipe(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    process.stdin.close()


def is_gone(pid: int) -> bool:
    """Whether the process is dead; a zombie, which nobody has reaped yet, is."""
    status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return status.stdout.strip() in {"", "Z", "Zs"}


def test_the_pipes_end_stops_the_child_in_good_order(start: Start, tmp_path: Path) -> None:
    guarding = start(SLEEP)
    pid = int(read_line(guarding))
    wait_until(lambda: (tmp_path / "output").read_text() == "up\n")
    close_pipe(guarding)
    assert guarding.wait(10) == 128 + signal.SIGTERM
    assert is_gone(pid)


def test_a_child_that_does_not_stop_is_killed(start: Start, tmp_path: Path) -> None:
    guarding = start(STUBBORN, stop_timeout_s=0.3)
    read_line(guarding)
    wait_until(lambda: (tmp_path / "output").read_text() == "up\n")
    close_pipe(guarding)
    assert guarding.wait(10) == 128 + signal.SIGKILL


def test_a_terminated_guard_stops_the_child(start: Start) -> None:
    guarding = start(SLEEP)
    pid = int(read_line(guarding))
    guarding.terminate()
    assert guarding.wait(10) == 128 + signal.SIGTERM
    assert is_gone(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_a_killed_guard_takes_the_child_along(start: Start) -> None:
    guarding = start(STUBBORN)
    pid = int(read_line(guarding))
    guarding.kill()
    guarding.wait(10)
    wait_until(lambda: is_gone(pid))


def test_the_childs_own_end_and_code_are_passed_on(start: Start) -> None:
    guarding = start("raise SystemExit(3)")
    assert read_line(guarding).isdigit()
    assert guarding.wait(10) == 3


def test_a_program_that_cannot_be_started_is_said(start: Start) -> None:
    guarding = start("", command=["/absent/java"])
    assert read_line(guarding) == "/absent/java: No such file or directory"
    assert guarding.wait(10) == 1
