"""Words of a sentence in, the numbers among them out, in one way of writing: "1.4 million", "sixty-three", "88m"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "ten twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_UNITS.split())} | {
    word: 10 * tens for tens, word in enumerate(_TENS.split(), 1)
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7} | {
    word: scale
    for words, scale in (
        ("k", 1e3),
        ("m mn mln million millions", 1e6),
        ("b bn bln billion billions", 1e9),
        ("tn trillion trillions", 1e12),
    )
    for word in words.split()
}
_OTHERS = {
    "dozen": 12.0, "dozens": 12.0, "half": 0.5, "quarter": 0.25, "third": 1 / 3, "thirds": 1 / 3, "once": 1.0,
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0, "tripled": 3.0,
}  # fmt: skip
NUMBER_WORDS = frozenset({*_SMALL, *_SCALES, *_OTHERS})
_FIRST = _SMALL.keys() | _OTHERS.keys()
_DIGITS = re.compile(r"(\d[\d,]*(?:\.\d+)?)([a-z]*)")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "s"})
_HUNDRED, _THOUSAND = 100, 1000


class Number(NamedTuple):
    """A number of the words from ``first`` up to ``end``; ``value`` is written alike for what is equal."""

    first: int
    end: int
    value: str


def find_numbers(words: Sequence[str]) -> Iterator[Number]:
    """Yield the numbers among the words of a sentence (small letters, hyphens divide), each as one value."""
    at = 0
    for first, word in enumerate(words):
        if first < at or not (word in _FIRST or word[0].isdigit()):
            continue
        at, value = _number_at(words, first)
        if at == first and word in _OTHERS:
            at, value = first + 1, _OTHERS[word]
        if at > first:
            yield Number(first, at, f"{value:.12g}")


def _number_at(words: Sequence[str], first: int) -> tuple[int, float]:
    """Return where the number that begins at a word ends, and its value; where it begins, if it is none."""
    whole, part, at = 0.0, None, first
    while at < len(words):
        word = words[at]
        value = _SMALL[word] if word in _SMALL else _digits(word)
        if value is not None and (part is None or _goes_on(part, value, word)):
            part = value + (part or 0.0)
        elif value is None and part is not None and word in _SCALES:
            part *= _SCALES[word]
            if _SCALES[word] >= _THOUSAND:
                whole, part = whole + part, 0.0
        elif not (word == "and" and words[at - 1] in _SCALES and words[at + 1 : at + 2] and words[at + 1] in _SMALL):
            break
        at += 1
    return at, whole + (part or 0.0)


def _digits(word: str) -> float | None:
    match = _DIGITS.fullmatch(word) if word[0].isdigit() else None
    if match is None or not (match[2] in _SCALES or match[2] in _ORDINALS or not match[2]):
        return None
    return float(match[1].replace(",", "")) * _SCALES.get(match[2], 1.0)


def _goes_on(part: float, value: float, word: str) -> bool:
    """Whether a word adds to the number before it: "sixty three", "two hundred five", not "19 40" or "two three"."""
    if word not in _SMALL:
        return False
    tens = part % _HUNDRED
    return (tens == 0 and value < _HUNDRED) or (tens >= 20 and tens % 10 == 0 and 0 < value < 10)  # noqa: PLR2004
