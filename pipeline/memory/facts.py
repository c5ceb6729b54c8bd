"""Lines in, what they state out: their words, and of these the numbers, dates, names, denials, sides and quotes."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.memory.numbers import NUMBER_WORDS, find_numbers
from pipeline.nlp.lexicon import month_names
from pipeline.nlp.lexicon.tables import table, words_of
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.memory.lines import Line, Mention

_WORD = re.compile(
    r"\d{1,2}(?::\d\d|\.\d\d(?= ?[ap]\.?m\b))"  # 6:41 and 6.41am
    r"|\d+(?:,\d{3})*(?:\.\d+)?(?:(?![ap]m\b)[^\W\d_]+)?"  # 4,812 and 88m and 23rd
    r"|(?<=\d)[ap]m\b|[ap]\.m\."
    r"|[^\W\d_]+(?=n't\b)|n't\b"
    r"|(?:[^\W\d_]\.){2,}|'(?:s|ll|re|ve|d|m)\b|[^\W\d_]+(?:'[^\W\d_]{3,})*|[%$\u20ac\u00a3\u00a5]"
)
_SAME = {"n't": "not", "percent": "%", "pct": "%", "dollar": "$", "dollars": "$", "euro": "\u20ac", "euros": "\u20ac"}
_QUOTED = re.compile(r'"[^"]*"?|(?<!\w)\'(?=\S)[^"\n]{1,400}?(?<=\S)\'(?!\w)')
WEEKDAYS = frozenset(map(str.lower, month_names.WEEKDAYS))
RELATIVE_DAYS = frozenset({"today", "yesterday", "tomorrow", "tonight"})
PARTS_OF_DAYS = frozenset({"morning", "afternoon", "evening", "night"})
_TIMES = WEEKDAYS | RELATIVE_DAYS | PARTS_OF_DAYS | {"noon", "midnight", "am", "pm"}
IN_DATES = frozenset(["last", "next", "this", "previous", "spring", "summer", "autumn", "winter"])
_ALSO_WORDS = frozenset({"may", "march"})  # months when they begin with a capital
_NAMES = frozenset({"PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"})
_BEGINS = ('"', "(", ":", "'", "[")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


class Facts(NamedTuple):
    """What a line states. Numbers and dates are normalised; ``words`` are all words in small letters."""

    words: frozenset[str]
    numbers: tuple[str, ...]
    dates: frozenset[str]
    names: frozenset[str]  # words of names, and words inside the sentence that begin with a capital
    people: frozenset[str]
    fuller: frozenset[str]  # words of the full forms of the names
    peoples: frozenset[str]  # names of nations and the like, which may stand as adjectives
    quoted: frozenset[str]
    denials: int


_SETS = tuple(name for name in Facts._fields if name not in {"numbers", "denials"})


def words_of_text(text: str) -> list[str]:
    """Return the words of a text in small letters, without possessives; "per cent" and the like are "%"."""
    return [_key(word) for word in _WORD.findall(plain(text))]


def together(found: Sequence[Facts]) -> Facts:
    """Return what several lines state together."""
    if len(found) == 1:
        return found[0]
    return Facts(
        numbers=tuple(number for one in found for number in one.numbers),
        denials=sum(one.denials for one in found),
        **{name: frozenset().union(*(getattr(one, name) for one in found)) for name in _SETS},
    )


def facts_of(line: Line, spelling: Mapping[str, str]) -> Facts:
    """Return what a line states; ``spelling`` has the words that are misspelt in it, in small letters."""
    text = plain(line.text)
    places = [match.span() for match in _WORD.finditer(text)]
    written = [text[start:end] for start, end in places]
    keys = [_key(spelling.get(word.lower(), word)) for word in written]
    inside = _mentions_at(places, line.mentions)
    dates = {at for at, word in enumerate(written) if _is_date(word, keys[at], inside[at])}
    numbers, date_numbers = _numbers(keys, dates, inside)
    named = set(_named(line, text, places, written, keys, dates, inside))
    return Facts(
        words=frozenset(keys),
        numbers=tuple(numbers),
        dates=frozenset({date_key(keys[at]) for at in dates} | date_numbers),
        names=frozenset(keys[at] for at in named) - _function_words(),
        people=frozenset(keys[at] for at in named if (one := inside[at]) and one.label == "PERSON"),
        fuller=frozenset(
            word
            for one in line.mentions
            if one.canonical and one.label in _NAMES
            for word in words_of_text(one.canonical)
        ),
        peoples=frozenset(keys[at] for at in named if (one := inside[at]) and one.label == "NORP"),
        quoted=frozenset(
            _key(spelling.get(word.lower(), word))
            for match in _QUOTED.finditer(text)
            for word in _WORD.findall(match.group())
        ),
        denials=sum("not" in sides().get(key, ()) for key in keys)
        + len(_DENY.findall(text))
        - len(_NO_DENY.findall(text)),
    )


_DENY = re.compile(r"\brul(?:e|es|ed|ing) (?:\w+ )?out\b|\bdeclin(?:e|es|ed|ing) to\b|\bunable\b", re.IGNORECASE)
_NO_DENY = re.compile(
    r"\bno (?:more|less|fewer) than\b|\bnot (?:only|just|least)\b|\bor not\b|\bn't (?:only|just)\b", re.IGNORECASE
)


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    lower = word.lower()
    if word[0].isalpha():
        lower = lower.replace(".", "")
    elif ":" in word:
        lower = lower.replace(":", ".")
    return _SAME.get(lower, lower)


def _mentions_at(places: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> list[Mention | None]:
    """Return for each word the name or value that it stands in."""
    found: list[Mention | None] = []
    at = 0
    for start, end in places:
        while at < len(mentions) and mentions[at].end <= start:
            at += 1
        found.append(mentions[at] if at < len(mentions) and mentions[at].start < end else None)
    return found


def _is_date(word: str, key: str, mention: Mention | None) -> bool:
    if key in _TIMES:
        return word != "am" or mention is not None  # a verb as well
    if key in _months():
        return word[0].isupper() and (key not in _ALSO_WORDS or mention is None or mention.label == "DATE")
    return key in IN_DATES and mention is not None and mention.label == "DATE"


def date_key(key: str) -> str:
    """Return how facts have a word of a date: months by their first letters."""
    return _months().get(key, key)


def _numbers(keys: Sequence[str], dates: set[int], inside: Sequence[Mention | None]) -> tuple[list[str], set[str]]:
    """Return the numbers of a line, and those that are a part of a date: in one with a day, a month or a year."""
    calendar = {id(inside[at]) for at in dates if inside[at] is not None}
    numbers: list[str] = []
    in_dates: set[str] = set()
    for number in find_numbers(keys):
        mention = inside[number.first]
        is_time = mention is not None and mention.label in {"DATE", "TIME"}
        of_month = any(at in dates and keys[at] in _months() for at in (number.first - 1, number.end))
        if of_month or (is_time and (id(mention) in calendar or _YEAR.fullmatch(number.value))):
            in_dates.add(number.value)
        elif number.value != "1" or mention is not None:  # "one" is a pronoun as well
            percent = number.end < len(keys) and (
                keys[number.end] == "%" or keys[number.end : number.end + 2] == ["per", "cent"]
            )
            numbers.append(number.value + "%" * percent)
    return numbers, in_dates


def _named(
    line: Line,
    text: str,
    places: Sequence[tuple[int, int]],
    written: Sequence[str],
    keys: Sequence[str],
    dates: set[int],
    inside: Sequence[Mention | None],
) -> Iterator[int]:
    """Yield the places of the words of names: in the span of one, or with a capital inside the sentence."""
    capitals_tell = line.kind == "sentence" and not text.isupper()
    for at, word in enumerate(written):
        mention = inside[at]
        if mention is not None and mention.label in _NAMES:
            if word[0].isupper():
                yield at
        elif capitals_tell and word[0].isupper() and at and at not in dates and keys[at] not in _function_words():
            start = places[at][0]
            if mention is None and not text[:start].rstrip(" ").endswith(_BEGINS):
                yield at


def written_words(lines: Sequence[Line]) -> frozenset[str]:
    """Return the words of some lines in small letters, as they are written."""
    return frozenset(word.lower() for line in lines for word in _WORD.findall(plain(line.text)))


@cache
def fact_words() -> frozenset[str]:
    """Return the words, as they are written, by which facts are told: of numbers, dates, denials and opposites."""
    return frozenset({*NUMBER_WORDS, *_SAME, *_months(), *_TIMES, *sides()})


@cache
def _months() -> dict[str, str]:
    return {form.lower(): month[:3].lower() for month, short in table("months").items() for form in (month, *short)}


@cache
def _function_words() -> frozenset[str]:
    return words_of("function_words")


@cache
def content_less() -> frozenset[str]:
    """Return the words that tell nothing of what a sentence is about."""
    numbers = {"one", "two", "three", "four", "five"}
    return _function_words() - numbers - {word for word, its in sides().items() if "not" in its}


@cache
def sides() -> dict[str, tuple[str, ...]]:
    """Return the sides of each word of the table of opposites."""
    return {form: its for forms, its in table("opposites").items() for form in forms.split()}
