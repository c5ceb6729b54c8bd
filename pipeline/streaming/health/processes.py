"""A command in, a child process out that stops when its standard input closes: none outlives whoever started it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Any


def start(command: Sequence[str], *, orders: bytes = b"", **settings: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401
    """Start a child, and write ``orders`` to its standard input; ``settings`` are more of ``Popen``'s."""
    process = subprocess.Popen(  # noqa: S603  (our own command)
        command,
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches this process, which stops them in order
        **settings,
    )
    if process.stdin:
        process.stdin.write(orders)
        process.stdin.flush()
    return process


def end_process(process: subprocess.Popen[bytes], *, within_s: float) -> bool:
    """Wait for a child that was told to stop; one that does not is killed, and the answer is False."""
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    finally:
        close_input(process)
    return True


def close_input(process: subprocess.Popen[bytes]) -> None:
    """Ask a child to stop, or let go of the pipe to one that has ended."""
    if process.stdin:
        process.stdin.close()
