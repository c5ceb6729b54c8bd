"""What a reader finds: a record to push, a file that is none of its kinds, something that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

# One record: far above what a topic takes (config/topics.toml), so that Kafka's limit is the one that users meet.
MAX_RECORD_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """An article as it goes to Kafka.

    ``name`` is the path, with ``:LINE`` where a file has many; ``path`` and ``number`` (from 0) are the two apart.
    ``modified_ms`` is the file's time in milliseconds since 1970, 0 where it has none.
    """

    path: str
    number: int
    name: str
    key: bytes
    value: bytes
    modified_ms: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file inside a directory that no reader is for."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that should have been an article and cannot be read."""

    name: str
    why: str


Found = SourceRecord | Skipped | Unreadable
