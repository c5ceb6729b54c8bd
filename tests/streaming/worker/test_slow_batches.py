from __future__ import annotations

import pytest

from pipeline.streaming.worker.slow_batches import Late, decode


@pytest.mark.parametrize("late", [Late(until=135), Late(until=121, reject=120)])
def test_what_is_written_with_a_commit_is_read_again(late: Late) -> None:
    assert decode(late.encode()) == late


@pytest.mark.parametrize(
    "metadata", [None, "", "by another program", "{}", "7", '{"until": "x", "reject": null}', "[]"]
)
def test_what_others_write_with_their_commits_says_nothing(metadata: str | None) -> None:
    assert decode(metadata) is None


def test_records_stay_alone_until_the_batch_that_was_too_slow_is_over() -> None:
    late = Late(until=135, reject=120)
    assert decode(late.after(121)) == Late(until=135)
    assert late.after(135) == ""
