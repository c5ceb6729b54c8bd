"""Find the articles that a repair has pushed again.

A pushed-again article names the record that it stands for in a header. Whoever may push can write that header as well,
so it is only a hint: a record is a copy if it stands behind its original in the same partition, with its key and bytes.
"""

from __future__ import annotations

import re

from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.operations.ledger import Ledger, Place

REPAIRS = "claimwire_repairs"  # header of a copy: PARTITION/OFFSET of its original

_PLACE = re.compile(rb"(\d{1,10})/(\d{1,19})")


class Copies:
    """The records of ``topic`` that say to be copies."""

    def __init__(self, connection: Connection, topic: str) -> None:
        self._connection, self._topic = connection, topic
        self._contents: dict[Place, set[int]] = {}  # of the copies, by the place of the original

    def note(self, record: InRecord) -> None:
        """Take note of a record of the topic, if it says to be a copy."""
        original = _original(record)
        if original is not None:
            self._contents.setdefault(original, set()).add(_content(record))

    def enter(self, ledger: Ledger) -> None:
        """Mark each missing article that has a copy as repaired; its original is read again to compare them.

        Raises:
            UsageError: no broker answers.
        """
        open_ = {place for place in ledger.missing() if place in self._contents}
        start: dict[tuple[str, int], int] = {}
        for place in sorted(open_, reverse=True):
            start[self._topic, place.partition] = place.offset
        if not start:
            return
        with RecordReader(self._connection, [self._topic], start=start) as reader:
            for record in reader.until_end():
                place = Place(record.partition, record.offset)
                if place in open_ and _content(record) in self._contents[place]:
                    ledger.repaired(place)
                open_.discard(place)
                if not open_:
                    return


def _original(record: InRecord) -> Place | None:
    found = _PLACE.fullmatch(dict(record.headers).get(REPAIRS) or b"")
    if found is None:
        return None
    place = Place(int(found[1]), int(found[2]))
    return place if place.partition == record.partition and place.offset < record.offset else None


def _content(record: InRecord) -> int:
    return hash((record.key, record.value))  # SipHash with a secret of this process: nobody can aim at a collision
