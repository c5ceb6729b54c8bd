"""Dates as people and programs write them in, RFC 3339 out; nothing is ever taken from today's date."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipeline.contract.field_types import is_rfc3339
from pipeline.contract.languages import understood
from pipeline.sources.date_words import is_afternoon, months_of

NO_DAY = "date without a day, taken as the first"
NO_TIME = "date without a time of day, taken as midnight UTC"
NO_ZONE = "date without a time zone, taken as UTC"
NO_ZONE_KOREAN = "date without a time zone, taken as Korea's"
UNKNOWN_ZONE = "date in an unknown time zone, taken as UTC"
TWO_DAYS = "date that may mean two days"
UNREADABLE = "date unreadable"
MISSING = "date missing"
FUTURE = "date in the future"

_MOST_CHARS = 100
_EPOCH = re.compile(r"([1-9]\d{9})(?:\d{3})?")  # seconds or milliseconds since 1970
_FIRST_YEAR, _LAST_YEAR = 1600, 2199  # nobody meant the year 1 or 9999
_CENTURY_FROM = 50  # a year of two digits is one of 1950 to 2049 (RFC 2822, 4.3)
_MONTHS = _HALF_DAY_HOURS = 12
_FARTHEST_ZONE = timedelta(hours=14)  # Kiribati

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?")  # W3C-DTF has years and months
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?(?!\d)")
_YEAR_FIRST = re.compile(r"(?<![\d.-])(\d{4})\s?[-/.年년]\s?0?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)\s?[.日일]?")
_YEAR_LAST = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})(?![\d-])")
_VIETNAMESE = re.compile(r"\btháng (\d{1,2})\b", re.IGNORECASE)
_WORD = re.compile(r"[^\s\d,;:/()\[\]+-]+")
_DAY_OR_YEAR = re.compile(r"(?<!\d)(?:\d{4}|\d{1,2})(?!\d)")

_CLOCK = re.compile(r"(?<![\d:.])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?![\d:])")
_CLOCKS_WITHOUT_COLON = (
    re.compile(r"(?<!\d)(\d{1,2})\s?[時时点點시]\s?(?:(\d{1,2})\s?[分분]?)?(?:\s?(\d{1,2})\s?[秒초])?()(?!\d)"),
    re.compile(r"(?<![\d.])(\d{1,2})(?:\.|\s?h\s?)(\d{2})()()(?![\d.])"),  # "22.40 Uhr", "22h40"
    re.compile(r"(?<![\d.])(\d{1,2})()()()(?=\s?[ap]\.?\s?m\b)", re.IGNORECASE),
)
_HALF = re.compile(r"\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()\d]*\)")  # "GMT+0100 (Central European Standard Time)"
_OFFSET = re.compile(r"(?<!\d)\s?(?:GMT|UTC|UT|Z)?\s?([+-])(\d{1,2})(?::?(\d{2}))?(?![\d:-])")
_REGION = re.compile(r"\b[A-Z][A-Za-z]+/[A-Za-z]+(?:[/_][A-Za-z]+)*")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]{2,5}|Z)\b")
_KOREAN = re.compile(r"[년월일시오전후]")

# Hours east of UTC. RFC 2822 has those of North America; of a name of several zones, the one with the most publishers.
_ZONES = {
    **dict.fromkeys(("UT", "UTC", "GMT", "Z", "WET"), 0.0),
    **dict.fromkeys(("BST", "CET", "MET", "MEZ", "WEST", "WAT"), 1.0),
    **dict.fromkeys(("CEST", "MEST", "MESZ", "EET", "CAT", "SAST"), 2.0),
    **dict.fromkeys(("EEST", "MSK", "TRT", "EAT"), 3.0),
    "IRST": 3.5, "GST": 4.0, "PKT": 5.0, "IST": 5.5, "NPT": 5.75, "ICT": 7.0, "WIB": 7.0, "HKT": 8.0, "SGT": 8.0,
    "PHT": 8.0, "AWST": 8.0, "JST": 9.0, "KST": 9.0, "ACST": 9.5, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0,
    "NZDT": 13.0, "NDT": -2.5, "BRT": -3.0, "ART": -3.0, "ADT": -3.0, "NST": -3.5, "AST": -4.0, "EDT": -4.0,
    "EST": -5.0, "CDT": -5.0,
    "CST": -6.0, "MDT": -6.0, "MST": -7.0, "PDT": -7.0, "PST": -8.0, "AKDT": -8.0, "AKST": -9.0, "HST": -10.0,
}  # fmt: skip
_KOREA = timezone(timedelta(hours=_ZONES["KST"]))  # all of it; feeds in Korean seldom write it
# Names that stand for summer and winter time alike, by the cities that keep them.
_CITIES = {"AT": "Halifax", "ET": "New_York", "CT": "Chicago", "MT": "Denver", "PT": "Los_Angeles"}


class _UnreadableError(ValueError):
    """There is no such date; the text says why."""


class _Clock(NamedTuple):
    """A time of day, and what had to be assumed of its zone."""

    hour: int
    minute: int
    second: int
    microsecond: int
    zone: tzinfo
    assumed: str | None


def to_rfc3339(text: str, *, language: str | None = None) -> tuple[str | None, str | None]:
    """Return the date of a text, and what had to be assumed or why there is none.

    Reads ISO 8601, RFC 2822 (as in mail and RSS), seconds since 1970, and days whose month is a number or a word of any
    language of news. ``language`` (BCP 47) settles what languages understand differently. RFC 3339 stays as it is.
    """
    text, tag = text.strip(), understood(language or "")
    try:
        if is_rfc3339(text):
            return _of_news(int(text[:4]), text), None
        found, assumed = _moment(_simplified(text), tag)
        return _of_news(found.year, found.isoformat().replace("+00:00", "Z")), assumed
    except _UnreadableError as exc:
        return None, str(exc)
    except (ValueError, OverflowError, OSError):  # a day that no calendar has
        return None, UNREADABLE


def is_future(date: str, *, now: datetime | None = None) -> bool:
    """Whether an RFC 3339 date has not come yet, in whatever time zone it was meant."""
    try:
        found = moment(date)
    except ValueError:
        return False
    return found > (now or datetime.now(timezone.utc)) + _FARTHEST_ZONE


def moment(date: str) -> datetime:
    """Return the moment of an RFC 3339 date.

    Raises:
        ValueError: it is a leap second, which Python has not.
    """
    return _moment(_simplified(date), None)[0]


def _of_news(year: int, date: str) -> str:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise _UnreadableError(UNREADABLE)
    return date


def _simplified(text: str) -> str:
    """The same in plain digits and blanks, without marks that cannot be seen."""
    if len(text) > _MOST_CHARS:
        raise _UnreadableError(UNREADABLE)
    seen = [char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf"]
    digits = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in seen)
    return " ".join(_COMMENT.sub(" ", digits.replace("\N{MINUS SIGN}", "-")).split())


def _moment(text: str, language: str | None) -> tuple[datetime, str | None]:
    """The time of day, its zone and the day are taken out of a text one after the other; no number may be left over."""
    if epoch := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch[1]), timezone.utc), None
    if partial := _PARTIAL.fullmatch(text):
        return datetime(int(partial[1]), int(partial[2] or 1), 1, tzinfo=timezone.utc), NO_DAY
    clock, rest = _clock(_spread(text), language, (_CLOCK,))
    year_month_day, rest = _numeric_day(rest, language)
    if clock is None:
        clock, rest = _clock(rest, language, _CLOCKS_WITHOUT_COLON)
    if year_month_day is None:
        year_month_day, rest = _named_day(rest, language)
    if any(map(str.isdigit, rest)):
        raise _UnreadableError(UNREADABLE)
    day = datetime(*year_month_day)  # noqa: DTZ001  (its zone comes next)
    if clock is None:
        return day.replace(tzinfo=timezone.utc), NO_TIME
    time = day.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=clock.microsecond)
    return time.replace(tzinfo=clock.zone), clock.assumed


def _spread(text: str) -> str:
    """ISO 8601's basic form in its extended one: 20310219T224000Z."""
    found = _COMPACT.match(text)
    if not found:
        return text
    clock = f" {found[4]}:{found[5]}:{found[6] or '00'}" if found[4] else ""
    return f"{found[1]}-{found[2]}-{found[3]}{clock}{text[found.end() :]}"


