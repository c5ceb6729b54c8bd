"""The book of an audit: places of articles and what was found of them in, what is missing or double out.

A byte and a short integer for each offset: a million articles take 3 MB, whatever their size.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

_ARTICLE = 1  # a committed record of the articles' topic stands here
_ENRICHED = 2
_REJECTED = 4
_WAITING = 8  # on its way through the chain
_REPAIRED = 16  # another record has been pushed in its stead
_DOUBLE = 32
_UNKNOWABLE = 64  # so old that retention may have taken what came of it

_SETTLED = _ENRICHED | _REJECTED | _WAITING | _REPAIRED | _UNKNOWABLE
_MOST_CLAIMS = 32_767  # of one article that are told apart


class Place(NamedTuple):
    """Where an article's record is."""

    partition: int
    offset: int


class Ledger:
    """What is known of each offset in ``ranges``: by partition the first offset and the one after the last."""

    def __init__(self, ranges: Mapping[int, tuple[int, int]]) -> None:
        self._begins = {partition: begin for partition, (begin, _) in ranges.items()}
        self._flags = {partition: bytearray(end - begin) for partition, (begin, end) in ranges.items()}
        self._claims = {partition: array("h", bytes(2 * (end - begin))) for partition, (begin, end) in ranges.items()}
        self._claims_from: dict[int, int] = {}
        self._last: dict[int, int] = {}
        self.disorder = 0  # enriched events that stand behind one of a later article of their partition

    def article(self, place: Place) -> None:
        """A record is there."""
        self._mark(place, _ARTICLE)

    def waiting(self, place: Place) -> None:
        """It is on its way through the chain."""
        self._mark(place, _WAITING)

    def waiting_from(self, place: Place) -> None:
        """It and all behind it in its partition are on their way."""
        self._mark_all(place.partition, _WAITING, first=place.offset)

    def repaired(self, place: Place) -> None:
        """Another record was pushed in its stead."""
        self._mark(place, _REPAIRED)

    def enriched(self, place: Place, *, claims: int) -> None:
        """Its enriched event was found, which tells of so many claims."""
        self._outcome(place, _ENRICHED)
        self._count(place, claims)
        self.disorder += place.offset < self._last.get(place.partition, -1)
        self._last[place.partition] = place.offset

    def rejected(self, place: Place) -> None:
        """Its rejected event was found."""
        self._outcome(place, _REJECTED)

    def claim(self, place: Place) -> None:
        """A claim of it was found."""
        self._count(place, -1)

    def outcomes_from(self, place: Place) -> None:
        """Retention has taken enriched events of the partition; the oldest that is left is of this article."""
        self._mark_all(place.partition, _UNKNOWABLE, end=place.offset)

    def claims_from(self, place: Place) -> None:
        """Retention has taken claims of the partition; the oldest that is left is of this article."""
        self._claims_from[place.partition] = place.offset

    def missing(self) -> Iterator[Place]:
        """Articles that nothing has come of and nothing will."""
        return self._where(_is_missing)

    def is_missing(self, place: Place) -> bool:
        """Whether it is one of these."""
        number = self._number(place)
        return number is not None and _is_missing(self._flags[place.partition][number])

    def double(self) -> Iterator[Place]:
        """Articles with more than one enriched or rejected event, or with one although another stands in its stead."""
        return self._where(_is_double)

    def wrong_claims(self) -> Iterator[tuple[Place, int]]:
        """Articles whose claims are not those of their enriched event, with how many are missing (below 0: too many).

        What is double is not looked at: its claims are as well.
        """
        for partition, counts in self._claims.items():
            begin, flags = self._begins[partition], self._flags[partition]
            first = self._claims_from.get(partition, begin)
            for number, count in enumerate(counts):
                if count and begin + number >= first and not flags[number] & (_WAITING | _UNKNOWABLE | _DOUBLE):
                    yield Place(partition, begin + number), count

    def count(self) -> dict[str, int]:
        """How many articles there are, and how many of them are what."""
        totals = [0] * 256
        for flags in self._flags.values():
            for value in range(256):
                totals[value] += flags.count(value)
        of = {name: _total(totals, _ARTICLE, flag) for name, flag in _COUNTED.items()}
        double = sum(count for flags, count in enumerate(totals) if _is_double(flags))
        waiting = sum(n for flags, n in enumerate(totals) if flags & _ARTICLE and flags & _SETTLED == _WAITING)
        return {"articles": _total(totals, _ARTICLE), **of, "double": double, "waiting": waiting}

    def _outcome(self, place: Place, flag: int) -> None:
        number = self._number(place)
        if number is not None:
            flags = self._flags[place.partition]
            flags[number] |= flag | (_DOUBLE if flags[number] & (_ENRICHED | _REJECTED) else 0)

    def _count(self, place: Place, change: int) -> None:
        number = self._number(place)
        if number is not None:
            counts = self._claims[place.partition]
            counts[number] = max(-_MOST_CLAIMS, min(_MOST_CLAIMS, counts[number] + change))

    def _mark(self, place: Place, flag: int) -> None:
        number = self._number(place)
        if number is not None:
            self._flags[place.partition][number] |= flag

    def _mark_all(self, partition: int, flag: int, *, first: int = 0, end: int | None = None) -> None:
        flags, begin = self._flags.get(partition, bytearray()), self._begins.get(partition, 0)
        last = len(flags) if end is None else min(end - begin, len(flags))
        for number in range(max(first - begin, 0), last):
            flags[number] |= flag

    def _number(self, place: Place) -> int | None:
        """Where the place stands in the book; None for one outside of it: older than retention, or newer than it."""
        number = place.offset - self._begins.get(place.partition, 0)
        return number if 0 <= number < len(self._flags.get(place.partition, ())) else None

    def _where(self, wanted: Callable[[int], bool]) -> Iterator[Place]:
        chosen = bytes(wanted(value) for value in range(256))
        for partition, flags in self._flags.items():
            found = flags.translate(chosen)
            number = found.find(1)
            while number >= 0:
                yield Place(partition, self._begins[partition] + number)
                number = found.find(1, number + 1)


_COUNTED = {
    "enriched": _ENRICHED,
    "rejected": _REJECTED,
    "repaired": _REPAIRED,
    "unknowable": _UNKNOWABLE,
}


def _is_missing(flags: int) -> bool:
    return bool(flags & _ARTICLE) and not flags & _SETTLED


def _is_double(flags: int) -> bool:
    return bool(flags & _DOUBLE) or bool(flags & _REPAIRED and flags & (_ENRICHED | _REJECTED))


def _total(totals: Iterable[int], *wanted: int) -> int:
    return sum(count for flags, count in enumerate(totals) if all(flags & flag for flag in wanted))
