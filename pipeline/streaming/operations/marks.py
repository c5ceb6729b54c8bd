"""Which rejected records were replayed or dropped: marks on a topic of their own, written with what they speak of.

The topic keeps its records (``cleanup.policy=compact``, each key once): about 100 bytes a mark.
Whoever replays writes the record and its mark in one transaction; all use one transactional id, so that each first
ends what a predecessor left open and shuts out one that still runs (KIP-98). What it then reads here is all there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import orjson
import structlog

from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.kafka.records import InRecord, OutRecord
from pipeline.topology import MARKS_TOPIC

log = structlog.get_logger(__name__)


class Mark(Enum):
    """What was done with a rejected record."""

    REPLAYED = "replayed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Marks:
    """The marks that were set, by partition, offset and time of the rejected record."""

    found: Mapping[tuple[int, int, int], Mark]

    def get(self, record: InRecord) -> Mark | None:
        """What was done with a rejected record; None where it is open."""
        return self.found.get((record.partition, record.offset, record.timestamp_ms))


def read_marks(connection: Connection, *, prefix: str) -> Marks:
    """All marks.

    Raises:
        UsageError: the broker does not answer, or the topic is missing.
    """
    found: dict[tuple[int, int, int], Mark] = {}
    with RecordReader(connection, [prefix + MARKS_TOPIC], start="beginning") as reader:
        for record in reader.until_end():
            if marked := read_mark(record):
                place, mark = marked
                found[place] = mark
    return Marks(found)


def read_mark(record: InRecord) -> tuple[tuple[int, int, int], Mark] | None:
    """Return what is marked and how; None for a stranger's record, which marks nothing."""
    try:
        return marked_place(record), Mark(orjson.loads(record.value or b"")["mark"])
    except (ValueError, KeyError, TypeError) as exc:
        log.debug("record is no mark", partition=record.partition, offset=record.offset, error=repr(exc))
        return None


def marked_place(record: InRecord | OutRecord) -> tuple[int, int, int]:
    """Return partition, offset and time of the rejected record that a mark is about."""
    partition, offset, timestamp_ms = map(int, (record.key or b"").split(b"/"))
    return partition, offset, timestamp_ms


def mark_record(record: InRecord, mark: Mark, *, prefix: str) -> OutRecord:
    """The record that marks a rejected one. Its time is in the key: a topic that was made anew begins at 0 again."""
    return OutRecord(
        topic=prefix + MARKS_TOPIC,
        partition=None,
        timestamp_ms=None,
        key=f"{record.partition}/{record.offset}/{record.timestamp_ms}".encode(),
        value=orjson.dumps({"mark": mark.value}),
        headers=[],
    )