def _numeric_day(text: str, language: str | None) -> tuple[tuple[int, int, int] | None, str]:
    if found := _YEAR_FIRST.search(text):
        return (int(found[1]), int(found[2]), int(found[3])), _without(text, found)
    if found := _YEAR_LAST.search(text):
        first, second = int(found[1]), int(found[3])
        month_first = _is_month_first(first, second, found[2], language)
        month, day = (first, second) if month_first else (second, first)
        return (int(found[4]), month, day), _without(text, found)
    return None, text


def _is_month_first(first: int, second: int, mark: str, language: str | None) -> bool:
    """Whether 05/03 is a day of May: the numbers say it, or the full stop, or the language."""
    if mark == "." or first > _MONTHS or first == second:
        return False
    if second > _MONTHS:
        return True
    tag = (language or "en").lower()
    if tag == "en":  # of whichever country
        raise _UnreadableError(TWO_DAYS)
    return tag.startswith("en-us")


def _named_day(text: str, language: str | None) -> tuple[tuple[int, int, int], str]:
    """Where the month is a word: of the two numbers, the one of four digits is the year, else the second."""
    if found := _VIETNAMESE.search(text):
        months, text = [int(found[1])], _without(text, found)
    else:
        months = months_of(_WORD.findall(text), language=language)
    numbers = list(_DAY_OR_YEAR.finditer(text))
    if not months or len(numbers) != 2:  # noqa: PLR2004  (a day and a year)
        raise _UnreadableError(UNREADABLE)
    day, year = sorted((number[0] for number in numbers), key=lambda number: len(number) > 2)  # noqa: PLR2004
    century = 0 if len(year) > 2 else 1900 if int(year) >= _CENTURY_FROM else 2000  # noqa: PLR2004
    # "mar. 3 févr. 2026": a Tuesday, which is another language's March, stands first.
    return (century + int(year), months[-1], int(day)), _DAY_OR_YEAR.sub(" ", text)


