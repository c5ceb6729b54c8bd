"""The records among what is found in paths; the rest is reported and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.errors import UsageError
from pipeline.sources.formats.table import COLUMNS
from pipeline.sources.found import Found, Skipped, SourceRecord, Unreadable

ReadReport = Callable[[Skipped | Unreadable], None]


class ReadingCounts:
    """How many articles were read, skipped (by reason) and mended (by what was wrong)."""

    def __init__(self) -> None:
        self.read = 0
        self.unreadable = 0
        self.skipped: Counter[str] = Counter()
        self.mended: Counter[str] = Counter()

    def add(self, found: Found) -> None:
        """Count one."""
        if isinstance(found, SourceRecord):
            self.read += 1
            self.mended.update(found.mended)
        elif isinstance(found, Skipped):
            self.skipped[found.why] += 1
        else:
            self.unreadable += 1

    def as_json(self) -> dict[str, Any]:
        """Return the counts as JSON."""
        return {
            "read": self.read,
            "unreadable": self.unreadable,
            "skipped": dict(self.skipped.most_common()),
            "mended": dict(self.mended.most_common()),
        }


class Reading:
    """Iterates the records; ``report`` gets what is none. ``counts`` is complete at the end."""

    def __init__(self, found: Iterator[Found], report: ReadReport) -> None:
        self._found, self._report = found, report
        self.counts = ReadingCounts()

    def __iter__(self) -> Iterator[SourceRecord]:
        for found in self._found:
            self.counts.add(found)
            if isinstance(found, SourceRecord):
                yield found
            else:
                self._report(found)


def parse_columns(text: str | None) -> dict[str, str]:
    """Parse ``text=body,title=kicker`` into the columns' names by field.

    Raises:
        UsageError: it has another form, or names no field.
    """
    pairs = dict(part.partition("=")[::2] for part in text.split(",")) if text else {}
    if any(field not in COLUMNS or not name.strip() for field, name in pairs.items()):
        raise UsageError(f"--columns {text}: write FIELD=NAME,... with the fields {', '.join(COLUMNS)}")
    return pairs
