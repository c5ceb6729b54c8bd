"""Read the records of a batch as a stream: one that is too large is cut to its first bytes while it is read.

A broker takes batches that it can read itself, and does not check the offsets of uncompressed records. So
``read_batch`` raises nothing: each record of a batch comes out, at its own place, and one that cannot be read is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.contract.headers import Headers
from pipeline.streaming.kafka.unpacking import CorruptBatchError, unpacked_pieces

MAX_RECORD_BYTES = 16 * 1024 * 1024  # of one record, unpacked; a larger one is cut
MAX_BATCH_BYTES = 4 * 1024 * 1024 * 1024  # of one batch, unpacked; the records behind are cut, unread
MAX_HEADERS = 10_000  # of one record; as Python objects a million of them take 70 MB
KEPT_BYTES = 64 * 1024  # of the key and of the value of a record that is cut

_MOST_BITS = 64  # of a number in Kafka's encoding


class CutBytes(bytes):
    """The first bytes of a value whose record was not read whole: it has ``size`` bytes. ``why`` says so in words."""

    why: str
    size: int


class UnpackedRecord(NamedTuple):
    """A record of a batch; its time and its offset count from the batch's own. ``size`` is in bytes, unpacked."""

    size: int
    timestamp_delta: int
    offset_delta: int
    key: bytes | None
    value: bytes | None
    headers: Headers


def cut(first_bytes: bytes | None, why: str, *, size: int) -> CutBytes:
    """Return the value of a record that is cut."""
    value = CutBytes(first_bytes or b"")
    value.why, value.size = why, size
    return value


def read_batch(codec: int, data: bytes, *, count: int, span: int, name_errors: str) -> Iterator[UnpackedRecord]:
    """Yield the ``count`` records of a batch of message format 2, each at a place of its own.

    Args:
        codec: the number of the codec.
        data: the records, compressed.
        count: how many there are.
        span: how many offsets the batch has. A producer's batch has one for each record, and their places are counted:
            brokers do not check what uncompressed records say. Only compaction leaves gaps.
        name_errors: how ``bytes.decode`` treats a header's name that is not UTF-8: brokers do not check names.
    """
    last = -1
    try:
        for record in read_records(unpacked_pieces(codec, data), count, name_errors=name_errors):
            last = last + 1 if count == span else _place(record.offset_delta, last, span)
            yield record._replace(offset_delta=last)
    except CorruptBatchError as exc:
        value = cut(None, f"the record cannot be read: {exc}", size=len(data))
        for delta in range(last + 1, span):
            yield UnpackedRecord(len(data), 0, delta, None, value, [])


def _place(stated: int, last: int, span: int) -> int:
    if not last < stated < span:
        raise CorruptBatchError(f"a record says that it has place {stated:,} of {span:,}, behind {last:,}")
    return stated


def read_records(pieces: Iterable[bytes], count: int, *, name_errors: str) -> Iterator[UnpackedRecord]:
    """Yield the records of a batch from its unpacked bytes.

    Raises:
        CorruptBatchError: the bytes are no such records, or too many.
    """
    stream = _Stream(pieces)
    for _ in range(count):
        size = stream.varint()
        if size < 0:
            raise CorruptBatchError("a record has less than no bytes")
        try:
            if size <= MAX_RECORD_BYTES:
                yield _record(stream.take(size), name_errors)
            else:
                yield from _cut_record(stream, size)
        except IndexError as exc:
            raise CorruptBatchError("a record ends within a field") from exc


def _record(body: bytes, name_errors: str) -> UnpackedRecord:
    timestamp_delta, at = _varint(body, 1)  # behind the attributes
    offset_delta, at = _varint(body, at)
    key, at = _field(body, at)
    value, at = _field(body, at)
    count, at = _varint(body, at)
    headers: Headers = []
    if count > MAX_HEADERS:
        why = f"the record has {count:,} headers, and at most {MAX_HEADERS:,} are read"
        value = cut((value or b"")[:KEPT_BYTES], why, size=len(body))
        key = None if key is None else key[:KEPT_BYTES]
    else:
        for _ in range(count):
            name, at = _field(body, at)
            content, at = _field(body, at)
            headers.append(((name or b"").decode("utf-8", name_errors), content))
    return UnpackedRecord(len(body), timestamp_delta, offset_delta, key, value, headers)


def _field(body: bytes, at: int) -> tuple[bytes | None, int]:
    size, at = _varint(body, at)
    return (None, at) if size < 0 else (body[at : at + size], at + size)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number in Kafka's encoding (zigzag, base 128), and the place behind it."""
    byte = data[at]
    number, shift = byte & 0x7F, 7
    while byte & 0x80:
        at += 1
        byte = data[at]
        number |= (byte & 0x7F) << shift
        shift += 7
    return (number >> 1) ^ -(number & 1), at + 1


def _cut_record(stream: _Stream, size: int) -> Iterator[UnpackedRecord]:
    """Yield a record that is too large without having it in memory, and pass over its end. Its headers are left out."""
    end = stream.at + size
    stream.skip(1)
    timestamp_delta, offset_delta = stream.varint(), stream.varint()
    key = _first_bytes(stream)
    left = stream.varint()
    value = stream.take(min(max(left, 0), KEPT_BYTES))
    why = f"the record has {size:,} bytes unpacked, and at most {MAX_RECORD_BYTES:,} are read"
    yield UnpackedRecord(size, timestamp_delta, offset_delta, key, cut(value, why, size=size), [])
    stream.skip(end - stream.at)


def _first_bytes(stream: _Stream) -> bytes | None:
    size = stream.varint()
    if size < 0:
        return None
    first = stream.take(min(size, KEPT_BYTES))
    stream.skip(size - len(first))
    return first


class _Stream:
    """Pieces of bytes, read from front to back."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._buffer = b""
        self._begin = 0  # of what is unread in the buffer
        self._read = 0  # bytes before the buffer

    @property
    def at(self) -> int:
        """How many bytes were read."""
        return self._read + self._begin

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes."""
        end = self._begin + size
        if end > len(self._buffer):
            self._fill(size)
            end = size
        taken = self._buffer[self._begin : end]
        self._begin = end
        return taken

    def varint(self) -> int:
        """Return the next number."""
        number = shift = 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return (number >> 1) ^ -(number & 1)
            shift += 7
            if shift > _MOST_BITS:
                raise CorruptBatchError("a number is too long")

    def skip(self, size: int) -> None:
        """Pass over the next ``size`` bytes."""
        if size < 0:
            raise CorruptBatchError("a record is longer than it says")
        while size > (left := len(self._buffer) - self._begin):
            size -= left
            self._read += len(self._buffer)
            self._buffer, self._begin = self._next_piece(), 0
        self._begin += size

    def _fill(self, size: int) -> None:
        """Have at least ``size`` unread bytes at the beginning of the buffer."""
        pieces = [self._buffer[self._begin :]]
        missing = size - len(pieces[0])
        while missing > 0:
            pieces.append(self._next_piece())
            missing -= len(pieces[-1])
        self._read += self._begin
        self._buffer, self._begin = b"".join(pieces), 0

    def _next_piece(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise CorruptBatchError("a batch ends within a record")
        if self._read > MAX_BATCH_BYTES:
            raise CorruptBatchError(f"a batch has more than {MAX_BATCH_BYTES:,} bytes unpacked")
        return piece
