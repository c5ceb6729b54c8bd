"""A file, a stream or a member of an archive on its way to a reader: its bytes, to be read once, and what is known."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from pipeline.sources.apart import Apart
from pipeline.sources.found import MAX_DOCUMENT_BYTES

TOO_LARGE = f"larger than {MAX_DOCUMENT_BYTES // 2**20} MiB, which is the most for one article or feed"


class Readable(Protocol):
    """As much of a binary file as is needed here; both may give less than ``size`` at the end only."""

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes."""

    def readline(self, size: int, /) -> bytes:
        """The next line, at most ``size`` bytes of it."""


@dataclass(frozen=True)
class Document:
    """Bytes and their surroundings.

    ``ending`` is the name's, in lower case with its dot. ``named``: the user asked for this very one, there is no
    passing over it. ``url`` and ``charset`` are what the transport said where it came over HTTP. ``depth`` counts the
    archives that it lies in.
    """

    name: str
    stream: Readable
    ending: str = ""
    modified_ms: int = 0
    named: bool = False
    url: str | None = None
    charset: str | None = None
    depth: int = 0

    def whole(self) -> bytes | None:
        """All its bytes; None where they are too many."""
        value = self.stream.read(MAX_DOCUMENT_BYTES + 1)
        return value if len(value) <= MAX_DOCUMENT_BYTES else None

    def led_by(self, head: bytes) -> Document:
        """This one again after ``head`` was read of it."""
        return replace(self, stream=Joined(head, self.stream))


@dataclass(frozen=True)
class Options:
    """What the user says about the sources.

    ``source`` is who published what does not say so itself; ``columns`` names the columns of tables by article field;
    with ``allow_private`` redirects may lead to this machine and private networks.
    """

    apart: Apart = field(default_factory=Apart)
    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False


class Joined:
    """What was read ahead, and then the rest."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        found = self._head.read(size)
        return found + self._rest.read(size - len(found)) if len(found) < size else found

    def readline(self, size: int) -> bytes:
        """The next line, at most ``size`` bytes of it."""
        found = self._head.readline(size)
        if found.endswith(b"\n") or len(found) == size:
            return found
        return found + self._rest.readline(size - len(found))


def lines(stream: Readable) -> Iterator[bytes | None]:
    """Lines with their ends; None for one that is too long, whose rest is read and forgotten."""
    while line := stream.readline(MAX_DOCUMENT_BYTES + 1):
        if len(line) <= MAX_DOCUMENT_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_DOCUMENT_BYTES)
        yield None


def readable_name(path: Path | str) -> str:
    """A path as text that can be printed and put into JSON, also where its bytes are not UTF-8."""
    return str(path).encode(errors="backslashreplace").decode()
