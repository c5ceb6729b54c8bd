"""The newest rejected records in, one by one with their bytes for the eye, or sent back to where they came from."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from pipeline.contract.bytes_in_json import as_bytes
from pipeline.contract.events import RejectedV1
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import EventReader, RecordReader, decode_record, read_one
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.operations.marks import read_marks
from pipeline.streaming.operations.replay import Done, Filter, Rejected, Replay, rejected_ms
from pipeline.topology import TOPICS
from pipeline.web.visible import visible

LISTED = 200  # the newest; `claimwire rejected list` has them all
_SHOWN_BYTES = 64 * 1024
_ROW_BYTES = 16


@dataclass(frozen=True)
class Listing:
    """The newest rejected records, newest first; ``complete`` where there are no older ones."""

    records: list[Rejected]
    complete: bool


@dataclass(frozen=True)
class Content:
    """The bytes of a record for the eye: ``text`` of them, or rows of a dump; ``left_out`` bytes are not shown."""

    text: str | None
    dump: list[tuple[str, str, str]]
    size: int
    left_out: int


class RejectedBrowser:
    """Looks and replays; every method blocks and raises ``UsageError`` where no broker answers."""

    def __init__(self, connection: Connection, *, prefix: str, group: str) -> None:
        self._connection, self._prefix, self._group = connection, prefix, group
        self._topic = prefix + TOPICS[RejectedV1]

    def newest(self, chosen: Filter, *, closed: bool) -> Listing:
        """Those of the last ``LISTED`` in each partition that the filter takes; the open ones, or all."""
        marks = read_marks(self._connection, prefix=self._prefix)
        with RecordReader(self._connection, [self._topic], start="end") as look:
            ranges = look.ranges
        starts = {partition: max(begin, end - LISTED) for partition, (begin, end) in ranges.items()}
        with EventReader(self._connection, RejectedV1, prefix=self._prefix, start=starts) as reader:
            found = (Rejected(record, event, marks.get(record)) for record, event in reader.until_end())
            taken = [one for one in found if (closed or one.mark is None) and chosen.takes(one)]
        newest = heapq.nlargest(LISTED, taken, key=lambda one: (rejected_ms(one.event), one.record.offset))
        whole = all(starts[partition] == begin for partition, (begin, _) in ranges.items())
        return Listing(newest, complete=whole and len(taken) <= LISTED)

    def one(self, partition: int, offset: int) -> Rejected:
        """One of them, and what was done with it.

        Raises:
            UsageError: there is none at this place.
            RecordError: it is no such event.
        """
        record = read_one(self._connection, self._topic, partition, offset)
        marks = read_marks(self._connection, prefix=self._prefix)
        return Rejected(record, decode_record(RejectedV1, record), marks.get(record))

    def value(self, event: RejectedV1) -> bytes | None:
        """The bytes of the record that was rejected; those that did not fit are read where they came from.

        Raises:
            UsageError: the original is gone.
        """
        if not event.truncated:
            return as_bytes(event.value)
        where = event.record
        return read_one(self._connection, where.topic, where.partition, where.offset).value

    def replay(self, record: InRecord) -> Done:
        """Send one back, once.

        Raises:
            ClaimwireError: Kafka did not take it.
        """
        work = Replay(self._connection, prefix=self._prefix, group=self._group)
        return work.replay(Filter(place=(record.partition, record.offset)))


def content(value: bytes) -> Content:
    """At most 64 KiB for the eye: as text where all of it is UTF-8, else as a dump of offset, hex and ASCII."""
    shown = value[:_SHOWN_BYTES]
    left_out = len(value) - len(shown)
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return Content(None, [_row(shown, start) for start in range(0, len(shown), _ROW_BYTES)], len(value), left_out)
    return Content(visible(shown.decode(errors="ignore") if left_out else text), [], len(value), left_out)


def _row(value: bytes, start: int) -> tuple[str, str, str]:
    row = value[start : start + _ROW_BYTES]
    signs = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)  # noqa: PLR2004  (printable ASCII)
    return f"{start:08x}", row.hex(" "), signs
