"""Record batches that a broker takes and that no client library writes: what it does not look at may be anything."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from record_bombs import gzip, lz4, packed_batch, record, snappy, zstd

COUNT = 3  # records of a batch
_SKIPPED_FRAME = b"\x50\x2a\x4d\x18" + struct.pack("<I", 4) + b"junk"


class OddBatch(NamedTuple):
    """How records are packed, and where in their batch they say that they are."""

    codec: int
    pack: Callable[[bytes], bytes]
    places: Sequence[int] = range(COUNT)


def _gzip_with_reserved_flags(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    return b"\x1f\x8b\x08\xe0" + bytes(6) + packed + struct.pack("<II", zlib.crc32(data), len(data))


ODD_BATCHES = {
    "gzip, bytes behind": OddBatch(1, lambda data: gzip([data]) + b"garbage" * 8),
    "gzip, zeros behind": OddBatch(1, lambda data: gzip([data]) + bytes(64)),
    "gzip, reserved flags": OddBatch(1, _gzip_with_reserved_flags),
    "gzip, an empty member first": OddBatch(1, lambda data: gzip([]) + gzip([data])),
    "snappy, bytes behind": OddBatch(2, lambda data: snappy([data]) + bytes(3)),
    "snappy, two streams": OddBatch(2, lambda data: snappy([data[:20]]) + snappy([data[20:]])),
    "lz4, bytes behind": OddBatch(3, lambda data: lz4([data]) + b"garbage!"),
    "zstd, frames without data": OddBatch(4, lambda data: zstd([]) * 50_000 + zstd([data])),
    "zstd, a frame to pass over": OddBatch(4, lambda data: _SKIPPED_FRAME + zstd([data]) + _SKIPPED_FRAME),
    "places far ahead": OddBatch(0, bytes, (1_000_000, 2_000_000, 3_000_000)),
    "places beyond the batch": OddBatch(0, bytes, (3, 4, 5)),
    "places before the batch": OddBatch(0, bytes, (-1, -2, -3)),
    "one place for all": OddBatch(0, bytes, (0, 0, 0)),
    "places turned round": OddBatch(0, bytes, (2, 1, 0)),
}

# Kafka 4.1 refuses these; another broker may not.
REFUSED_BATCHES = {
    "gzip, members without data": OddBatch(1, lambda data: gzip([]) * 50_000 + gzip([data])),
    "lz4, frames without data": OddBatch(3, lambda data: lz4([]) * 50_000 + lz4([data])),
    "zstd, bytes behind": OddBatch(4, lambda data: zstd([data]) + b"garbage!"),
}


def odd_batch(odd: OddBatch, values: Sequence[bytes]) -> bytes:
    """A batch of ``COUNT`` records with these values."""
    data = b"".join(
        piece for place, value in zip(odd.places, values, strict=True) for piece in record(place, value, 0, b"")
    )
    return packed_batch(odd.codec, odd.pack(data), COUNT, int(time.time() * 1000))
