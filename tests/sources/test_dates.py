# ruff: noqa: RUF001  (dates of many languages)
from datetime import datetime, timedelta, timezone

import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract.field_types import is_rfc3339
from pipeline.sources.date_words import _LANGUAGES
from pipeline.sources.dates import (
    NO_DAY,
    NO_TIME,
    NO_ZONE,
    NO_ZONE_KOREAN,
    TWO_DAYS,
    UNKNOWN_ZONE,
    UNREADABLE,
    is_future,
    to_rfc3339,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
EVENING = "2031-02-19T22:40:00"


@pytest.mark.parametrize(
    ("written", "read", "assumed"),
    [
        ("2024-05-03T10:00:00Z", "2024-05-03T10:00:00Z", None),
        ("Fri, 03 May 2024 10:00:00 +0200", "2024-05-03T10:00:00+02:00", None),
        ("2024-05-03T10:00:00+0200", "2024-05-03T10:00:00+02:00", None),
        ("1714730400", "2024-05-03T10:00:00Z", None),
        ("1714730400000", "2024-05-03T10:00:00Z", None),
        ("2024-05-03", "2024-05-03T00:00:00Z", NO_TIME),
        ("2024-05", "2024-05-01T00:00:00Z", NO_DAY),
        ("2024", "2024-01-01T00:00:00Z", NO_DAY),
        ("2024-05-03 10:00:00", "2024-05-03T10:00:00Z", NO_ZONE),
        ("20310219T224000Z", f"{EVENING}Z", None),
        ("20310219", "2031-02-19T00:00:00Z", NO_TIME),
        (f"{EVENING}.123456789Z", f"{EVENING}.123456789Z", None),
        (f"{EVENING}.5+0200", f"{EVENING}.500000+02:00", None),
        ("2003-012-31T10:14:55+00:00", "2003-12-31T10:14:55Z", None),
        ("Thu Feb 19 22:40:00 2031", f"{EVENING}Z", NO_ZONE),
        ("Sun Jul 15 01:16:00 +0000 2012", "2012-07-15T01:16:00Z", None),
        ("Wed Feb 19 22:40:00 2031 +0200", f"{EVENING}+02:00", None),
        ("Mon, 13 Feb, 2012 06:28:00 UTC", "2012-02-13T06:28:00Z", None),
        ("Mon, 19 Feb 31 22:40:00 GMT", f"{EVENING}Z", None),
        ("13-JUL-99", "1999-07-13T00:00:00Z", NO_TIME),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T08:19:53-04:00", None),
        ("2031-02-19 22:40:00 XYZ", f"{EVENING}Z", UNKNOWN_ZONE),
        ("19.2.2031 klo 22.40", f"{EVENING}Z", NO_ZONE),
        ("2031. 02. 19. 22:40", f"{EVENING}Z", NO_ZONE),
        ("10:40 PM, 19 February 2031", f"{EVENING}Z", NO_ZONE),
        ("٢٠٣١-٠٢-١٩ ٢٢:٤٠", f"{EVENING}Z", NO_ZONE),
    ],
)
def test_dates_as_people_and_programs_write_them(written: str, read: str | None, assumed: str | None) -> None:
    assert to_rfc3339(written) == (read, assumed)


ZONES = {
    **dict.fromkeys(("+02:00", "+0200", "+02", "GMT+2", "UTC+02:00", "GMT+0200 (Eastern European Time)"), "+02:00"),
    **dict.fromkeys(("EET", "CEST", "MEST", "MESZ", "SAST", "(local) +0200", "Africa/Cairo"), "+02:00"),
    **dict.fromkeys(("Z", "GMT", "UTC", "UT", "Etc/GMT", "+0000", "-00:00", "WET"), "Z"),
    **dict.fromkeys(("CET", "MEZ", "BST", "Europe/Berlin"), "+01:00"),
    **dict.fromkeys(("EST", "ET", "America/New_York"), "-05:00"),
    **dict.fromkeys(("PST", "PT"), "-08:00"),
    **dict.fromkeys(("CST", "CT", "MDT"), "-06:00"),
    **dict.fromkeys(("PDT", "MST", "MT"), "-07:00"),
    **dict.fromkeys(("AT", "AST", "EDT"), "-04:00"),
    "-05:30": "-05:30",
    "IST": "+05:30",
    "MSK": "+03:00",
    "JST": "+09:00",
    "AEDT": "+11:00",
    "-01:01": "-01:01",
}


@pytest.mark.parametrize(("zone", "offset"), ZONES.items())
@pytest.mark.parametrize(
    "form",
    ["Wed, 19 Feb 2031 22:40:00 {}", "2031-02-19 22:40 {}", "Feb 19, 2031 10:40 PM {}", "19.02.2031 22:40:00 {}"],
)
def test_a_time_zone_is_understood_however_it_is_written(form: str, zone: str, offset: str) -> None:
    assert to_rfc3339(form.format(zone)) == (EVENING + offset, None)


def test_a_zone_for_summer_and_winter_alike_is_the_one_of_its_season() -> None:
    assert to_rfc3339("Wed, 16 Jul 2031 10:00:00 ET")[0] == "2031-07-16T10:00:00-04:00"


@pytest.mark.parametrize(
    ("clock", "hour"),
    [("12:30 AM", 0), ("1:30 AM", 1), ("11:30 a.m.", 11), ("12:30 PM", 12), ("1:30pm", 13), ("11:30 p. m.", 23)],
)
def test_the_half_of_the_day_counts(clock: str, hour: int) -> None:
    assert to_rfc3339(f"February 19, 2031 {clock} GMT") == (f"2031-02-19T{hour:02}:30:00Z", None)


@pytest.mark.parametrize(
    "written",
    [
        "mer., 19 févr. 2031 22:40:00 +0100",
        "Mi, 19 Feb 2031 22:40:00 +0100",
        "Mittwoch, 19. Februar 2031, 22.40 Uhr +0100",
        "le 19 février 2031 à 22h40 CET",
        "19 de febrero de 2031 10:40 p. m. +01:00",
        "19 lutego 2031, 22:40 CET",
        "Κυρ, 19 Φεβ 2031 22:40:00 +0100",
        "Ср, 19 фев 2031 22:40:00 +0100",
        "2031-február-19T22:40+01:00",
        "19 Şubat 2031 22:40 +0100",
        "19 tháng 2, 2031 22:40 +0100",
        "2031年2月19日 22時40分 +0100",
        "2031年2月19日 下午10:40 +0100",
        "2031년 02월 19일  22:40:00 +0100",
        "2031-02-19 오후 10:40:00 +0100",
        "बुध, 19 फ़रवरी 2031 22:40 +0100",
        "19 กุมภาพันธ์ 2031 22:40 +0100",
    ],
)
def test_months_have_their_names_in_every_language(written: str) -> None:
    assert to_rfc3339(written) == (f"{EVENING}+01:00", None)


def test_a_tuesday_is_no_month() -> None:
    assert to_rfc3339("mar. 3 févr. 2026 22:40 CET")[0] == "2026-02-03T22:40:00+01:00"


def test_a_name_that_languages_share_is_the_articles_own() -> None:
    written = "19 listopad 2031 22:40 CET"
    assert to_rfc3339(written) == (None, UNREADABLE)
    assert to_rfc3339(written, language="cs")[0] == "2031-11-19T22:40:00+01:00"
    assert to_rfc3339(written, language="hr-HR")[0] == "2031-10-19T22:40:00+01:00"


def test_korea_has_one_time_zone() -> None:
    assert to_rfc3339("2031년 05월 28일  01:31:15") == ("2031-05-28T01:31:15+09:00", NO_ZONE_KOREAN)


@pytest.mark.parametrize(
    ("written", "language", "read"),
    [
        ("19/02/2031 22:40Z", None, EVENING),
        ("02/19/2031 22:40Z", None, EVENING),
        ("04/04/2031 22:40Z", None, "2031-04-04T22:40:00"),
        ("03.04.2031 22:40Z", None, "2031-04-03T22:40:00"),
        ("03/04/2031 22:40Z", "en-US", "2031-03-04T22:40:00"),
        ("03/04/2031 22:40Z", "en-GB", "2031-04-03T22:40:00"),
        ("03-04-2031 22:40Z", "fr", "2031-04-03T22:40:00"),
        ("03/04/2031 22:40Z", "en", None),
        ("03/04/2031 22:40Z", "English (US)", None),
        ("03/04/2031 22:40Z", None, None),
    ],
)
def test_day_or_month_first_is_never_guessed(written: str, language: str | None, read: str | None) -> None:
    assert to_rfc3339(written, language=language) == ((f"{read}Z", None) if read else (None, TWO_DAYS))


@pytest.mark.parametrize(
    "written",
    [
        "soon", "hello", "yesterday", "2 hours ago", "12 AM", "Feb 2031", "22013", "013", "0001-01-01T00:00:00Z",
        "2031-02-30", "2031-xx-27", "2031-02-19T25:14:55Z", "2031-02-19T10:61:55Z", "2031-02-19T10:14:61Z",
        "2013-01-27-01", "2013-01-28T09:xx:00Z", "2013-01-28T09:00:00+00:xx", "9999-12-31T23:59:59-99:99",
        "Wed, 31 Feb 2031 22:40:00 +0000", "Sun, 99 Jun 2009 12:00:00 GMT", "Sun, 16 Dec 2012 1:2:3:4 GMT",
        "Sun, 16 zzz 2012 11:47:32 GMT", "Sun, Dec x 2012 11:47:32 GMT", "Sun, 16 Dec zz 11:47:32 GMT",
        "Sun, 16 Dec 2012 11:47:32 +zz:00", "Fri, 31 Feb 2024 25:61:61 +9999", "31/02/2031", "3/2031", "1" * 400,
        "February 19, 2031 0:30 AM PM 7", "19 Feb 2031 and 20 Feb 2031", "19 Feb March 2031 7", "13-13-2031",
    ],
)  # fmt: skip
def test_an_impossible_date_is_none(written: str) -> None:
    assert to_rfc3339(written) == (None, UNREADABLE)


_days = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc))  # noqa: DTZ001
# With numbers for months, which the tables above have; and Irish, which has two months of "Fómhair".
_WRITTEN_OTHERWISE = {"ga", "ja", "ko", "vi", "zh", "zh_Hant"}


