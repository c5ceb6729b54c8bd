"""Dates and times after RFC 3339 in, milliseconds out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?([Zz]|([+-])(\d{2}):(\d{2}))")


def date_ms(date: str) -> int:
    """Milliseconds since 1970 of an RFC 3339 date and time; a leap second is the next one."""
    found = _DATE.fullmatch(date)
    if not found:
        raise ValueError(f"{date!r} is no date and time after RFC 3339")
    day, hours, minutes, seconds, _, sign, zone_hours, zone_minutes = found.groups()
    east = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0)) * (-1 if sign == "-" else 1)
    time = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    midnight = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
    return round((midnight - datetime(1970, 1, 1, tzinfo=timezone.utc) + time - east) / timedelta(milliseconds=1))
