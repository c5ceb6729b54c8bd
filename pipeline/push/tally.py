"""Counts of one ``push --watch``: events in, what each means and how many there were out."""

from __future__ import annotations

from typing import Any

from pipeline.push.watch import Failed, Happening, PushedRecord, Remark
from pipeline.sources.read_report import ReadingCounts


class PushTally:
    """Counts what a watch does: ``pushed`` articles, ``known`` ones that were on the topic already, and failures."""

    def __init__(self) -> None:
        self.reading = ReadingCounts()
        self.pushed, self.known, self._refused = 0, 0, 0

    @property
    def failed(self) -> int:
        """Articles that could not be read or that Kafka refused."""
        return self._refused + self.reading.unreadable

    def add(self, event: Happening) -> None:
        """Count one event."""
        if isinstance(event, Remark):
            return
        if not isinstance(event, PushedRecord | Failed):
            self.reading.add(event)
            return
        self.reading.add(event.record)
        if isinstance(event, Failed):
            self._refused += 1
        elif event.new:
            self.pushed += 1
        else:
            self.known += 1

    def as_json(self) -> dict[str, Any]:
        """Return the counts as JSON."""
        return {**self.reading.as_json(), "pushed": self.pushed, "known": self.known, "failed": self.failed}
