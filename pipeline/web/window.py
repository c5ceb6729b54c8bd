"""The newest claims in memory: claims in, those that a page has not seen yet out. Bounded by number and by bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Slice(NamedTuple):
    """Some claims as JSON objects, in the order that was asked for, and the numbers of the lowest and highest."""

    claims: list[bytes]
    lowest: int
    highest: int

    def json(self) -> bytes:
        """A JSON list."""
        return b"[" + b",".join(self.claims) + b"]"


class Window:
    """Numbers the claims from 1 on in the order in which they came, and forgets the oldest."""

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._claims: dict[int, bytes] = {}
        self._bytes = 0
        self.last = 0  # number of the newest

    def __len__(self) -> int:
        return len(self._claims)

    @property
    def first(self) -> int:
        """Number of the oldest that is kept; one more than ``last`` where none is."""
        return self.last + 1 - len(self._claims)

    def extend(self, claims: Iterable[bytes]) -> None:
        """Take in claims, each a JSON object; of one that is larger than the whole window only the number is left."""
        for claim in claims:
            self.last += 1
            self._claims[self.last] = claim
            self._bytes += len(claim)
            while self._claims and (len(self._claims) > self._most or self._bytes > self._most_bytes):
                self._bytes -= len(self._claims.pop(self.first))

    def holds_all_after(self, number: int) -> bool:
        """Whether a page that has seen everything up to ``number`` misses nothing that was forgotten."""
        return self.first - 1 <= number <= self.last

    def after(self, number: int, *, most: int, most_bytes: int) -> Slice:
        """What came after ``number``, oldest first; at most so much, but at least one."""
        found: list[bytes] = []
        size = 0
        lowest = max(number + 1, self.first)
        for place in range(lowest, self.last + 1):
            size += len(self._claims[place])
            if found and (len(found) == most or size > most_bytes):
                break
            found.append(self._claims[place])
        return Slice(found, lowest, lowest - 1 + len(found))

    def before(self, number: int, *, most: int) -> Slice:
        """What came before ``number``, newest first."""
        highest = min(number - 1, self.last)
        lowest = max(highest - most + 1, self.first)
        return Slice([self._claims[place] for place in range(highest, lowest - 1, -1)], lowest, highest)
