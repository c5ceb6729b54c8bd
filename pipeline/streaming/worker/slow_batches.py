"""What a commit's metadata says of records that took a stage too long: text in and out.

A language function that takes too long cannot be interrupted: the process ends, and whoever gets the partition next
must know why, else it would do the same again. Kafka keeps a text with each committed offset of a group; a commit of
the offset where the partition stands, with such a text, is fenced and moves with the partition as the offset does.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson


@dataclass(frozen=True)
class Late:
    """Records before the offset ``until`` are worked on one by one; the one at ``reject`` is rejected unseen."""

    until: int
    reject: int | None = None

    def encode(self) -> str:
        """As metadata of a commit."""
        return orjson.dumps(self).decode()

    def after(self, offset: int) -> str:
        """As metadata of the commit of ``offset``; empty where it is all over."""
        return Late(self.until).encode() if offset < self.until else ""


def decode(metadata: str | None) -> Late | None:
    """What a commit's metadata says; None where it says nothing, or is not ours."""
    try:
        found = orjson.loads(metadata or "null")
        return Late(until=int(found["until"]), reject=None if found["reject"] is None else int(found["reject"]))
    except (ValueError, TypeError, KeyError):
        return None
