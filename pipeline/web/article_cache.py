"""The place of an article in, its enriched event out: from memory where it came lately, else from Kafka."""

from __future__ import annotations

from collections import OrderedDict

from pipeline.contract.events import EnrichedV1
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import decode_record
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.operations.lookup import article_place, find_enriched

_Place = tuple[int, int]


class ArticleCache:
    """Keeps ``most_bytes`` of what was seen last, as it came from Kafka. ``keep`` and ``kept`` run on one thread."""

    def __init__(self, connection: Connection, *, prefix: str, most_bytes: int) -> None:
        self._connection, self._prefix, self._most_bytes = connection, prefix, most_bytes
        self._records: OrderedDict[_Place, InRecord] = OrderedDict()
        self._bytes = 0

    def keep(self, record: InRecord) -> None:
        """Remember an enriched event; the ones that were asked for or came longest ago make room."""
        where = article_place(record)
        if where is None:
            return
        self._forget(where)
        self._records[where] = record
        self._bytes += len(record.value or b"")
        while self._bytes > self._most_bytes:
            self._forget(next(iter(self._records)))

    def kept(self, where: _Place) -> InRecord | None:
        """The record of an article, where it is in memory."""
        record = self._records.get(where)
        if record is not None:
            self._records.move_to_end(where)
        return record

    def look_up(self, where: _Place, *, timestamp_ms: int | None) -> InRecord:
        """The record from Kafka. Blocks.

        Raises:
            UsageError: there is none, or no broker answers.
        """
        partition, offset = where
        return find_enriched(
            self._connection, prefix=self._prefix, partition=partition, offset=offset, timestamp_ms=timestamp_ms
        )

    @staticmethod
    def decode(record: InRecord) -> EnrichedV1:
        """The event.

        Raises:
            RecordError: the record is none.
        """
        return decode_record(EnrichedV1, record)

    def _forget(self, where: _Place) -> None:
        record = self._records.pop(where, None)
        if record is not None:
            self._bytes -= len(record.value or b"")
