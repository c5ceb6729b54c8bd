"""What every open page shares: the window of claims, counts, whether Kafka answers, lag over time.

Lives on the event loop only; threads hand over by ``loop.call_soon_threadsafe``. A page keeps no queue here, only the
number of the last claim that it has: what a slow one does not take costs nothing.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from pipeline.web.event_feed import RejectedPlace
from pipeline.web.window import Window

_LAG_SAMPLES = 360  # half an hour


@dataclass
class Live:
    """The state behind the page."""

    window: Window
    # Names this process in event ids: numbers of an earlier one mean nothing here.
    boot: str = field(default_factory=lambda: secrets.token_hex(4))
    started_ms: int = field(default_factory=lambda: round(time.time() * 1000))
    counts: dict[str, int] = field(default_factory=lambda: {"articles": 0, "claims": 0})
    open_rejected: set[RejectedPlace] = field(default_factory=set)  # since the start
    latest: dict[str, Any] | None = None
    trouble: str | None = None  # why Kafka is not read, None while it is
    reading: bool = True  # what was there at the start is not read to its end yet
    lag: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_LAG_SAMPLES))
    watchers: int = 0
    stopping: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def changed(self) -> asyncio.Event:
        """An event that is set once anything here is different from now."""
        return self._changed

    def notify(self) -> None:
        """Wake everyone who waits for a change."""
        event, self._changed = self._changed, asyncio.Event()
        event.set()

    def note_rejected(self, rejected: Iterable[RejectedPlace], settled: Iterable[RejectedPlace]) -> None:
        """Count records that were rejected, and no longer those that were replayed or dropped."""
        self.open_rejected.update(rejected)
        self.open_rejected.difference_update(settled)

    def status(self) -> dict[str, Any]:
        """What the head of every page shows."""
        return {
            "trouble": self.trouble,
            "reading": self.reading,
            "counts": {**self.counts, "rejected": len(self.open_rejected)},
            "latest": self.latest,
            "started": self.started_ms,
            "kept": len(self.window),
            "lag": self.lag[-1]["summary"] if self.lag else None,
        }


LIVE: web.AppKey[Live] = web.AppKey("live", Live)
