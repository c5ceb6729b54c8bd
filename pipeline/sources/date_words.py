"""Words of a date in; out, the month or the half of the day that they name in some language of news."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pipeline.errors import UsageError
from pipeline.sources.needs import needed

# Babel's names of the languages that most news is written in. Another one is read where a feed says that it is its own.
_LANGUAGES = (
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fa", "fi", "fil",
    "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "kn", "ko", "lt",
    "lv", "mk", "ml", "mr", "ms", "nb", "ne", "nl", "nn", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr",
    "sr_Latn", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh", "zh_Hant",
)  # fmt: skip
_ENGLISH_MONTHS = (
    ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
    ("july", "jul"), ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"),
    ("december", "dec"),
)  # fmt: skip
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OF = re.compile(r"^d['\u2019]")  # Catalan "d'abril"
_ENGLISH: dict[str, set[int | str]] = {
    **{name: {month} for month, names in enumerate(_ENGLISH_MONTHS, start=1) for name in names},
    **{name: set() for day in _ENGLISH_DAYS for name in (day, day[:3])},
    **{half: {half} for half in ("am", "pm")},
}
_HALVES: set[int | str] = {"am", "pm"}


def months_of(words: Iterable[str], *, language: str | None = None) -> list[int]:
    """Return the month, 1 to 12, of each word that names one in ``language``, else in English, else in any other.

    A name that languages understand differently counts in the article's own only: "listopad" is October in Croatian and
    November in Czech.
    """
    meanings = ([meaning for meaning in _meanings(word, language) if isinstance(meaning, int)] for word in words)
    return [months[0] for months in meanings if len(months) == 1]


def is_afternoon(word: str, *, language: str | None = None) -> bool | None:
    """Return whether a word is "pm" in one of the same languages; None where it is neither that nor "am"."""
    halves = _meanings(word, language) & _HALVES
    return halves == {"pm"} if len(halves) == 1 else None


def _meanings(word: str, language: str | None) -> set[int | str]:
    folded = _folded(word)
    for table in (_words(language) if language else {}, _ENGLISH):
        if folded in table:
            return table[folded]
    return set().union(*(_words(asked).get(folded, set()) for asked in _LANGUAGES))


def _folded(word: str) -> str:
    """Letters without accents; the vowel signs of Indic scripts and Thai are letters."""
    apart = unicodedata.normalize("NFKD", _OF.sub("", word.casefold()))
    return "".join(char for char in apart if char.isalpha() or (_is_mark(char) and not unicodedata.combining(char)))


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


@lru_cache(maxsize=128)
def _words(language: str) -> dict[str, set[int | str]]:
    """What words of a language mean: a month's number, "am", "pm", or nothing for a day of the week.

    Empty for a language that Babel lacks, and where Babel is not installed: English alone is read then.
    """
    try:
        babel = needed("babel")
    except UsageError:
        return {}
    try:
        locale = babel.Locale.parse(language if language in _LANGUAGES else language.partition("-")[0])
    except (ValueError, babel.UnknownLocaleError):
        return {}
    table: dict[str, set[int | str]] = {}
    for _, name in _entries(locale.days):
        table.setdefault(_folded(name), set())
    for number, name in _entries(locale.months):
        # Catalan writes "de febrer"; "2月" holds its number and is read without a table.
        word = _folded(name.split()[-1])
        if word and not any(map(str.isdigit, name)):
            table.setdefault(word, set()).add(number)
    for half, name in _entries(locale.day_periods):
        if half in _HALVES:
            table.setdefault(_folded(name), set()).add(half)
    return table


def _entries(contexts: Any) -> Iterable[tuple[Any, str]]:  # noqa: ANN401  (Babel's nested tables)
    widths = (width for context in contexts.values() for name, width in context.items() if name != "narrow")
    return (entry for width in widths for entry in width.items())
