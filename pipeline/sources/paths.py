"""Paths in, what is found in them out: files by their ending, directories in sorted order, ``-`` is standard input."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import UsageError
from pipeline.sources.files import read_file, read_stream, readable_name
from pipeline.sources.found import Found, Skipped, Unreadable

STDIN = "-"


def read_paths(paths: Sequence[str], *, stdin: BinaryIO, source: str | None = None) -> Iterator[Found]:
    """Everything that the paths hold, one by one and in order.

    ``source`` is who published the plain texts among them; JSON says it itself and goes through unchanged.

    Raises:
        UsageError: before anything is read, if a path does not exist.
    """
    missing = [path for path in paths if path != STDIN and not os.path.lexists(path)]
    if missing:
        raise UsageError(f"there is no {missing[0]}" + (f" (nor {len(missing) - 1} more)" if missing[1:] else ""))
    return _read_all(paths, stdin, source)


def _read_all(paths: Sequence[str], stdin: BinaryIO, source: str | None) -> Iterator[Found]:
    for path in paths:
        if path == STDIN:
            yield from read_stream("stdin", stdin, source=source)
        elif Path(path).is_dir():
            yield from _read_directory(Path(path), source)
        else:
            yield from _read_named(Path(path), source)


def _read_named(path: Path, source: str | None) -> Iterator[Found]:
    """A file that the user named: there is no passing over it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe, such as <(command)
            with path.open("rb") as stream:
                yield from read_stream(readable_name(path), stream, source=source)
            return
    except OSError as exc:
        yield Unreadable(readable_name(path), exc.strerror or str(exc))
        return
    for found in read_file(path, source=source):
        yield Unreadable(found.name, found.why) if isinstance(found, Skipped) else found


def _read_directory(directory: Path, source: str | None) -> Iterator[Found]:
    try:
        entries = sorted(directory.iterdir())
    except OSError as exc:
        yield Unreadable(readable_name(directory), exc.strerror or str(exc))
        return
    for entry in entries:
        if entry.name.startswith("."):
            yield Skipped(readable_name(entry), "hidden")
        elif entry.is_dir():
            if entry.is_symlink():
                yield Skipped(readable_name(entry), "a link to a directory")
            else:
                yield from _read_directory(entry, source)
        elif entry.is_file() or entry.is_symlink():
            yield from read_file(entry, source=source)
        else:
            yield Skipped(readable_name(entry), "not a regular file")
