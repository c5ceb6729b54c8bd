"""Kafka in, the live state out: one thread reads claims, enriched and rejected events, read committed, from now on.

It first fills the window with the newest claims that are there. When Kafka goes away it says so and goes on from where
it was once Kafka is back.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog

from pipeline.contract.events import ClaimV1, EnrichedV1, RejectedV1
from pipeline.errors import ClaimwireError, RecordError
from pipeline.stages.classify_claims import claims_of
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import RecordReader, decode_record
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.operations.marks import read_mark
from pipeline.topology import MARKS_TOPIC, TOPICS
from pipeline.web.views import article_view, claim_view

log = structlog.get_logger(__name__)

_Partition = tuple[str, int]
RejectedPlace = tuple[int, int]  # partition and offset

_POLL_S = 0.25
_CHECK_S = 3.0  # of silence until the broker is asked whether it is there
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 5.0
_STOP_S = 3.0
_LATEST_ARTICLES = 3  # in each partition, of those that were there before: one of them may be a transaction's marker


@dataclass
class Batch:
    """What one look at Kafka has brought."""

    claims: list[bytes] = field(default_factory=list)
    articles: list[InRecord] = field(default_factory=list)
    latest: dict[str, object] | None = None
    rejected: list[RejectedPlace] = field(default_factory=list)
    settled: list[RejectedPlace] = field(default_factory=list)  # rejected records that were replayed or dropped


class Deliver(NamedTuple):
    """Where the thread hands over; each is called in the thread."""

    batch: Callable[[Batch], None]
    filled: Callable[[], None]  # what was there at the start is read
    trouble: Callable[[str | None], None]  # why Kafka cannot be read; None: it can again


class EventFeed:
    """Reads until ``stop``; ``most`` is how many claims of those already there it brings."""

    def __init__(self, connection: Connection, *, prefix: str, most: int, threshold: float, deliver: Deliver) -> None:
        self._connection, self._prefix, self._most = connection, prefix, most
        self._threshold, self._deliver = threshold, deliver
        self._claims, self._enriched, self._rejected = (prefix + TOPICS[e] for e in (ClaimV1, EnrichedV1, RejectedV1))
        self._marks = prefix + MARKS_TOPIC
        self._next: dict[_Partition, int] = {}
        self._filled = False
        self._open: RecordReader | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web-feed", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End; waits a moment for the connection to close."""
        self._stopped.set()
        if self._open is not None:
            self._open.stop()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        wait_s = _FIRST_WAIT_S
        while not self._stopped.is_set():
            try:
                with self._reader() as self._open:
                    self._fill(self._open)
                    self._deliver.trouble(None)
                    wait_s = _FIRST_WAIT_S
                    self._follow(self._open)
            except ClaimwireError as exc:
                log.warning("Kafka cannot be read", error=str(exc), retry_in_s=wait_s)
                self._deliver.trouble(str(exc))
            except Exception as exc:  # whatever a library raises, the page must come back by itself
                log.exception("reading for the page failed", retry_in_s=wait_s)
                self._deliver.trouble(f"{type(exc).__name__}: {exc}")
            self._stopped.wait(wait_s)
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    def _reader(self) -> RecordReader:
        """From where we were; a partition that is new to us from a bit before its end."""
        if not self._filled:
            self._next.clear()  # what a first look that failed has read was shown to nobody
        topics = [self._claims, self._enriched, self._rejected, self._marks]
        with RecordReader(self._connection, topics, start="end") as look:
            ranges = look.ranges
        starts = {partition: self._first(partition, *bounds) for partition, bounds in ranges.items()}
        return RecordReader(self._connection, topics, start=starts)

    def _first(self, partition: _Partition, begin: int, end: int) -> int:
        topic, _ = partition
        if partition in self._next:
            # A topic that was made anew begins at 0 again.
            return self._next[partition] if begin <= self._next[partition] <= end else begin
        if self._filled:
            return begin
        back = {self._claims: self._most, self._enriched: _LATEST_ARTICLES}.get(topic, 0)
        return max(begin, end - back)

    def _fill(self, reader: RecordReader) -> None:
        """The newest of the claims that are there, oldest first whatever their partition."""
        if self._filled:
            return
        batch = Batch()
        first: list[InRecord] = []
        newest = heapq.nlargest(self._most, self._views(reader.until_end(), first), key=lambda view: view[0])
        batch.claims = [view for _, view in reversed(newest)]
        for record in sorted(first, key=lambda record: record.timestamp_ms):
            self._take(record, batch)
        if self._stopped.is_set():
            return
        self._filled = True
        self._hand_over(batch)
        self._deliver.filled()

    def _views(
        self, records: Iterable[InRecord], others: list[InRecord]
    ) -> Iterator[tuple[tuple[int, int, int], bytes]]:
        """The claims among the records, each with its place in time; what is none goes to ``others``."""
        for record in records:
            self._next[record.topic, record.partition] = record.offset + 1
            if record.topic != self._claims:
                others.append(record)
            elif view := _view(record):
                yield (record.timestamp_ms, record.partition, record.offset), view

    def _follow(self, reader: RecordReader) -> None:
        silent_since = time.monotonic()
        while not self._stopped.is_set():
            records = reader.poll(_POLL_S)
            if records:
                batch = Batch()
                for record in records:
                    self._take(record, batch)
                    self._next[record.topic, record.partition] = record.offset + 1
                self._hand_over(batch)
                silent_since = time.monotonic()
            elif time.monotonic() - silent_since > _CHECK_S:
                reader.check()
                silent_since = time.monotonic()

    def _take(self, record: InRecord, batch: Batch) -> None:
        if record.topic == self._rejected:
            batch.rejected.append((record.partition, record.offset))
        elif record.topic == self._marks:
            if marked := read_mark(record):
                batch.settled.append(marked[0][:2])
        elif record.topic == self._claims:
            if view := _view(record):
                batch.claims.append(view)
        else:
            batch.articles.append(record)

    def _hand_over(self, batch: Batch) -> None:
        """With the newest article in short; decoding each one would cost as much as the rest of this thread."""
        for record in reversed(batch.articles):
            try:
                event = decode_record(EnrichedV1, record)
                batch.latest = article_view(event, claims=len(claims_of(event, threshold=self._threshold)))
            except (RecordError, IndexError) as exc:
                _log_unreadable(record, exc)
            else:
                break
        self._deliver.batch(batch)


def _view(record: InRecord) -> bytes | None:
    try:
        return claim_view(decode_record(ClaimV1, record))
    except RecordError as exc:
        _log_unreadable(record, exc)
        return None


def _log_unreadable(record: InRecord, error: Exception) -> None:
    log.warning(
        "record is no such event",
        record=f"{record.topic}/{record.partition}/{record.offset}",
        reason=getattr(error, "reason", type(error).__name__),
    )
