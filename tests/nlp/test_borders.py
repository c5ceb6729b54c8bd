import pytest

from pipeline.nlp.borders import list_items, mend_borders


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("1.) The first item 2.) The second item", [19]),
        ("1) The first item 2) The second item 3) The third", [18, 37]),
        ("a. The first item b. The second item", [18]),
        ("\u2022 9. The first item \u2022 10. The second item", [20]),
    ],
)
def test_a_list_in_one_line_is_split_at_its_items(text: str, starts: list[int]) -> None:
    assert list_items(text) == starts
    assert mend_borders(text, ()) == starts


@pytest.mark.parametrize("text", ["1. The first item 3. The third item", "He has 1. The rest is gone 2. No more"])
def test_marks_out_of_order_are_no_list(text: str) -> None:
    assert list_items(text) == []


@pytest.mark.parametrize(
    ("text", "guessed", "borders"),
    [
        ("What was left . . . was little.", [18], []),
        ("It was over . . . . Then they left.", [], [20]),
        ("It was over (they left.) at night.", [25], []),
        ("It is at No. 12 now.", [13], []),
    ],
)
def test_marks_that_end_nothing_are_no_borders(text: str, guessed: list[int], borders: list[int]) -> None:
    assert mend_borders(text, guessed) == borders


def test_a_sure_model_needs_no_mark() -> None:
    text = "The first line The second line"
    assert mend_borders(text, [15]) == []
    assert mend_borders(text, [15], sure={15}) == [15]
