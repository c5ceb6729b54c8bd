"""Families of articles in, their versions out: two texts, what changed between them, and whether a fact did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class GoldChange(NamedTuple):
    """A sentence that was added, removed, changed or moved; ``states`` tells whether it states another fact."""

    change: str
    before: str | None
    after: str | None
    differs: frozenset[str]
    shape: str | None
    states: bool


@dataclass(frozen=True, slots=True)
class Revised:
    """Two versions of an article, each a title and a text."""

    family: str
    older: tuple[str, str]
    newer: tuple[str, str]
    changes: tuple[GoldChange, ...]
    substance: bool


def read_families(path: Path) -> Iterator[Revised]:
    """Yield each version of an article with the one before it.

    Raises:
        UsageError: a line is no document of a family.
    """
    documents: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = orjson.loads(line)
            documents[row["doc"]] = (row["title"], row["text"])
            if row["relation"]["kind"] == "version":
                yield _revised(row, documents)
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}, line {number} is no document of a family ({error!r}).") from error


def _revised(row: dict[str, Any], documents: dict[str, tuple[str, str]]) -> Revised:
    relation = row["relation"]
    other = {joined(claim["sentence"]) for claim in row["claims"] if claim.get("near")}
    changes = tuple(_change(change, other) for change in relation["changes"])
    return Revised(row["family"], documents[relation["of"]], documents[row["doc"]], changes, relation["substance"])


def _change(change: dict[str, Any], other: set[str]) -> GoldChange:
    before, after = (None if change[side] is None else joined(change[side]) for side in ("before", "after"))
    states = set(change["what"]) != {"wording"} or after in other
    return GoldChange(change["change"], before, after, frozenset(change["what"]), change.get("shape"), states)


def joined(text: str) -> str:
    """Return a sentence without line ends and double blanks."""
    return " ".join(text.split())
