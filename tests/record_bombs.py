"""Record batches that unpack to far more than they weigh, sent as a client of any kind may send them.

Nothing here has a whole batch unpacked in memory: it is packed piece by piece, and sent by Kafka's own protocol.
"""

from __future__ import annotations

import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterable, Iterator

import cramjam
import crc32c
import zstandard

_BLANKS = b" " * 1_048_576
_HEAD = struct.Struct(">hiqqqhii")  # from the attributes on
_NOT_LEADER = 6
_LZ4_HEADER = b"\x04\x22\x4d\x18\x60\x70\x73"  # independent blocks of at most 4 MB, no checksums


def record(offset: int, before: bytes, blanks: int, after: bytes, key: bytes = b"") -> Iterator[bytes]:
    """A record of message format 2 in pieces; its value has so many blanks between two pieces of JSON."""
    value = len(before) + blanks + len(after)
    head = b"\0" + _varint(0) + _varint(offset) + _varint(len(key)) + key + _varint(value)
    yield _varint(len(head) + value + 1) + head + before
    for at in range(0, blanks, len(_BLANKS)):
        yield _BLANKS[: blanks - at]
    yield after + _varint(0)


def article_with_blanks(number: int, blanks: int) -> tuple[bytes, int, bytes]:
    """An article that is valid, with blanks in a field that nobody knows."""
    return b'{"id":"a%d","text":"One line.","x":"' % number, blanks, b'"}'


def zstd(pieces: Iterable[bytes]) -> bytes:
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


def gzip(pieces: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


def snappy(pieces: Iterable[bytes]) -> bytes:
    blocks = (bytes(cramjam.snappy.compress_raw(piece)) for piece in pieces)
    framed = b"".join(struct.pack(">i", len(block)) + block for block in blocks)
    return b"\x82SNAPPY\x00" + struct.pack(">ii", 1, 1) + framed


def lz4(pieces: Iterable[bytes]) -> bytes:
    blocks = (bytes(cramjam.lz4.compress_block(piece, store_size=False)) for piece in pieces)
    return _LZ4_HEADER + b"".join(struct.pack("<I", len(block)) + block for block in blocks) + bytes(4)


PACKERS: dict[int, Callable[[Iterable[bytes]], bytes]] = {1: gzip, 2: snappy, 3: lz4, 4: zstd}


def batch(codec: int, records: Iterable[Iterable[bytes]], count: int, time_ms: int) -> bytes:
    """A record batch, as brokers keep it."""
    return packed_batch(codec, PACKERS[codec](piece for record in records for piece in record), count, time_ms)


def packed_batch(codec: int, packed: bytes, count: int, time_ms: int) -> bytes:
    """A record batch around records that are packed already."""
    rest = _HEAD.pack(codec, count - 1, time_ms, time_ms, -1, -1, -1, count) + packed
    return struct.pack(">qiibI", 0, len(rest) + 9, -1, 2, crc32c.crc32c(rest)) + rest


def produce(bootstrap: str, topic: str, partition: int, packed: bytes) -> int:
    """Send a batch; the offset of its first record. A topic that was just made has no leader for a moment."""
    deadline = time.monotonic() + 60
    while True:
        error, offset = _produce(bootstrap, topic, partition, packed)
        if not error:
            return offset
        if error != _NOT_LEADER or time.monotonic() > deadline:
            raise OSError(f"the broker refuses the batch with code {error}")
        time.sleep(0.1)


def _produce(bootstrap: str, topic: str, partition: int, packed: bytes) -> tuple[int, int]:
    """Send a Produce request of version 7; the error code and the offset."""
    name = topic.encode()
    body = struct.pack(">hhih", 0, 7, 1, 4) + b"bomb" + struct.pack(">hhi", -1, -1, 30_000)
    body += struct.pack(">ih", 1, len(name)) + name + struct.pack(">iii", 1, partition, len(packed)) + packed
    host, port = bootstrap.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        connection.sendall(struct.pack(">i", len(body)) + body)
        with connection.makefile("rb") as stream:
            answer = stream.read(*struct.unpack(">i", stream.read(4)))
    error, offset = struct.unpack_from(">hq", answer, 4 + 4 + 2 + len(name) + 4 + 4)
    return error, offset


def _varint(number: int) -> bytes:
    number = (number << 1) ^ (number >> 63)
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
