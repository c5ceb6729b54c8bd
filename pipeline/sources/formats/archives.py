"""A compressed file in, the documents inside it out: gzip, zip. Nothing is written to disk, whatever names it holds."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, cast

from pipeline.sources.documents import Document, Options, Readable, readable_name
from pipeline.sources.found import Found, Skipped, Unreadable

TOO_DEEP = "an archive inside an archive"
HIDDEN = "hidden"

_MOST_DEPTH = 2  # a .jsonl.gz in a .zip
_MOST_MEMBERS = 1_000_000
# Text shrinks to a tenth or so, the bytes of a bomb to a thousandth. Small files may do as they like.
_MOST_RATIO = 200
_FREE_BYTES = 64 * 1024 * 1024
_SPOOL_BYTES = 32 * 1024 * 1024  # of a zip on a pipe: beyond, it goes to a temporary file
_CHUNK_BYTES = 1024 * 1024

ReadMember = Callable[[Document, Options], Iterator[Found]]


class BombError(Exception):
    """Far more comes out of an archive than any text can have shrunk."""


def read_gzip(document: Document, options: Options, read: ReadMember) -> Iterator[Found]:
    """What ``read`` finds in the one file that was compressed."""
    if document.depth >= _MOST_DEPTH:
        yield Skipped(document.name, TOO_DEEP)
        return
    packed = _Counted(document.stream)
    unpacked = gzip.GzipFile(fileobj=cast("BinaryIO", io.BufferedReader(packed)))
    inside = replace(
        document,
        stream=_Bounded(cast("IO[bytes]", unpacked), lambda: packed.count),
        ending=PurePosixPath(document.name.lower().removesuffix(".gz")).suffix if document.ending == ".gz" else "",
        depth=document.depth + 1,
    )
    yield from _guarded(document.name, read(inside, options))


def read_zip(document: Document, options: Options, read: ReadMember) -> Iterator[Found]:
    """What ``read`` finds in each member, named ``NAME!MEMBER``, in the archive's order."""
    if document.depth >= _MOST_DEPTH:
        yield Skipped(document.name, TOO_DEEP)
        return
    with _seekable(document.stream) as file:
        size = file.seek(0, io.SEEK_END)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as exc:
            yield Unreadable(document.name, f"not a zip archive: {exc}")
            return
        with archive:
            total = _Total()
            for number, member in enumerate(archive.infolist()):
                name = f"{document.name}!{readable_name(member.filename)}"
                if member.is_dir():
                    continue
                if number >= _MOST_MEMBERS:
                    yield Unreadable(document.name, f"more than {_MOST_MEMBERS:,} members; the rest is left out")
                    return
                if any(part.startswith(".") and part.strip(".") for part in PurePosixPath(member.filename).parts):
                    yield Skipped(name, HIDDEN)
                    continue
                inside = replace(
                    document,
                    name=name,
                    ending=PurePosixPath(member.filename.lower()).suffix,
                    depth=document.depth + 1,
                    named=False,
                )
                yield from _guarded(name, _member(archive, member, inside, options, read, total, size))


def _member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    inside: Document,
    options: Options,
    read: ReadMember,
    total: _Total,
    size: int,
) -> Iterator[Found]:
    with archive.open(member) as unpacked:
        yield from read(replace(inside, stream=_Bounded(unpacked, lambda: size, total)), options)


def _guarded(name: str, found: Iterator[Found]) -> Iterator[Found]:
    """What was found until the archive turns out to be damaged, locked or a bomb."""
    try:
        yield from found
    except BombError:
        yield Unreadable(name, f"unpacks to more than {_MOST_RATIO} times its size: refused as a zip bomb")
    except RuntimeError as exc:  # zipfile's word for a password
        if "password" not in str(exc):
            raise
        yield Unreadable(name, "it is protected by a password")
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError) as exc:
        yield Unreadable(name, f"the archive is damaged: {exc}")


class _Total:
    """Bytes that have come out of an archive."""

    def __init__(self) -> None:
        self.bytes = 0


class _Bounded:
    """A stream that ends with a ``BombError`` once too much comes out of what went in."""

    def __init__(self, unpacked: IO[bytes], packed_bytes: Callable[[], int], total: _Total | None = None) -> None:
        self._unpacked, self._packed_bytes, self._total = unpacked, packed_bytes, total or _Total()

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        pieces, missing = [], size
        while missing > 0 and (piece := self._counted(self._unpacked.read(min(missing, _CHUNK_BYTES)))):
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int) -> bytes:
        """The next line, at most ``size`` bytes of it."""
        return self._counted(self._unpacked.readline(size))

    def _counted(self, found: bytes) -> bytes:
        self._total.bytes += len(found)
        if self._total.bytes > _FREE_BYTES and self._total.bytes > _MOST_RATIO * self._packed_bytes():
            raise BombError
        return found


class _Counted(io.RawIOBase):
    """A stream as the file that ``gzip`` wants, which counts what went in."""

    def __init__(self, stream: Readable) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (a writable buffer)
        found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        self.count += len(found)
        return len(found)


def _seekable(stream: Readable) -> IO[bytes]:
    """The archive as a file: a zip's table of contents stands at its end."""
    if isinstance(stream, io.BufferedReader) and stream.seekable():
        return stream
    file = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115  (its reader closes it)
    try:
        while piece := stream.read(_CHUNK_BYTES):
            file.write(piece)
    except BaseException:
        file.close()
        raise
    return file
