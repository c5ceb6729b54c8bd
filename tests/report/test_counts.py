from collections import Counter
from pathlib import Path

import orjson
import pytest

from pipeline.contract.events import ClaimV1
from pipeline.contract.moments import date_ms
from pipeline.report.counts import NOT_NAMED, Row, Tally, TimeRange, count_claims, filled

EXAMPLES = Path(__file__).parents[2] / "pipeline" / "contract" / "examples"
CLAIM = ClaimV1.model_validate(orjson.loads((EXAMPLES / "claim.v1.json").read_bytes()))
DAY_MS = 86_400_000


def claim(source: str | None = "Wire", *, published: str | None = None, **changes: object) -> ClaimV1:
    article = CLAIM.article.model_copy(update={"source": source, "published": published})
    return CLAIM.model_copy(update={"article": article, **changes})


def test_each_claim_counts_once_by_source_speaker_and_day_and_by_each_of_its_types() -> None:
    assert CLAIM.claimant is not None
    named = claim(types=["quantity", "vote"])
    nobodys = claim(None, label="UFS", types=[], claimant=None)
    unknown = claim("Post\n Online", claimant=CLAIM.claimant.model_copy(update={"speaker": None, "text": "officials"}))
    counts = count_claims([(0, named), (DAY_MS, nobodys), (2 * DAY_MS - 1, unknown)], TimeRange())
    assert (counts.claims, counts.check_worthy) == (3, 2)
    assert counts.rows("source") == [Row(NOT_NAMED, 1, 0), Row("Post Online", 1, 1), Row("Wire", 1, 1)]
    assert {row.name for row in counts.rows("speaker")} == {CLAIM.claimant.speaker, NOT_NAMED, "officials"}
    assert sum(row.claims for row in counts.rows("type")) == 3 + len(CLAIM.types)
    assert counts.rows("day") == [Row("1970-01-01", 1, 1), Row("1970-01-02", 2, 1)]


@pytest.mark.parametrize(
    ("within", "days"),
    [
        (TimeRange(), ["1970-01-01", "1970-01-02", "1970-01-03"]),
        (TimeRange(since_ms=DAY_MS), ["1970-01-02", "1970-01-03"]),
        (TimeRange(until_ms=DAY_MS), ["1970-01-01"]),
        (TimeRange(since_ms=DAY_MS, until_ms=2 * DAY_MS), ["1970-01-02"]),
    ],
)
def test_a_range_is_kept_to_and_its_end_is_excluded(within: TimeRange, days: list[str]) -> None:
    counts = count_claims(((number * DAY_MS, claim()) for number in range(3)), within)
    assert [row.name for row in counts.days()] == days


def test_by_publication_the_publishers_day_counts_and_what_has_no_date_is_left_out() -> None:
    dated = claim(published="2024-05-03T23:30:00-05:00")
    within = TimeRange(since_ms=date_ms("2024-05-04T00:00:00Z"), by="published")
    counts = count_claims([(0, dated), (0, claim()), (0, claim(published="2024-05-03T23:30:00Z"))], within)
    assert counts.days() == [Row("2024-05-03", 1, 1)]
    assert counts.undated == 1


@pytest.mark.parametrize(
    ("date", "milliseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t01:00:00.123456789+01:00", 0),
        ("1969-12-31 22:30:00-01:30", 0),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ],
)
def test_dates_as_the_contract_has_them(date: str, milliseconds: int) -> None:
    assert date_ms(date) == milliseconds


def test_however_many_names_there_are_the_frequent_ones_are_counted_and_no_more_are_kept() -> None:
    tally = Tally(most=10)
    wanted: Counter[str] = Counter()
    for number in range(1000):
        for name in ("often", f"once {number}"):
            tally.add(name, check_worthy=True)
            wanted[name] += 1
    assert tally.rows()[0] == Row("often", 1000, 1000)
    assert len(tally.rows()) <= 20
    assert tally.let_go + sum(row.claims for row in tally.rows()) == wanted.total()


def test_days_without_claims_are_there_too() -> None:
    days = [Row("2024-02-28", 1, 1), Row("2024-03-01", 2, 0)]
    assert list(filled(days, most=9)) == [days[0], Row("2024-02-29", 0, 0), days[1]]
    assert list(filled(days, most=1)) == [days[1]]
    assert list(filled([], most=9)) == []


def test_without_claims_there_is_nothing_to_count() -> None:
    assert count_claims([], TimeRange()).as_json() == {
        "claims": 0,
        "check_worthy": 0,
        "undated": 0,
        "by_source": [],
        "by_speaker": [],
        "by_type": [],
        "by_day": [],
        "let_go": {},
    }
