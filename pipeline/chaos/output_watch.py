"""The chain's outputs in, when something came out: for the silence after each fault."""

from __future__ import annotations

import threading
import time
from bisect import bisect_right

from pipeline.contract.events import EnrichedV1, RejectedV1
from pipeline.errors import UsageError
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import RecordReader, Start
from pipeline.topology import TOPICS

_POLL_S = 0.1
_RETRY_S = 0.2


class OutputWatch(threading.Thread):
    """Follows enriched and rejected events, read committed, through every end of the broker."""

    def __init__(self, connection: Connection, *, prefix: str) -> None:
        super().__init__(name="watch", daemon=True)
        self.times: list[float] = []  # on the clock of time.monotonic, of every poll that brought something
        self.articles: set[bytes] = set()  # the keys that came
        self._connection = connection
        self._topics = [prefix + TOPICS[event] for event in (EnrichedV1, RejectedV1)]
        self._next: dict[tuple[str, int], int] = {}
        self._stopped = threading.Event()

    def run(self) -> None:
        """Follow until stopped."""
        start: Start = "beginning"
        while not self._stopped.is_set():
            try:
                with RecordReader(self._connection, self._topics, start=start) as reader:
                    start = self._next
                    self._next.update({place: begin for place, (begin, _) in reader.ranges.items()} | self._next)
                    self._follow(reader)
            except UsageError:  # no broker answers
                self._stopped.wait(_RETRY_S)

    def stop(self) -> None:
        """End."""
        self._stopped.set()

    def _follow(self, reader: RecordReader) -> None:
        while not self._stopped.is_set():
            records = reader.poll(_POLL_S)
            if records:
                self.times.append(time.monotonic())
            for record in records:
                self.articles.add(record.key or b"")
                self._next[record.topic, record.partition] = record.offset + 1


def silence_s(times: list[float], *, at: float, until: float) -> float | None:
    """The longest time without an output that begins between ``at`` and ``until``; None where nothing came after.

    ``times`` are ascending. One that has begun before counts from ``at`` on.
    """
    number = bisect_right(times, at)
    if number == len(times):
        return None
    longest, since = 0.0, at
    for time_ in times[number:]:
        if since > until:
            break
        longest, since = max(longest, time_ - since), time_
    return longest
