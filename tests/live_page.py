"""A live page for tests, as a process: sockets that kafka-python leaves to the garbage collector fail no test then."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chain import Chain


@dataclass
class Site:
    """The page's address and the chain that it shows."""

    url: str
    chain: Chain


@contextmanager
def served(
    bootstrap: str, prefix: str, *options: str, command: str = "web"
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """``claimwire web`` on a free port, and its address."""
    line = [sys.executable, "-m", "pipeline", command, "--bootstrap", bootstrap, "--prefix", prefix, *options]
    process = subprocess.Popen(
        [*line, *(["--port", "0"] if command == "web" else [])], stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said)):
            said = process.stderr.readline()
            assert said, process.wait()
        yield found[0], process
    finally:
        process.kill()
        process.communicate()
