"""A seed in, what fills a template out: people, towns, bodies, facts; nobody and nothing twice in one case."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from behaviour.names import CULTURES, Person
from behaviour.words import (
    BODIES,
    CITIES,
    COMPANIES,
    COUNTRIES,
    FACTS,
    JOBS,
    MONTHS,
    NEUTRAL,
    QUOTES,
    TOWNS,
    WEEKDAYS,
    WORDS,
    Body,
    Company,
    Quotes,
)

T = TypeVar("T")


class Draw:
    """Draws of one case, the same for the same seed; ``tags`` tells which culture and quotes were drawn."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311  (no secret: the same cases each time)
        self._drawn: set[object] = set()
        self.tags: dict[str, str] = {}

    def one(self, options: Sequence[T]) -> T:
        """One of these, not drawn before in this case if there are others."""
        left = [option for option in options if option not in self._drawn] or list(options)
        drawn = self._random.choice(left)
        self._drawn.add(drawn)
        return drawn

    def chance(self, share: float) -> bool:
        """True in this share of the cases."""
        return self._random.random() < share

    def number(self, least: int, most: int) -> int:
        """A number between two, both of them possible."""
        return self._random.randint(least, most)

    def person(self, *, woman: bool | None = None, family: str | None = None, culture: str | None = None) -> Person:
        """Somebody; of another family than those drawn before, unless ``family`` says which."""
        culture = culture or self.tags.get("culture") or self.one(tuple(CULTURES))
        self.tags["culture"] = culture
        names = CULTURES[culture]
        woman = self.chance(0.5) if woman is None else woman
        given = self.one(names.women if woman else names.men)
        return Person(given, family or self.one(names.families), woman, culture)

    def quotes(self, *styles: str) -> Quotes:
        """A style of quotation marks, of these or of all."""
        drawn = self.one([quotes for quotes in QUOTES if not styles or quotes.style in styles])
        self.tags["quotes"] = drawn.style
        return drawn

    def body(self) -> Body:
        """An organisation with an acronym."""
        return self.one(BODIES)

    def company(self) -> Company:
        """A company."""
        return self.one(COMPANIES)

    def job(self, person: Person) -> str:
        """What somebody is, as an apposition: "a customs broker"."""
        return self.one((*JOBS, "a mother of three" if person.woman else "a father of two"))

    def town(self) -> str:
        """A city of the world or a town that no gazetteer has."""
        return self.one(CITIES if self.chance(0.5) else TOWNS)

    def country(self) -> str:
        """A country."""
        return self.one(COUNTRIES)

    def date(self) -> str:
        """A month and a day, in one of the orders of news: "Jan. 5", "5 March"."""
        month, day = self.one(MONTHS), self.number(1, 28)
        return f"{day} {month.rstrip('.')}" if self.chance(0.2) else f"{month} {day}"

    def weekday(self) -> str:
        """A day of the week."""
        return self.one(WEEKDAYS)

    def fact(self) -> str:
        """A clause that states a fact and names nobody, in small letters: "crime rose 20 percent last year"."""
        return self.one(FACTS)

    def sentence(self) -> str:
        """The same as a sentence."""
        return f"{capital(self.fact())}."

    def words(self) -> str:
        """What somebody may say of themselves, without an end mark."""
        return self.one(WORDS)

    def neutral(self) -> str:
        """A sentence that reports nothing."""
        return self.one(NEUTRAL)


def capital(text: str) -> str:
    """Start a text with a capital."""
    return text[:1].upper() + text[1:]
