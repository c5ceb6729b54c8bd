from __future__ import annotations

import pytest

from pipeline.chunks import chunks


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([4, 6], [[4, 6]]),
        ([4, 7], [[4], [7]]),
        ([11], [[11]]),
        ([11, 1, 11], [[11], [1], [11]]),
        ([5, 5, 5, 5, 5], [[5, 5], [5, 5], [5]]),
        ([0, 0, 10, 0], [[0, 0, 10, 0]]),
        ([1, 1, 1, 1, 1, 1], [[1, 1, 1, 1], [1, 1]]),
    ],
)
def test_a_chunk_is_bounded_by_size_and_number_or_holds_one_item(lengths: list[int], expected: list[list[int]]) -> None:
    assert list(chunks(lengths, size=int, max_size=10, max_items=4)) == expected


def test_every_item_comes_once_and_in_order() -> None:
    numbers = list(range(200))
    found = chunks(numbers, size=lambda number: number * 37 % 100, max_size=250)
    assert [number for chunk in found for number in chunk] == numbers
