"""What a reader finds: a record to push, something to pass over, something that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

# One record, and one document that is read whole: far above what a topic takes (config/topics.toml), so that Kafka's
# limit is the one that users meet.
MAX_DOCUMENT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """An article as it goes to Kafka.

    ``name`` is the path, with ``:LINE`` or ``#ENTRY`` where a file has many; ``path`` and ``number`` (from 0) are the
    two apart. ``modified_ms`` is the file's time in milliseconds since 1970, 0 where it has none. ``mended`` says what
    was wrong and could be helped or lived with, such as "date missing".
    """

    path: str
    number: int
    name: str
    key: bytes
    value: bytes
    modified_ms: int
    mended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that holds no article: ``why`` is one of few, to be counted; ``detail`` is for whoever looks closer."""

    name: str
    why: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that should have been an article and cannot be read."""

    name: str
    why: str


Found = SourceRecord | Skipped | Unreadable
