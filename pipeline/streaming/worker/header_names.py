"""Records whose header names are not UTF-8: aiokafka cannot read them; here is how they are read all the same.

Kafka's protocol wants UTF-8 and brokers do not check it. aiokafka raises while it unpacks a fetched batch, which would
end the worker at the same record again and again. Its own pure Python classes unpack them, given a buffer that decodes
such names with Python's ``surrogateescape``; they are slower, so they are used only once such a record was met.
"""

from __future__ import annotations

from typing import Any, SupportsIndex

import aiokafka.consumer.fetcher
import aiokafka.record.memory_records
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import _MemoryRecordsPy


def read_any_header_name() -> None:
    """From now on this process reads records with such names; each undecodable byte is a lone surrogate in the name."""
    aiokafka.record.memory_records.DefaultRecordBatch = _AnyNameBatch
    aiokafka.consumer.fetcher.MemoryRecords = _MemoryRecordsPy


def is_utf8(name: str) -> bool:
    """Whether a header's name, as it was read, is what Kafka's protocol wants."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(name: str) -> str:
    r"""A name with its undecodable bytes as ``\xff``."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


class _AnyNameBuffer(bytearray):
    """Bytes whose slices decode whatever they are."""

    def __getitem__(self, item: SupportsIndex | slice) -> Any:  # noqa: ANN401  (as bytearray: an int or bytes)
        found = super().__getitem__(item)
        return _AnyNameBuffer(found) if isinstance(found, bytearray) else found

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:  # noqa: ARG002
        return super().decode(encoding, "surrogateescape")


class _AnyNameBatch(_DefaultRecordBatchPy):  # type: ignore[misc]
    _buffer: bytearray

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        if not isinstance(self._buffer, _AnyNameBuffer):
            self._buffer = _AnyNameBuffer(self._buffer)
