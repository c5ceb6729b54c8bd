"""Runs Java and outlives nobody: a small process between claimwire and the broker, started as a script.

In: the end of a pipe as standard input, held open by claimwire for as long as the broker shall run. Out: one line with
Java's pid (or why it did not start) on standard output; Java's own output goes to this process's standard error.

Whatever ends claimwire, kill -9 too, closes the pipe, and the broker is stopped in good order. Whatever ends this
process makes the kernel kill Java (Linux). It imports nothing of claimwire, so that it starts in 20 ms and stays small.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_POLL_S = 1.0


@dataclass(frozen=True)
class GuardOrders:
    """What to run, for whom, and how long it may take to stop."""

    parent: int
    lock_fd: int  # Java inherits the lock on the data directory and holds it until its last breath
    stop_timeout_s: float
    command: list[str]


def main(orders: GuardOrders) -> int:
    """Run the command until it ends or the parent does; return its exit code as a shell would show it."""
    stop_asked = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop_asked.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    try:
        # From the main thread: the kernel kills the child when the thread that started it ends.
        java = subprocess.Popen(  # noqa: S603  (claimwire's own command line)
            orders.command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            pass_fds=(orders.lock_fd,),
            preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509  (no other thread yet)
        )
    except OSError as error:
        _tell(f"{orders.command[0]}: {error.strerror}")
        return 1
    _tell(str(java.pid))
    os.close(orders.lock_fd)
    threading.Thread(target=_stop_with_parent, args=(java, orders, stop_asked), daemon=True).start()
    code = java.wait()
    return code if code >= 0 else 128 - code


def _tell(line: str) -> None:
    """The parent may be gone already; then nobody listens and the pipe's end says the rest."""
    try:
        print(line, flush=True)  # noqa: T201  (the protocol)
    except BrokenPipeError:
        sys.stdout = None  # nothing to flush at exit


def _die_with(guard: int) -> Callable[[], None] | None:
    """What the child does before it becomes Java: ask the kernel to be killed with its parent."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def before_exec() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:  # it died before the request
            os._exit(1)

    return before_exec


def _stop_with_parent(java: "subprocess.Popen[bytes]", orders: GuardOrders, stop_asked: threading.Event) -> None:
    while not (stop_asked.is_set() or _pipe_closed() or os.getppid() != orders.parent):
        pass
    java.terminate()
    try:
        java.wait(orders.stop_timeout_s)
    except subprocess.TimeoutExpired:
        java.kill()


def _pipe_closed() -> bool:
    """Wait a moment for the pipe's end; a forked child of the parent may hold it open, so it is not the only sign."""
    readable, _, _ = select.select([sys.stdin.fileno()], [], [], _POLL_S)
    return bool(readable) and not os.read(sys.stdin.fileno(), 1)


if __name__ == "__main__":
    _, _parent, _lock_fd, _stop_timeout_s, *_command = sys.argv
    sys.exit(main(GuardOrders(int(_parent), int(_lock_fd), float(_stop_timeout_s), _command)))
