"""The supervisor with small programs in the workers' place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from waiting import wait_until

from pipeline.errors import ClaimwireError, UsageError
from pipeline.streaming.health.supervisor import _FIRST_WAIT_S, _HEALTHY_S, _LONGEST_WAIT_S, Supervisor, _Child, _wait_s

# A worker says what it is in a file that only it writes, and stops when its input closes, as claimwire's do.
PREAMBLE = """
import os, pathlib, signal, sys, time
assert sys.argv[-3] == "--worker-id" and sys.argv[-1] == "--supervised"
name = sys.argv[-2]
folder = pathlib.Path(sys.argv[1])
starts = folder / f"{name}.starts"
with starts.open("a") as file: file.write(f"{os.getpid()}\\n")
number = len(starts.read_text().split())
"""
UNTIL_EOF = "while os.read(0, 100): pass\n(folder / f'{name}.eof').touch()"
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN); (folder / f'{name}.up').touch(); time.sleep(60)"


def command(folder: Path, program: str) -> list[str]:
    return [sys.executable, "-S", "-c", PREAMBLE + program, str(folder)]


def supervisor(folder: Path, program: str, *, workers: int = 1) -> Supervisor:
    return Supervisor(command(folder, program), workers=workers)


def starts(folder: Path, name: str = "worker-0") -> list[int]:
    """The process ids under which a worker has started so far."""
    path = folder / f"{name}.starts"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_gone(pid: int) -> bool:
    """Whether the process is dead; a zombie, which nobody has reaped yet, is."""
    status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return not status.stdout.strip() or status.stdout.startswith("Z")


def test_each_worker_has_a_name_of_its_own_and_all_stop_with_the_block(tmp_path: Path) -> None:
    with supervisor(tmp_path, UNTIL_EOF, workers=2) as running:
        wait_until(lambda: bool(starts(tmp_path, "worker-0") and starts(tmp_path, "worker-1")))
        assert sorted(running.pids) == ["worker-0", "worker-1"]
        pids = list(running.pids.values())
        assert pids == starts(tmp_path, "worker-0") + starts(tmp_path, "worker-1")
        running.check()
    assert running.pids == {}
    assert all(is_gone(pid) for pid in pids)


def test_a_worker_stops_by_sigterm_before_its_input_closes(tmp_path: Path) -> None:
    program = (
        "def stop(*_): (folder / 'term').touch(); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, stop); (folder / 'up').touch()\n" + UNTIL_EOF
    )
    with supervisor(tmp_path, program):
        wait_until((tmp_path / "up").exists)
    assert (tmp_path / "term").exists()
    assert not (tmp_path / "worker-0.eof").exists()


def test_a_worker_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.streaming.health.supervisor._STOP_S", 0.3)
    with supervisor(tmp_path, STUBBORN, workers=2) as running:
        wait_until(lambda: all((tmp_path / f"worker-{n}.up").exists() for n in range(2)))
        pids = list(running.pids.values())
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert all(is_gone(pid) for pid in pids)


@pytest.mark.parametrize("end", ["sys.exit(70)", "sys.exit(75)", "sys.exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_worker_that_ends_is_started_again_under_its_name_after_a_wait(tmp_path: Path, end: str) -> None:
    with supervisor(tmp_path, f"if number == 1: {end}\n{UNTIL_EOF}") as running:
        wait_until(lambda: len(starts(tmp_path)) == 1)
        began = time.monotonic()
        wait_until(lambda: len(starts(tmp_path)) == 2)
        assert time.monotonic() - began > _FIRST_WAIT_S / 2
        wait_until(lambda: running.pids == {"worker-0": starts(tmp_path)[-1]})
        running.check()


def test_a_neighbour_goes_on_while_another_is_started_again(tmp_path: Path) -> None:
    program = f"if name == 'worker-1' and number == 1: sys.exit(70)\n{UNTIL_EOF}"
    with supervisor(tmp_path, program, workers=2):
        wait_until(lambda: len(starts(tmp_path, "worker-1")) == 2)
        assert len(starts(tmp_path, "worker-0")) == 1


def test_each_failure_doubles_the_wait_up_to_a_limit() -> None:
    waits = [_wait_s(failures) for failures in range(1, 9)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert _wait_s(1_000_000) == _LONGEST_WAIT_S


@pytest.mark.parametrize(("ran_s", "failures"), [(_HEALTHY_S / 2, 5), (_HEALTHY_S * 2, 1)])
def test_a_worker_that_ran_for_long_waits_no_longer_than_the_first_time(ran_s: float, failures: int) -> None:
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as process:
        process.wait()
    child = _Child("worker-0", process, time.monotonic() - ran_s, first=False, failures=4)
    assert Supervisor(["unused"], workers=0)._tended(child).failures == failures


def test_a_worker_that_refuses_its_first_start_is_said(tmp_path: Path) -> None:
    with supervisor(tmp_path, "sys.exit(2)") as running:
        wait_until(lambda: running._refused)
        with pytest.raises(UsageError, match="a worker could not start, for the reason above"):
            running.check()


def test_a_worker_that_refuses_a_later_start_is_tried_again(tmp_path: Path) -> None:
    with supervisor(tmp_path, f"if number < 3: sys.exit([70, 2][number - 1])\n{UNTIL_EOF}") as running:
        wait_until(lambda: len(starts(tmp_path)) == 3)
        running.check()


def test_a_program_that_is_away_for_a_while_is_tried_again(tmp_path: Path) -> None:
    """As in an upgrade, or where the machine has no process left."""
    script = tmp_path / "worker"
    text = f"#!{sys.executable} -S\nimport sys; sys.argv.insert(1, {str(tmp_path)!r})\n{PREAMBLE}"
    script.write_text(f"{text}if number == 1: sys.exit(70)\n{UNTIL_EOF}")
    script.chmod(0o700)
    with Supervisor([str(script)], workers=1) as running:
        wait_until(lambda: len(starts(tmp_path)) == 1)
        script.rename(tmp_path / "away")
        wait_until(lambda: any(child.failures == 2 for child in running._children))
        assert running.pids == {}
        (tmp_path / "away").rename(script)
        wait_until(lambda: len(starts(tmp_path)) == 2)


def test_a_program_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), Supervisor([str(tmp_path / "absent")], workers=1):
        pytest.fail("not reached")


def test_stopping_twice_and_stopping_what_never_started_is_no_error(tmp_path: Path) -> None:
    with supervisor(tmp_path, UNTIL_EOF) as running:
        running.stop()
        running.stop()
    Supervisor(["unused"], workers=1).stop()


def test_stopping_in_the_wait_before_a_start_starts_nothing(tmp_path: Path) -> None:
    with supervisor(tmp_path, "sys.exit(70)") as running:
        wait_until(lambda: any(child.restart_at is not None for child in running._children))
    time.sleep(_FIRST_WAIT_S * 1.5)
    assert len(starts(tmp_path)) == 1


def test_workers_get_the_environment_and_write_where_they_are_told(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as output:
        told = Supervisor(
            command(tmp_path, f"print(sorted(os.environ)[0], flush=True)\n{UNTIL_EOF}"),
            workers=1,
            name="host",
            environ={"AAA": "1"},
            output=output,
        )
        with told as running:
            wait_until(lambda: (tmp_path / "log").stat().st_size > 0)
            assert list(running.pids) == ["host-0"]
    assert (tmp_path / "log").read_text() == "AAA\n"


def test_ctrl_c_does_not_reach_the_workers(tmp_path: Path) -> None:
    with supervisor(tmp_path, UNTIL_EOF) as running:
        wait_until(lambda: bool(starts(tmp_path)))
        assert os.getpgid(running.pids["worker-0"]) != os.getpgid(os.getpid())


def test_no_worker_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from pipeline.streaming.health.supervisor import Supervisor\n"
        "with Supervisor(sys.argv[1:], workers=2): time.sleep(60)\n"
    )
    arguments = [sys.executable, "-c", program, *command(tmp_path, UNTIL_EOF)]
    with subprocess.Popen(arguments) as parent:
        wait_until(lambda: bool(starts(tmp_path, "worker-0") and starts(tmp_path, "worker-1")))
        os.kill(parent.pid, signal.SIGKILL)
    for name in ("worker-0", "worker-1"):
        wait_until((tmp_path / f"{name}.eof").exists)
        (pid,) = starts(tmp_path, name)
        wait_until(lambda pid=pid: is_gone(pid))  # type: ignore[misc]


def test_a_worker_that_rejects_too_much_is_not_started_again_and_check_says_so(tmp_path: Path) -> None:
    program = "sys.exit(78 if name == 'worker-0' else os.read(0, 1) and 1)"

    def tells(running: Supervisor) -> bool:
        try:
            running.check()
        except ClaimwireError as exc:
            return "rejected too many records" in str(exc)
        return False

    with supervisor(tmp_path, program, workers=2) as running:
        wait_until(lambda: tells(running))
        wait_until(lambda: bool(starts(tmp_path, "worker-1")))
        time.sleep(3 * _FIRST_WAIT_S)
        assert len(starts(tmp_path)) == 1
        assert list(running.pids) == ["worker-1"]