@given(_days, st.sampled_from(sorted(set(_LANGUAGES) - _WRITTEN_OTHERWISE)), st.sampled_from(["d MMMM y", "d MMM y"]))
def test_a_day_in_any_language_of_news_is_read_as_it_was_written(day: datetime, language: str, pattern: str) -> None:
    written = f"{format_datetime(day, pattern, locale=language)} {day:%H:%M:%S} GMT"
    assert to_rfc3339(written, language=language.replace("_", "-")) == (f"{day:%Y-%m-%dT%H:%M:%S}Z", None)


@given(
    _days, st.integers(-14 * 4, 14 * 4), st.sampled_from(["%a, %d %b %Y %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%c %z"])
)
def test_a_date_is_the_same_moment_as_it_was_written(day: datetime, quarters: int, form: str) -> None:
    meant = day.replace(microsecond=0).astimezone(timezone(timedelta(minutes=15 * quarters)))
    found, assumed = to_rfc3339(meant.strftime(form))
    assert found
    assert (datetime.fromisoformat(found.replace("Z", "+00:00")), assumed) == (meant, None)


@given(st.text(st.sampled_from("0123456789:-/.+ TZapmJanFebGMTE,年月日"), max_size=40) | st.text(max_size=40))
def test_whatever_is_written_there_is_a_date_after_rfc_3339_or_none(written: str) -> None:
    found, why = to_rfc3339(written)
    assert is_rfc3339(found) if found else why in {UNREADABLE, TWO_DAYS}
    # Nothing is taken from today: each digit of the day was written.
    assert found is None or why == NO_DAY or not written.isascii() or written.isdigit() or found[2:4] in written


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