def _clock(text: str, language: str | None, patterns: tuple[re.Pattern[str], ...]) -> tuple[_Clock | None, str]:
    """The time of day by the first pattern that finds one, and the text without it and its zone."""
    found = next((match for pattern in patterns if (match := pattern.search(text))), None)
    if found is None:
        return None, text
    before, after = text[: found.start()], text[found.end() :]
    half = _HALF.match(after)
    if half:
        after = after[half.end() :]
    zone, assumed, rest = _zone(after)
    if zone is None:
        zone, assumed = (_KOREA, NO_ZONE_KOREAN) if _KOREAN.search(text) else (timezone.utc, NO_ZONE)
    hour, minute, second = (int(found[part] or 0) for part in (1, 2, 3))
    afternoon = half[1].lower() == "p" if half else _said_afternoon(before, after, language)
    if afternoon is not None:
        if not 0 < hour <= _HALF_DAY_HOURS and not afternoon:
            raise _UnreadableError(UNREADABLE)
        hour = hour % _HALF_DAY_HOURS + (_HALF_DAY_HOURS if afternoon else 0) if hour <= _HALF_DAY_HOURS else hour
    micro = int((found[4] or "0").ljust(6, "0")[:6])
    return _Clock(hour, minute, second, micro, zone, assumed), f"{before} {rest}"


def _said_afternoon(before: str, after: str, language: str | None) -> bool | None:
    """By the word before or behind the time of day; capitals are a time zone's."""
    words = [*_WORD.findall(before)[-1:], *_WORD.findall(after)[:1]]
    said = (is_afternoon(word, language=language) for word in words if not (word.isascii() and word.isupper()))
    return next((half for half in said if half is not None), None)


def _zone(after: str) -> tuple[tzinfo | None, str | None, str]:
    """The zone in what follows a time of day, what was assumed of it, and the rest; None where no zone is written."""
    if offset := _OFFSET.search(after):
        east = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if east > _FARTHEST_ZONE:
            raise _UnreadableError(UNREADABLE)
        return timezone(east if offset[1] == "+" else -east), None, _without(after, offset)
    named = _REGION.search(after) or _ABBREVIATION.search(after)
    if named is None:
        return None, None, after
    name, rest = named[0], _without(after, named)
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name])), None, rest
    try:
        return ZoneInfo(f"America/{_CITIES[name]}" if name in _CITIES else name), None, rest
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return timezone.utc, UNKNOWN_ZONE, rest


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
