"""Observations as a worker makes them, on a clock of the test's own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipeline.streaming.health.progress import Position, Progress

ONE, OTHER, NEXT = ("news.articles", 0), ("news.articles", 1), ("news.sentences", 0)

Observation = Mapping[tuple[str, int], Position]


def waits(committed: int) -> Position:
    return Position(committed, waits=True)


def idle(committed: int) -> Position:
    return Position(committed, waits=False)


def after(seconds: int, *observations: Observation, stall_s: float = 100) -> Progress:
    """A worker that was seen every five seconds, again and again as the observations say."""
    progress = Progress(stall_s)
    progress.assigned()
    for at in range(0, seconds + 1, 5):
        progress.observe(observations[at // 5 % len(observations)], at)
    return progress


def test_a_worker_is_alive_and_not_ready_until_it_has_partitions_and_was_seen_with_them() -> None:
    progress = Progress(100)
    assert (progress.alive(0), progress.ready(0)) == (True, False)
    progress.assigned()
    assert (progress.alive(1), progress.ready(1)) == (True, False)
    progress.observe({ONE: idle(-1)}, 2)
    assert (progress.alive(2), progress.ready(2)) == (True, True)
    progress.revoked()
    assert (progress.alive(3), progress.ready(3)) == (True, False)


def test_a_worker_without_partitions_is_ready() -> None:
    assert after(1000, {}).ready(1000)


def test_what_was_seen_long_ago_makes_nobody_ready_and_nobody_dead() -> None:
    progress = after(10, {ONE: idle(3)})
    assert progress.ready(39)
    assert not progress.ready(41)
    assert progress.alive(10_000)


@pytest.mark.parametrize(
    ("observations", "stands_still"),
    [
        ([{ONE: waits(7)}], True),
        ([{ONE: waits(-1)}], True),
        ([{ONE: idle(7)}], False),
        ([{ONE: waits(7), OTHER: idle(9)}], True),
        ([{ONE: waits(7)}, {ONE: waits(8)}], False),
        ([{ONE: waits(7)}, {ONE: idle(7)}], False),
        ([{ONE: waits(7), OTHER: waits(1)}, {ONE: waits(7), OTHER: waits(2)}], False),
        ([{ONE: waits(7), NEXT: waits(1)}, {ONE: waits(7), NEXT: waits(2)}], True),
    ],
)
def test_a_stage_stands_still_where_nothing_moves_although_records_wait(
    observations: list[Observation], stands_still: bool
) -> None:
    assert after(100, *observations).alive(100)
    progress = after(105, *observations)
    assert (progress.alive(105), progress.stall() is None) == (not stands_still, not stands_still)


def test_a_partition_that_others_have_their_turn_before_has_more_patience() -> None:
    both = [{ONE: waits(7), OTHER: waits(1)}, {ONE: waits(7), OTHER: waits(2)}]
    assert after(500, *both).alive(500)
    assert after(505, *both).stall() == "news.articles-0 stands still at offset 7 for 505 s while records wait"


def test_readiness_ends_before_life_does() -> None:
    progress = after(55, {ONE: waits(7)})
    assert (progress.ready(55), progress.alive(55)) == (False, True)


def test_it_is_alive_again_as_soon_as_it_goes_on() -> None:
    progress = after(200, {ONE: waits(7)})
    progress.observe({ONE: waits(8)}, 205)
    assert progress.alive(205)
    assert progress.ready(205)


def test_time_in_which_nobody_watched_does_not_count() -> None:
    progress = after(50, {ONE: waits(7)})
    progress.observe({ONE: waits(7)}, 10_000)
    assert progress.alive(10_000)
    assert not progress.ready(10_040)


def test_a_partition_that_has_gone_and_come_back_begins_anew() -> None:
    progress = after(100, {ONE: waits(7)})
    progress.observe({}, 105)
    progress.observe({ONE: waits(7)}, 110)
    assert progress.alive(110)
