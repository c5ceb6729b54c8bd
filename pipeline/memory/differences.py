"""Two matched lines, or groups of lines, in; what is not the same in them out, and whether a fact has changed."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.memory.facts import (
    IN_DATES,
    PARTS_OF_DAYS,
    RELATIVE_DAYS,
    WEEKDAYS,
    Facts,
    content_less,
    date_key,
    fact_words,
    facts_of,
    sides,
    together,
    words_of_text,
    written_words,
)
from pipeline.memory.numbers import find_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from pipeline.labels import Difference
    from pipeline.memory.lines import Line

_NEGATING = frozenset({"yes", "alive", "guilty", "legal", "open", "going"})
# Words that stand for numbers, and mean more besides: "one man" is "a man", "the two" are "both".
_ALSO_NUMBERS = {
    "1": frozenset({"a", "an", "one", "1", "single"}),
    "2": frozenset({"both", "pair", "couple", "twin"}),
    "10": frozenset({"decade"}),
    "100": frozenset({"century"}),
}
_DENYING_PREFIX = re.compile(r"(?:un|in|im|ir|il|dis|non)(?=\w{3})")
_DAYS = WEEKDAYS | RELATIVE_DAYS
_NONE: frozenset[str] = frozenset()
_LEAST_STEM = 4
_SAME_WORD = 0.8
_LEAST_MISSPELT, _MOST_MISSPELT = 5, 10  # letters of a word, and words of a quotation


class Version:
    """One version of an article, of which no more is read than is asked for."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    @cached_property
    def _words(self) -> list[str]:
        return words_of_text("\n".join(line.text for line in self._lines))

    @cached_property
    def known(self) -> frozenset[str]:
        """All its words, in small letters, those of dates also as facts have them."""
        return frozenset(self._words).union(map(date_key, self._words))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """All its numbers."""
        return frozenset(number.value for number in find_numbers(self._words))


def differences(
    before: Sequence[Line], after: Sequence[Line], older: Version, newer: Version
) -> tuple[Difference, ...]:
    """Return what differs, in the order of ``Difference``; ``("wording",)`` where no fact does."""
    written, rewritten = written_words(before), written_words(after)
    spelling = {**_misspelt(written - rewritten, rewritten), **_misspelt(rewritten - written, written)}
    old, new = (together([facts_of(line, spelling) for line in lines]) for lines in (before, after))
    title = before[0].field == "title"
    found: list[Difference] = []
    if _numbers_differ(old, new, older, newer, title=title):
        found.append("number")
    if _names_differ(old, new, older, newer):
        found.append("name")
    if _dates_differ(old, new, older, newer):
        found.append("date")
    turned = _turned(old, new)
    denied = not title and _denials(old, new) != _denials(new, old)
    if denied != bool(turned & _NEGATING):  # "did not reopen" is "stayed shut"
        found.append("negation")
    if not title and _quotes_differ(old, new):
        found.append("quote")
    if turned - _NEGATING:
        found.append("direction")
    return tuple(found) or ("wording",)


def _misspelt(words: AbstractSet[str], others: AbstractSet[str]) -> dict[str, str]:
    """Return which of the other words is each of these that is one of them but for a letter or two: "percnet".

    Only words by which facts are told are looked for: of others, a misspelling changes none.
    """
    told = others & fact_words()
    wrong = words - fact_words() - content_less() if told else ()
    return {word: other for word in wrong for other in told if _is_spelt_like(word, other)}


def _is_spelt_like(word: str, other: str) -> bool:
    return (
        word[0] == other[0]
        and min(len(word), len(other)) >= _LEAST_MISSPELT
        and SequenceMatcher(None, word, other).ratio() >= _SAME_WORD
    )


def _numbers_differ(old: Facts, new: Facts, older: Version, newer: Version, *, title: bool) -> bool:
    """Whether a number is on one side only, be it as a part of a date on the other.

    A headline tells a part of what the text does: what it leaves out has changed only if it is nowhere in the text.
    """
    gone, come = _but(old.numbers, new), _but(new.numbers, old)
    lost, fresh = gone.keys() - set(new.numbers), come.keys() - set(old.numbers)
    if title:
        lost = {one for one in lost if one.rstrip("%") not in newer.numbers}
        fresh = {one for one in fresh if one.rstrip("%") not in older.numbers}
    elif gone and come and not (gone.keys() | come.keys()) <= _ALSO_NUMBERS.keys():
        return True
    return any(_ALSO_NUMBERS.get(one, _NONE).isdisjoint(new.words) for one in lost) or any(
        _ALSO_NUMBERS.get(one, _NONE).isdisjoint(old.words) for one in fresh
    )


