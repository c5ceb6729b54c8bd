import pytest

from pipeline.chaos.output_watch import silence_s


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([1.0, 9.0, 11.0, 12.0], 1.0),  # what was silent before the fault is not its doing
        ([9.0, 14.0, 15.0], 4.0),
        ([9.0, 11.0, 19.0, 40.0, 90.0], 21.0),  # one that begins in the window counts to its end
        ([9.0], None),
        ([], None),
    ],
)
def test_the_silence_after_a_fault_is_the_longest_that_begins_in_its_window(
    times: list[float], expected: float | None
) -> None:
    assert silence_s(times, at=10.0, until=20.0) == expected
