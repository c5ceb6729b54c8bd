"""Read the records of a compressed batch as a stream, so that memory does not grow with what a batch unpacks to.

A record batch of some kilobytes may unpack to gigabytes, as one record or as many. Kafka bounds only its compressed
size (``max.message.bytes``), and both client libraries unpack the whole batch at once. Here the codecs give the
unpacked bytes piece by piece, and a record that is too large is cut to its first bytes while it is read.

A broker takes batches that it can read itself. What it does not look at (bytes behind the data, flags of gzip, the
offsets of uncompressed records) may be anything, so ``read_batch`` raises nothing: each record of a batch comes out,
at its own place, and one that cannot be read is cut.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import cramjam
import zstandard
from kafka.errors import KafkaError

from pipeline.contract.headers import Headers

MAX_RECORD_BYTES = 16 * 1024 * 1024  # of one record, unpacked; a larger one is cut
MAX_BATCH_BYTES = 4 * 1024 * 1024 * 1024  # of one batch, unpacked; the records behind are cut, unread
MAX_HEADERS = 10_000  # of one record; as Python objects a million of them take 70 MB
KEPT_BYTES = 64 * 1024  # of the key and of the value of a record that is cut

_PIECE_BYTES = 128 * 1024
_PACKED_BYTES = 64 * 1024  # that are unpacked at once
_ZSTD_PACKED_BYTES = 128  # its blocks of four bytes may unpack to 128 kB each
_GZIP_BITS = 31  # of zlib: the data has gzip's header
_GZIP_FLAGS_AT, _GZIP_FLAGS = 3, 0x1F  # the others are reserved; Java passes over them, zlib refuses them
_XERIAL_HEADER = b"\x82SNAPPY\x00"
_XERIAL_HEADER_BYTES = 16  # with two versions
_MOST_BITS = 64  # of a number in Kafka's encoding
_LZ4_MAGIC = b"\x04\x22\x4d\x18"
_LZ4_BLOCK_BYTES = {4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22}


class UnpackedTooLargeError(Exception):
    """A batch unpacks to more bytes than are wanted at once."""


class CorruptBatchError(KafkaError):  # type: ignore[misc]
    """A batch that is not as Kafka's protocol says. Brokers check batches when they take them."""


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


def unpack(codec: int, data: bytes, *, max_bytes: int) -> bytes:
    """Return the unpacked bytes of a batch.

    Raises:
        UnpackedTooLargeError: there are more than ``max_bytes``; at most a few megabytes more were unpacked.
    """
    pieces: list[bytes] = []
    size = 0
    for piece in unpacked_pieces(codec, data):
        size += len(piece)
        if size > max_bytes:
            raise UnpackedTooLargeError(max_bytes)
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def unpacked_pieces(codec: int, data: bytes) -> Iterator[bytes]:
    """Yield the unpacked bytes of a batch, in pieces of some megabytes at most.

    Raises:
        CorruptBatchError: the bytes are not of this codec.
    """
    try:
        yield from _CODECS[codec](data)
    except (KeyError, zlib.error, zstandard.ZstdError, cramjam.DecompressionError, struct.error, IndexError) as exc:
        raise CorruptBatchError(f"a batch of codec {codec} cannot be unpacked: {exc!r}") from exc


def _plain(data: bytes) -> Iterator[bytes]:
    yield data


def _gzip(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        member = zlib.decompressobj(_GZIP_BITS)
        head = data[at : at + _GZIP_FLAGS_AT + 1]
        pending = head[:_GZIP_FLAGS_AT] + bytes(flags & _GZIP_FLAGS for flags in head[_GZIP_FLAGS_AT:])
        at += len(head)
        while not member.eof:
            if not pending:
                pending = data[at : at + _PACKED_BYTES]
                at += len(pending)
            piece = member.decompress(pending, _PIECE_BYTES)
            if not piece and not pending and not member.eof:
                raise zlib.error("the data ends within it")
            pending = member.unconsumed_tail
            yield piece
        at -= len(member.unused_data)


def _snappy(data: bytes) -> Iterator[bytes]:
    if not data.startswith(_XERIAL_HEADER):
        yield _snappy_block(data)
        return
    at = 0
    while at < len(data):
        if data.startswith(_XERIAL_HEADER, at):  # several streams may follow each other
            at += _XERIAL_HEADER_BYTES
            continue
        (size,) = struct.unpack_from(">i", data, at)
        at += 4 + size
        yield _snappy_block(data[at - size : at])


def _snappy_block(block: bytes) -> bytes:
    """Unpack a block, which cannot be read in pieces; but none unpacks to more than 22 times its size."""
    size = cramjam.snappy.decompress_raw_len(block)
    if size > 22 * len(block):
        raise CorruptBatchError(f"a block of {len(block):,} bytes of snappy cannot have {size:,} unpacked")
    return bytes(cramjam.snappy.decompress_raw(block))


def _lz4(data: bytes) -> Iterator[bytes]:
    """Unpack blocks that do not depend on each other: brokers take no others."""
    at = 0
    blocks: dict[int, bytearray] = {}  # by size: a frame of some bytes may ask for one of megabytes
    while at < len(data):
        if data[at : at + 4] != _LZ4_MAGIC:
            raise cramjam.DecompressionError("no frame of LZ4")
        flags, descriptor = data[at + 4], data[at + 5]
        size = _LZ4_BLOCK_BYTES[descriptor >> 4 & 7]
        block = blocks[size] = blocks.get(size) or bytearray(size)
        at += 7 + (8 if flags & 0x08 else 0) + (4 if flags & 0x01 else 0)
        while size := struct.unpack_from("<I", data, at)[0]:
            begin = at + 4
            end = begin + (size & 0x7FFFFFFF)
            if size & 0x80000000:
                yield data[begin:end]
            else:
                length = cramjam.lz4.decompress_block_into(data[begin:end], block, output_len=len(block))
                yield bytes(block[:length])
            at = end + (4 if flags & 0x10 else 0)
        at += 4 + (4 if flags & 0x04 else 0)


def _zstd(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        frame = zstandard.ZstdDecompressor().decompressobj()
        while not frame.eof:
            packed = data[at : at + _ZSTD_PACKED_BYTES]
            if not packed:
                raise zstandard.ZstdError("the data ends within a frame")
            at += len(packed)
            yield frame.decompress(packed)
        at -= len(frame.unused_data)


_CODECS: dict[int, Callable[[bytes], Iterator[bytes]]] = {0: _plain, 1: _gzip, 2: _snappy, 3: _lz4, 4: _zstd}


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
