from __future__ import annotations

import pytest

from pipeline.labels import REASONS
from pipeline.streaming.kafka.records import Rejection
from pipeline.streaming.worker.rejection_rate import RejectionLimit, RejectionShare, is_stage_fault
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
        ([(30, 30, 0), (1, 0, 1), (1, 1, 2)], [True, False, True]),
        ([(1, 1, at / 10) for at in range(20)], [False] * 19 + [True]),
    ],
)
def test_too_many_are_a_share_of_the_window_and_a_number(
    batches: list[tuple[int, int, float]], too_many: list[bool]
) -> None:
    assert share(*batches)[0] == too_many


def restarted(after_s: float, *batches: tuple[int, int, float]) -> list[bool]:
    """The same of a process that begins so long after the last batch of the one before, whose clock was elsewhere."""
    one = Rejection("failed", "ValueError at sentences.py:3")
    before, after = RejectionShare(LIMIT), RejectionShare(LIMIT)
    before.add(40, [one] * 19, 1000.0)
    before.add(10, [], 1100.0)
    after.restore(before.encode(1100.0, clock_s=50_000.0), 7.0, clock_s=50_000.0 + after_s)
    return [after.add(records, [one] * rejected, at) for records, rejected, at in batches]


@pytest.mark.parametrize(
    ("after_s", "batches", "too_many"),
    [
        (5, [(1, 1, 7)], [True]),
        (199, [(1, 1, 7)], [True]),
        (202, [(1, 1, 7)], [False]),
        (5, [(1, 0, 7), (1, 1, 8)], [False, True]),
        (5, [(100, 1, 7)], [False]),
        (5, [(1, 0, 7), (19, 19, 205), (1, 1, 206)], [False, False, True]),
        (-3600, [(1, 1, 7)], [True]),  # a clock that was put back
    ],
)
def test_what_was_counted_before_a_restart_counts_on(
    after_s: float, batches: list[tuple[int, int, float]], too_many: list[bool]
) -> None:
    assert restarted(after_s, *batches) == too_many


def test_there_is_something_to_keep_while_a_rejection_is_within_the_window_and_there_is_a_limit() -> None:
    one = Rejection("failed", "ValueError at sentences.py:3")
    counted, free = RejectionShare(LIMIT), RejectionShare(RejectionLimit(share=1))
    active = []
    for records, rejected, at in [(5, 0, 0.0), (5, 1, 1.0), (5, 0, 100.0), (5, 0, 302.0)]:
        free.add(records, [one] * rejected, at)
        counted.add(records, [one] * rejected, at)
        active.append((counted.is_active, free.is_active))
    assert active == [(False, False), (True, False), (True, False), (False, False)]


def test_what_is_kept_is_small_whatever_has_passed_through() -> None:
    counted = RejectionShare(RejectionLimit(share=0.5))
    for at in range(10_000):
        counted.add(100, [Rejection("failed", "x")], at / 10)
    assert len(counted.encode(1000, clock_s=1.8e9)) < 1000


def test_a_share_of_one_is_no_limit() -> None:
    assert share((1000, 1000, 0), limit=RejectionLimit(share=1, at_least=1))[0] == [False]


def test_what_is_counted_is_said() -> None:
    words = share((4000, 1, 0), (1000, 1000, 400))[1]
    assert words == "1,000 of the last 1,000 records (the last one: failed, ValueError at sentences.py:3)"


def test_what_somebody_pushed_does_not_count_but_what_a_stage_fails_at_does() -> None:
    first, *later = STAGES
    assert {reason for reason in REASONS if is_stage_fault(first, reason)} == {"failed"}
    for stage in later:
        assert {reason for reason in REASONS if not is_stage_fault(stage, reason)} == {"too-large"}
