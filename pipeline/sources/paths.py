"""Paths in, what is found in them out: files, directories in sorted order, ``-`` for standard input, addresses."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import UsageError
from pipeline.sources.apart import Apart
from pipeline.sources.documents import Document, Options, readable_name
from pipeline.sources.fetch import fetch, has_credentials, is_url
from pipeline.sources.formats.archives import HIDDEN
from pipeline.sources.formats.kinds import read
from pipeline.sources.found import Found, Skipped, Unreadable
from pipeline.sources.meter import Meter

STDIN = "-"
IGNORE_FILE = ".claimwireignore"
IGNORED = f"named in {IGNORE_FILE}"
LINKED = "a link to a directory"
NO_FILE = "not a regular file"


def read_paths(
    paths: Sequence[str],
    *,
    stdin: BinaryIO,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    allow_urls: bool = False,
    allow_private: bool = False,
    meter: Meter | None = None,
) -> Iterator[Found]:
    """Everything that the paths hold, one by one and in order.

    ``source`` is who published what is no JSON and does not say so in a column; ``columns`` names the columns of tables
    by field. A path that is a URL is read with ``allow_urls`` only, and redirected to this machine or a private
    network with ``allow_private`` only; nothing that stands in a document is ever fetched. ``meter`` is told how far
    the reading is.

    Raises:
        UsageError: before anything is read, if a path does not exist or is a URL that may not be read.
    """
    urls = check_paths(paths, allow_urls=allow_urls)
    meter = meter or Meter()
    if STDIN not in paths and not urls:
        meter.plan(paths)
    options = Options(source=source, columns=columns or {}, allow_private=allow_private)
    return _read_all(paths, stdin, options, meter)


def check_paths(paths: Sequence[str], *, allow_urls: bool) -> list[str]:
    """The addresses among the paths.

    Raises:
        UsageError: a path does not exist, or is a URL that may not be read.
    """
    urls = [path for path in paths if is_url(path)]
    for url in urls:
        if has_credentials(url):
            raise UsageError("a URL holds a user name or a password: claimwire reads only URLs that need none")
    if urls and not allow_urls:
        raise UsageError(f"{urls[0]} is a URL: add --allow-urls to read it")
    missing = [path for path in paths if path != STDIN and not is_url(path) and not os.path.lexists(path)]
    if missing:
        raise UsageError(
            f"no such file or directory: {missing[0]}" + (f" (nor {len(missing) - 1} more)" if missing[1:] else "")
        )
    return urls


def _read_all(paths: Sequence[str], stdin: BinaryIO, options: Options, meter: Meter) -> Iterator[Found]:
    with Apart() as apart:
        options = replace(options, apart=apart)
        for path in paths:
            if path == STDIN:
                yield from read(Document("stdin", stdin, named=True), options)
            elif is_url(path):
                yield from _read_url(path, options)
            elif Path(path).is_dir():
                yield from _read_directory(Path(path), options, meter)
            else:
                yield from read_file(Path(path), options, meter=meter, named=True)


def _read_url(url: str, options: Options) -> Iterator[Found]:
    found = fetch(url, allow_private=options.allow_private)
    yield from [found] if isinstance(found, Unreadable) else read(found, options)


def read_file(path: Path, options: Options, *, meter: Meter | None = None, named: bool = False) -> Iterator[Found]:
    """The articles of one file; ``named``: the user asked for it, there is no passing over it."""
    name = readable_name(path)
    try:
        status = path.stat()
        regular = stat.S_ISREG(status.st_mode)
        with path.open("rb") as stream, (meter or Meter()).reading(stream):
            document = Document(
                name,
                stream,
                ending=path.suffix.lower() if regular else "",  # of a pipe, such as <(command), the name says nothing
                modified_ms=int(status.st_mtime * 1000) if regular else 0,
                named=named,
            )
            yield from read(document, options)
    except OSError as exc:
        yield Unreadable(name, exc.strerror or str(exc))


def _read_directory(directory: Path, options: Options, meter: Meter) -> Iterator[Found]:
    for entry in entries_of(directory):
        yield from [entry] if isinstance(entry, (Skipped, Unreadable)) else read_file(entry, options, meter=meter)


def entries_of(directory: Path) -> Iterator[Path | Skipped | Unreadable]:
    """The files of a directory to its bottom in sorted order, and what is passed over.

    Hidden files are, and links to directories, and what a file ``.claimwireignore`` beside them names, one pattern such
    as ``README.md`` or ``*.bak`` on each line.
    """
    try:
        entries = sorted(directory.iterdir())
        patterns = _patterns(directory / IGNORE_FILE)
    except OSError as exc:
        yield Unreadable(readable_name(directory), exc.strerror or str(exc))
        return
    for entry in entries:
        name = readable_name(entry)
        if entry.name == IGNORE_FILE:
            continue
        if entry.name.startswith("."):
            yield Skipped(name, HIDDEN)
        elif any(fnmatch(entry.name, pattern) for pattern in patterns):
            yield Skipped(name, IGNORED)
        elif entry.is_dir():
            yield from [Skipped(name, LINKED)] if entry.is_symlink() else entries_of(entry)
        elif entry.is_file() or entry.is_symlink():
            yield entry
        else:
            yield Skipped(name, NO_FILE)


def _patterns(file: Path) -> list[str]:
    if not file.is_file():
        return []
    lines = (line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
