"""A command whose standard error is a terminal: how it ends, what it says there, and what comes out elsewhere."""

import os
import pty
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class OnTerminal(NamedTuple):
    """How a command ended, its standard output, and all that its terminal was given."""

    code: int
    out: bytes
    terminal: str


def on_terminal(command: Sequence[str], environ: Mapping[str, str], *, output: bool = False) -> OnTerminal:
    """Run it; with ``output`` its standard output is the terminal as well."""
    ours, theirs = pty.openpty()
    found: list[bytes] = []

    def listen() -> None:
        try:
            while part := os.read(ours, 65536):
                found.append(part)
        except OSError:  # the other end is closed
            pass

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        result = subprocess.run(
            command,
            env={**environ, "TERM": "xterm-256color", "COLUMNS": "160"},
            stdin=subprocess.DEVNULL,
            stdout=theirs if output else subprocess.PIPE,
            stderr=theirs,
            timeout=120,
            check=False,
        )
    finally:
        os.close(theirs)
        listener.join()
        os.close(ours)
    return OnTerminal(result.returncode, result.stdout or b"", b"".join(found).decode())
