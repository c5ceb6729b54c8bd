from __future__ import annotations

import pytest

from pipeline.contract.events import REASONS
from pipeline.streaming.records import Rejection
from pipeline.streaming.rejection import RejectionLimit, RejectionShare, speaks_against
from pipeline.topology import STAGES

LIMIT = RejectionLimit(share=0.2, at_least=20, window_s=300)


def share(*batches: tuple[int, int, float], limit: RejectionLimit = LIMIT) -> tuple[list[bool], str]:
    """Whether each batch of (records, rejected, at) makes too many, and the words for it."""
    counted = RejectionShare(limit)
    one = Rejection("failed", "ValueError at sentences.py:3")
    return [counted.add(records, [one] * rejected, at) for records, rejected, at in batches], str(counted)


@pytest.mark.parametrize(
    ("batches", "too_many"),
    [
        ([(64, 64, 0)], [True]),
        ([(64, 19, 0)], [False]),
        ([(19, 19, 0), (1, 1, 1)], [False, True]),
        ([(100, 20, 0)], [False]),
        ([(99, 20, 0)], [True]),
        ([(1000, 0, 0), (64, 64, 1)], [False, False]),
        ([(1000, 0, 0), (64, 64, 301)], [False, True]),
        ([(10, 10, 0), (10, 10, 300)], [False, True]),
        ([(10, 10, 0), (10, 10, 301)], [False, False]),
    ],
)
def test_too_many_are_a_share_of_the_window_and_a_number(
    batches: list[tuple[int, int, float]], too_many: list[bool]
) -> None:
    assert share(*batches)[0] == too_many


def test_a_share_of_one_is_no_limit() -> None:
    assert share((1000, 1000, 0), limit=RejectionLimit(share=1, at_least=1))[0] == [False]


def test_what_is_counted_is_said() -> None:
    words = share((4000, 1, 0), (1000, 1000, 400))[1]
    assert words == "1,000 of the last 1,000 records (the last one: failed, ValueError at sentences.py:3)"


def test_what_somebody_pushed_does_not_count_but_what_a_stage_fails_at_does() -> None:
    first, *later = STAGES
    assert {reason for reason in REASONS if speaks_against(first, reason)} == {"failed", "too-large"}
    for stage in later:
        assert all(speaks_against(stage, reason) for reason in REASONS)
