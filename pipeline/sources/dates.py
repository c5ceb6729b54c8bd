"""Dates as people and programs write them in, RFC 3339 out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from pipeline.contract.events import is_rfc3339

NO_ZONE = "date without a time zone, taken as UTC"
NO_TIME = "date without a time of day, taken as midnight UTC"
UNREADABLE = "date unreadable"
MISSING = "date missing"
FUTURE = "date in the future"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH = re.compile(r"[1-9]\d{9}(?:\d{3})?")  # seconds or milliseconds since 1970
_EPOCH_DIGITS = 10
_EARLIEST_ZONE = timedelta(hours=14)  # a time of Kiribati that was taken for UTC lies so far ahead
_FIRST_YEAR, _LAST_YEAR = "1600", "2199"
_COMPACT_ZONE = re.compile(r"([+-]\d{2})(\d{2})$")


def to_rfc3339(text: str) -> tuple[str | None, str | None]:
    """The date of a text, and what had to be assumed or why there is none.

    Reads ISO 8601, RFC 2822 (as in mail and RSS) and seconds since 1970; what is RFC 3339 already stays as it is.
    """
    text = text.strip()
    if is_rfc3339(text):
        return (text, None) if is_plausible(text) else (None, UNREADABLE)
    if _EPOCH.fullmatch(text):
        seconds = int(text[:_EPOCH_DIGITS])
        return _written(datetime.fromtimestamp(seconds, timezone.utc).isoformat(), None)
    if _DAY.fullmatch(text):
        return _written(f"{text}T00:00:00+00:00", NO_TIME)
    return _written(text, None)


def _written(text: str, assumed: str | None) -> tuple[str | None, str | None]:
    found = _parsed(text)
    if found is None:
        return None, UNREADABLE
    if found.tzinfo is None:
        found, assumed = found.replace(tzinfo=timezone.utc), assumed or NO_ZONE
    written = found.isoformat().replace("+00:00", "Z")
    return (written, assumed) if is_rfc3339(written) and is_plausible(written) else (None, UNREADABLE)


def is_plausible(date: str) -> bool:
    """Whether a date begins with a year in which there is news: nobody meant the year 1 or 9999."""
    return _FIRST_YEAR <= date[:4] <= _LAST_YEAR


def is_future(date: str, *, now: datetime | None = None) -> bool:
    """Whether an RFC 3339 date has not come yet, in whatever time zone it was meant."""
    found = _parsed(date)
    return (
        found is not None and found.tzinfo is not None and found > (now or datetime.now(timezone.utc)) + _EARLIEST_ZONE
    )


def _parsed(text: str) -> datetime | None:
    iso = _COMPACT_ZONE.sub(r"\1:\2", text)  # Python 3.10 wants the colon
    for parse, value in ((datetime.fromisoformat, re.sub("[Zz]$", "+00:00", iso)), (parsedate_to_datetime, text)):
        try:
            return parse(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
