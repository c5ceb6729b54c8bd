from datetime import datetime, timezone

import pytest

from pipeline.sources.dates import NO_TIME, NO_ZONE, UNREADABLE, is_future, to_rfc3339

NOW = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("written", "read", "assumed"),
    [
        ("2024-05-03T10:00:00Z", "2024-05-03T10:00:00Z", None),
        ("Fri, 03 May 2024 10:00:00 +0200", "2024-05-03T10:00:00+02:00", None),
        ("2024-05-03T10:00:00+0200", "2024-05-03T10:00:00+02:00", None),
        ("1714730400", "2024-05-03T10:00:00Z", None),
        ("1714730400000", "2024-05-03T10:00:00Z", None),
        ("2024-05-03", "2024-05-03T00:00:00Z", NO_TIME),
        ("2024-05-03 10:00:00", "2024-05-03T10:00:00Z", NO_ZONE),
        ("0001-01-01T00:00:00Z", None, UNREADABLE),
        ("soon", None, UNREADABLE),
    ],
)
def test_dates_as_people_and_programs_write_them(written: str, read: str | None, assumed: str | None) -> None:
    assert to_rfc3339(written) == (read, assumed)


@pytest.mark.parametrize(
    ("date", "future"),
    [
        ("2026-05-01T12:00:01Z", False),  # a clock that is ahead
        ("2026-05-02T01:59:00Z", False),  # now, on an island that wrote no time zone
        ("2026-05-02T02:01:00Z", True),
        ("2026-05-02T15:30:00+14:00", False),
        ("2027-01-01T00:00:00.5Z", True),
        ("2016-12-31T23:59:60Z", False),
    ],
)
def test_a_date_in_the_future(date: str, future: bool) -> None:
    assert is_future(date, now=NOW) == future
