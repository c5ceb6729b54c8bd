"""Batches as each codec and client writes them, read piece by piece."""

from __future__ import annotations

import gzip
import itertools
import struct
from collections.abc import Callable
from typing import Any

import cramjam
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from kafka.record.default_records import DefaultRecordBatchBuilder
from kafka.record.memory_records import MemoryRecords
from odd_batches import COUNT, ODD_BATCHES, REFUSED_BATCHES, OddBatch, odd_batch
from record_bombs import record

from pipeline.streaming.kafka import (
    clients,  # noqa: F401  (whoever opens a client has kafka-python changed)
    record_batches,
)
from pipeline.streaming.kafka.record_batches import KEPT_BYTES, MAX_RECORD_BYTES, CutBytes, read_batch, read_records
from pipeline.streaming.kafka.unpacking import CorruptBatchError, UnpackedTooLargeError, unpack, unpacked_pieces
from pipeline.streaming.worker.aiokafka_patches import BoundedRecords

MB = 1_000_000


def lz4(data: bytes, *, checksum: bool = False) -> bytes:
    compressor = cramjam.lz4.Compressor(level=9, content_checksum=checksum, block_linked=False)
    compressor.compress(data)
    return bytes(compressor.finish())


def xerial(data: bytes) -> bytes:
    blocks = [bytes(cramjam.snappy.compress_raw(data[at : at + 32_768])) for at in range(0, len(data), 32_768)]
    header = b"\x82SNAPPY\x00" + struct.pack(">ii", 1, 1)
    return header + b"".join(struct.pack(">i", len(block)) + block for block in blocks)


CODECS: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "none": (0, bytes),
    "gzip": (1, gzip.compress),
    "gzip of two members": (1, lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:])),
    "snappy": (2, lambda data: bytes(cramjam.snappy.compress_raw(data))),
    "snappy of xerial": (2, xerial),
    "lz4": (3, lz4),
    "lz4 with checksums": (3, lambda data: lz4(data, checksum=True)),
    "lz4 of two frames": (3, lambda data: lz4(data[:7]) + lz4(data[7:])),
    "zstd": (4, lambda data: zstandard.ZstdCompressor().compress(data)),
    "zstd without its size": (4, lambda data: zstandard.ZstdCompressor(write_content_size=False).compress(data)),
    "zstd of two frames": (4, lambda data: zstandard.compress(data[:7]) + zstandard.compress(data[7:])),
}


@pytest.mark.parametrize("name", CODECS)
@given(data=st.binary(max_size=2000), times=st.integers(1, 400))
def test_what_a_codec_packs_is_unpacked(name: str, data: bytes, times: int) -> None:
    codec, pack = CODECS[name]
    whole = data * times
    assert unpack(codec, pack(whole), max_bytes=MB) == whole


@pytest.mark.parametrize("name", CODECS)
def test_no_more_is_unpacked_than_is_wanted(name: str) -> None:
    codec, pack = CODECS[name]
    packed = pack(bytes(30 * MB))
    pieces = unpacked_pieces(codec, packed)
    with pytest.raises(UnpackedTooLargeError):
        unpack(codec, packed, max_bytes=MB)
    if "snappy" not in name and name != "none":  # none has no more than the packet, a block of snappy 22 times as much
        assert sum(map(len, itertools.islice(pieces, 2))) < 10 * MB


@pytest.mark.parametrize("codec", range(1, 6))
@pytest.mark.parametrize(
    "data", [b"\x00" * 40, b"\x04\x22\x4d\x18", b"\xff\xff\xff\xff\x0f" + b"\x00" * 9, b"\x1f\x8b"]
)
def test_what_is_of_no_codec_is_said_to_be_so(codec: int, data: bytes) -> None:
    with pytest.raises(CorruptBatchError):
        unpack(codec, data, max_bytes=MB)


def test_a_block_of_snappy_that_says_it_has_gigabytes_is_refused_before_they_are_asked_for() -> None:
    with pytest.raises(CorruptBatchError, match="4,294,967,295"):
        unpack(2, b"\xff\xff\xff\xff\x0f" + b"\x00" * 9, max_bytes=MB)