def _but(numbers: Sequence[str], others: Facts) -> Counter[str]:
    """Return the numbers that the other side has not, or not as often."""
    return Counter(one for one in numbers if one not in others.dates) - Counter(others.numbers)


def _dates_differ(old: Facts, new: Facts, older: Version, newer: Version) -> bool:
    """Whether a date has taken another's place, or is new to the article or gone from it.

    "Wednesday" may be "today" or "March 4", and a part of the day alone is no date.
    """
    gone = (old.dates - new.dates - PARTS_OF_DAYS).difference(new.numbers)
    come = (new.dates - old.dates - PARTS_OF_DAYS).difference(old.numbers)
    if gone & WEEKDAYS and come & WEEKDAYS:
        return True
    if bool(gone & IN_DATES) != bool(come & IN_DATES):
        return False  # "last month" may be "April"
    if gone and come:
        return bool(gone - _DAYS and come - _DAYS)
    if gone | come <= _DAYS and old.dates & new.dates - _DAYS - PARTS_OF_DAYS:
        return False  # "Friday, July 18"
    return bool(gone - newer.known or come - older.known)


def _names_differ(old: Facts, new: Facts, older: Version, newer: Version) -> bool:
    """Whether somebody has taken another's place, or a name has come into the article or gone from it.

    A name in the place of "she" or of "the company", or the other way round, is the same where both versions have it.
    """
    gone = old.names - new.words - new.fuller
    come = new.names - old.words - old.fuller
    gone, come = _but_peoples(gone, new, old.peoples), _but_peoples(come, old, new.peoples)
    if gone & old.people and come & new.people:
        return True
    return bool(gone and gone - newer.known) or bool(come and come - older.known)


def _but_peoples(names: Iterable[str], others: Facts, peoples: AbstractSet[str]) -> frozenset[str]:
    """Return the names but "Italy" where the other side has "Italian"."""
    return frozenset(
        name
        for name in names
        if not any(
            name[:_LEAST_STEM] == other[:_LEAST_STEM] for other in (others.names if name in peoples else others.peoples)
        )
    )


def _denials(own: Facts, others: Facts) -> int:
    """Return how often a side denies something; "uninjured" does so where the other side has "injured"."""
    return own.denials + sum(
        (match := _DENYING_PREFIX.match(word)) is not None and word[match.end() :] in others.words
        for word in own.words - others.words
    )


def _turned(old: Facts, new: Facts) -> frozenset[str]:
    """Return the axes on which words of the one side have given way to their opposites: "rose", "fell"."""
    gone, come = _sides(old.words - new.words), _sides(new.words - old.words)
    return frozenset(side[:-1] for side in gone - come if _opposite(side) in come - gone)


def _sides(words: Iterable[str]) -> frozenset[str]:
    return frozenset(side for word in words for side in sides().get(word, ()) if side != "not")


def _opposite(side: str) -> str:
    return side[:-1] + ("-" if side.endswith("+") else "+")


def _quotes_differ(old: Facts, new: Facts) -> bool:
    """Whether somebody is quoted with other words; told with the same words, without quotation marks, is the same."""
    gone, come = _telling(old.quoted - new.words), _telling(new.quoted - old.words)
    if max(len(gone), len(come)) > _MOST_MISSPELT:
        return True
    return not (_are_misspelt(gone, new.words - old.words) and _are_misspelt(come, old.words - new.words))


def _telling(words: AbstractSet[str]) -> list[str]:
    """Return the words that are no small ones and, what is told apart, no numbers and no denials."""
    return [
        word for word in words - content_less() if "not" not in sides().get(word, ()) and not any(find_numbers([word]))
    ]


def _are_misspelt(words: Iterable[str], others: AbstractSet[str]) -> bool:
    """Whether each word is one of the others but for a letter or two."""
    return all(any(_is_spelt_like(word, other) for other in others) for word in words)
