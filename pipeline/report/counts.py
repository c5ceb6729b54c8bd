"""Claims in, how many there are of each source, speaker, type and day out; in bounded memory, however many they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import zip_longest
from typing import Any, Literal, NamedTuple

from pipeline.contract.events import ClaimV1
from pipeline.contract.moments import date_ms

GROUPINGS = ("source", "speaker", "type", "day")
NOT_NAMED = "(not named)"  # no source, no speaker: the journalist's own, or no type

MOST_NAMES = 50_000  # that are told apart, of each kind
_LONGEST_NAME = 200  # characters


class Row(NamedTuple):
    """A name, its claims, and how many of these are check-worthy by label (CFS)."""

    name: str
    claims: int
    check_worthy: int


class Tally:
    """ClaimCounts names. Where they are too many, those with the fewest claims so far are let go."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self._most = most
        self._counts: dict[str, list[int]] = {}
        self.let_go = 0  # claims of names that were let go

    def add(self, name: str, *, check_worthy: bool) -> None:
        """Count one claim."""
        count = self._counts.setdefault(name[:_LONGEST_NAME], [0, 0])
        count[0] += 1
        count[1] += check_worthy
        if len(self._counts) > 2 * self._most:
            kept = sorted(self._counts.items(), key=lambda item: item[1][0], reverse=True)[: self._most]
            before = sum(claims for claims, _ in self._counts.values())
            self._counts = dict(kept)
            self.let_go += before - sum(claims for claims, _ in self._counts.values())

    def rows(self) -> list[Row]:
        """The names, those with the most claims first."""
        rows = [Row(name, *count) for name, count in self._counts.items()]
        return sorted(rows, key=lambda row: (-row.claims, row.name))


@dataclass
class ClaimCounts:
    """What a report counts; each claim once by source, speaker and day, and once by each of its types."""

    claims: int = 0
    check_worthy: int = 0
    undated: int = 0  # left out: their article has no date, where that is asked for
    by: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in GROUPINGS})

    def add(self, claim: ClaimV1, day: str) -> None:
        """Count one."""
        worthy = claim.label == "CFS"
        speaker = (claim.claimant.speaker or claim.claimant.text) if claim.claimant else None
        self.claims += 1
        self.check_worthy += worthy
        names: dict[str, Sequence[str | None]] = {
            "source": [claim.article.source],
            "speaker": [speaker],
            "type": [*claim.types] or [None],
            "day": [day],
        }
        for kind, found in names.items():
            for name in found:
                self.by[kind].add(_one_line(name or "") or NOT_NAMED, check_worthy=worthy)

    def days(self) -> list[Row]:
        """The days in their order."""
        return sorted(self.by["day"].rows())

    def rows(self, kind: str) -> list[Row]:
        """The names of a kind, those with the most claims first; days in their order."""
        return self.days() if kind == "day" else self.by[kind].rows()

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "claims": self.claims,
            "check_worthy": self.check_worthy,
            "undated": self.undated,
            **{f"by_{kind}": [row._asdict() for row in self.rows(kind)] for kind in GROUPINGS},
            "let_go": {kind: self.by[kind].let_go for kind in GROUPINGS if self.by[kind].let_go},
        }


@dataclass(frozen=True)
class TimeRange:
    """From when to when, in milliseconds since 1970; ``until_ms`` excluded. None: no bound.

    ``by`` says which time of an article counts: when it was pushed, or its own date.
    """

    since_ms: int | None = None
    until_ms: int | None = None
    by: Literal["pushed", "published"] = "pushed"

    def takes(self, time_ms: int) -> bool:
        """Whether it is within."""
        return (self.since_ms is None or time_ms >= self.since_ms) and (
            self.until_ms is None or time_ms < self.until_ms
        )


def count_claims(
    claims: Iterable[tuple[int, ClaimV1]], within: TimeRange, *, chosen: Callable[[ClaimV1], bool] = lambda _: True
) -> ClaimCounts:
    """Count those of ``claims`` that are ``within``; each comes with the time at which its article was pushed."""
    counts = ClaimCounts()
    for pushed_ms, claim in claims:
        if not chosen(claim):
            continue
        if within.by == "pushed":
            if within.takes(pushed_ms):
                counts.add(claim, _day(pushed_ms))
        elif not claim.article.published:
            counts.undated += 1
        elif within.takes(date_ms(claim.article.published)):
            counts.add(claim, claim.article.published[:10])  # the publisher's own day
    return counts


def filled(days: list[Row], *, most: int) -> Iterator[Row]:
    """Days in their order with those between them that have no claims; only the last ``most`` days that have any."""
    shown = days[-most:]
    for row, after in zip_longest(shown, shown[1:]):
        yield row
        if after:
            first, last = (datetime.fromisoformat(name) for name in (row.name, after.name))
            for number in range(1, min((last - first).days, most)):
                yield Row(f"{first + timedelta(days=number):%Y-%m-%d}", 0, 0)


def _day(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(max(time_ms, 0) / 1000, timezone.utc):%Y-%m-%d}"


def _one_line(name: str) -> str:
    return " ".join(name.split())