def batch(*records: tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]) -> bytes:
    """The records of a batch as kafka-python writes them, uncompressed."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 10**9)
    for offset, (key, value, headers) in enumerate(records):
        builder.append(offset, 1000 + offset, key, value, headers)
    return bytes(builder.build())[builder.HEADER_STRUCT.size :]


RECORDS = st.lists(
    st.tuples(
        st.none() | st.binary(max_size=300),
        st.none() | st.binary(max_size=3000),
        st.lists(st.tuples(st.text(max_size=30), st.none() | st.binary(max_size=99)), max_size=3),
    ),
    min_size=1,
    max_size=20,
)


@given(records=RECORDS, piece=st.integers(1, 5000))
def test_records_are_read_wherever_the_pieces_end(
    records: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]], piece: int
) -> None:
    data = batch(*records)
    pieces = (data[at : at + piece] for at in range(0, len(data), piece))
    found = list(read_records(pieces, len(records), name_errors="strict"))
    assert [(record.key, record.value, record.headers) for record in found] == records
    assert [(record.offset_delta, record.timestamp_delta) for record in found] == [(n, n) for n in range(len(records))]


def one(
    *records: tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]],
) -> list[record_batches.UnpackedRecord]:
    data = batch(*records)
    pieces = (data[at : at + 100_000] for at in range(0, len(data), 100_000))
    return list(read_records(pieces, len(records), name_errors="strict"))


def test_a_record_that_is_too_large_is_cut_and_its_neighbours_are_not() -> None:
    large = b"begin" + bytes(MAX_RECORD_BYTES)
    first, cut, last = one((b"a", b"1", []), (b"b", large, [("h", b"1")]), (b"c", b"3", []))
    assert (first.value, last.value, last.key) == (b"1", b"3", b"c")
    assert isinstance(cut.value, CutBytes)
    assert (cut.key, cut.value, cut.offset_delta) == (b"b", large[:KEPT_BYTES], 1)
    assert cut.size > len(large)
    assert cut.value.why == f"the record has {cut.size:,} bytes unpacked, and at most 16,777,216 are read"


@pytest.mark.parametrize(
    ("key", "value", "headers"),
    [
        (b"k" * (MAX_RECORD_BYTES + 1), b"v", []),
        (b"k" * (MAX_RECORD_BYTES + 1), None, []),
        (None, b"v", [("h", b"x" * (MAX_RECORD_BYTES + 1))]),
        (b"k", b"v", [("h", b"")] * 10_001),
    ],
)
def test_a_large_key_and_large_headers_make_a_record_too_large_as_well(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    cut, last = one((key, value, headers), (None, b"3", []))
    assert isinstance(cut.value, CutBytes)
    assert (cut.key, cut.value) == (None if key is None else key[:KEPT_BYTES], value or b"")
    assert (cut.headers, last.value) == ([], b"3")


@pytest.mark.parametrize("end", [1, 5, 20, -1])
def test_a_batch_that_ends_too_early_is_said_to_be_corrupt(end: int) -> None:
    data = batch((b"key", b"value", [("h", b"1")]), (b"key", b"value", []))
    with pytest.raises(CorruptBatchError):
        list(read_records([data[:end]], 2, name_errors="strict"))


@pytest.mark.parametrize("codec", range(5))
def test_kafka_python_reads_what_any_codec_has_packed(codec: int) -> None:
    """As written by other clients: a broker keeps batches as they come."""
    packs: dict[int, Callable[[bytes], bytes]] = {
        0: bytes,
        1: gzip.compress,
        2: xerial,
        3: lz4,
        4: zstandard.compress,
    }
    name = b"n\xff"
    body = batch((b"a", b"1" * 1000, [("n?", b"x")]), (b"b", None, [])).replace(b"n?", name)
    head = bytearray(DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 10**9).build())
    packed = packs[codec](body)
    struct.pack_into(">i", head, 8, len(head) + len(packed) - 12)  # the length of what follows it
    struct.pack_into(">h", head, 21, codec)
    struct.pack_into(">i", head, 23, 1)  # the place of the last record
    struct.pack_into(">i", head, 57, 2)  # records
    batch_of_two: Any = MemoryRecords(bytes(head) + packed).next_batch()
    records = list(batch_of_two)
    assert [(record.key, record.value, record.headers) for record in records] == [
        (b"a", b"1" * 1000, [("n\\xff", b"x")]),
        (b"b", None, []),
    ]


@pytest.mark.parametrize("reader", [BoundedRecords, MemoryRecords])
@pytest.mark.parametrize(
    "odd", [pytest.param(odd, id=name) for name, odd in {**ODD_BATCHES, **REFUSED_BATCHES}.items()]
)
def test_each_record_of_an_odd_batch_comes_out_at_its_own_place(odd: OddBatch, reader: Any) -> None:
    values = [b"first", b"second", b"third"]
    found = list(reader(odd_batch(odd, values)).next_batch())
    # A reader passes over what it has already had.
    assert [(one.offset, one.value) for one in found[-COUNT:]] == list(enumerate(values))


@given(codec=st.integers(0, 7), data=st.binary(max_size=300), count=st.integers(1, 9), gaps=st.integers(0, 5))
def test_whatever_a_batch_holds_each_of_its_places_comes_out_once_and_in_order(
    codec: int, data: bytes, count: int, gaps: int
) -> None:
    span = count + gaps
    places = [
        one.offset_delta for one in read_batch(codec, data, count=count, span=span, name_errors="backslashreplace")
    ]
    assert places == sorted(set(places))
    assert set(places) <= set(range(span))
    assert gaps or places == list(range(count))


def test_what_stands_behind_the_most_that_is_unpacked_of_a_batch_is_cut_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record_batches, "MAX_BATCH_BYTES", MB)
    data = zstandard.compress(batch(*[(b"k", b"x" * MB, [])] * 9))
    found = list(read_batch(4, data, count=9, span=9, name_errors="strict"))
    assert [one.offset_delta for one in found] == list(range(9))
    assert found[0].value == b"x" * MB
    assert isinstance(found[-1].value, CutBytes)
    assert "1,000,000 bytes unpacked" in found[-1].value.why


def test_a_batch_with_gaps_of_compaction_keeps_its_places() -> None:
    data = b"".join(piece for place in (0, 4, 7) for piece in record(place, b"v", 0, b""))
    found = list(read_batch(0, data, count=3, span=9, name_errors="strict"))
    assert [one.offset_delta for one in found] == [0, 4, 7]
