"""Unpack a compressed batch piece by piece, so that memory does not grow with what it unpacks to.

A record batch of some kilobytes may unpack to gigabytes. Kafka bounds only its compressed size
(``max.message.bytes``), and both client libraries unpack the whole batch at once. What a broker does not look at (bytes
behind the data, flags of gzip, several streams) is read as a broker reads it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

import cramjam
import zstandard
from kafka.errors import KafkaError

_PIECE_BYTES = 128 * 1024
_PACKED_BYTES = 64 * 1024  # that are unpacked at once
_ZSTD_PACKED_BYTES = 128  # its blocks of four bytes may unpack to 128 kB each
_GZIP_BITS = 31  # of zlib: the data has gzip's header
_GZIP_FLAGS_AT, _GZIP_FLAGS = 3, 0x1F  # the others are reserved; Java passes over them, zlib refuses them
_XERIAL_HEADER = b"\x82SNAPPY\x00"
_XERIAL_HEADER_BYTES = 16  # with two versions
_LZ4_MAGIC = b"\x04\x22\x4d\x18"
_LZ4_BLOCK_BYTES = {4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22}


class UnpackedTooLargeError(Exception):
    """A batch unpacks to more bytes than are wanted at once."""


class CorruptBatchError(KafkaError):  # type: ignore[misc]
    """A batch that is not as Kafka's protocol says. Brokers check batches when they take them."""


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
