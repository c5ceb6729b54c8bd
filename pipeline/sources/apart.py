"""Feeds and pages are parsed apart: bytes in, their articles out, from a child process that may be killed.

No XML or HTML library is safe from hostile input: an entity of 100 kB that is referred to 100,000 times (quadratic
blowup) keeps feedparser busy for hours. The child has a limit of memory, each document one of time, and whatever
happens to it is one document's fate: the next one gets a new child.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from typing import Any, Literal

import orjson

from pipeline.closing import Closing
from pipeline.errors import UsageError

ParserName = Literal["feed", "page"]

MEMORY_BYTES = 2 * 1024**3  # of the child's address space, the libraries' included
SECONDS = 60.0  # for one document; a feed of 16 MiB takes 20
_REPLY_BYTES = 256 * 1024**2


@dataclass(frozen=True)
class ParsedPart:
    """One article of a document: its ``fields`` and what was mended, or ``why`` it is none.

    ``whole``: the reason is not one entry's but that of the document.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    mended: tuple[str, ...] = ()
    why: str | None = None
    whole: bool = False


class UnparsableError(Exception):
    """The whole document cannot be parsed; the text says why."""


class Apart(Closing):
    """Parses documents in a child process, which is started with the first one."""

    def __init__(self, *, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds, self._memory_bytes = seconds, memory_bytes
        self._child: subprocess.Popen[bytes] | None = None
        self._line: Connection[Any, Any] | None = None

    def close(self) -> None:
        """End the child, whatever it does."""
        if self._line:
            self._line.close()
        if self._child:
            self._child.kill()
            self._child.wait()
        self._line = self._child = None

    def parse(self, parser: ParserName, value: bytes, **known: str | None) -> list[ParsedPart]:
        """The parts of a document. ``known`` is what is known of it: ``url`` and ``charset``.

        Raises:
            UnparsableError: it is no such document, or it took too much time or memory.
            UsageError: the library that it needs is not installed.
        """
        line = self._ready()
        try:
            line.send_bytes(orjson.dumps({"parser": parser, "known": known}))
            line.send_bytes(value)
            reply = orjson.loads(line.recv_bytes(_REPLY_BYTES)) if line.poll(self._seconds) else None
        except (EOFError, OSError) as exc:
            self.close()
            raise UnparsableError("the parser crashed, perhaps for lack of memory") from exc
        except BaseException:
            self.close()
            raise
        if reply is None:
            self.close()
            raise UnparsableError(f"not parsed within {self._seconds:.0f} s")
        if "usage" in reply:
            raise UsageError(reply["usage"])
        if "error" in reply:
            raise UnparsableError(reply["error"])
        return [ParsedPart(**{**part, "mended": tuple(part["mended"])}) for part in reply["parts"]]

    def _ready(self) -> Connection[Any, Any]:
        if self._line is None:
            self._line, theirs = Pipe()
            command = [
                sys.executable,
                "-m",
                "pipeline.sources.formats.parsing",
                str(theirs.fileno()),
                str(self._memory_bytes),
            ]
            with theirs:
                self._child = subprocess.Popen(  # noqa: S603  (our own)
                    command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
        return self._line
