import pytest

from pipeline.nlp.sentences.boundaries import list_items, mend_borders


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


@pytest.mark.parametrize(
    ("text", "borders"),
    [
        ("It was over. ********** The next report", [24]),
        ("See you soon. Best regards, Jane Doe", [14, 28]),
        ("Regards, Jane will come", []),
        ("Email: jane@mail.example (Jane Doe) We met in May.", []),
        ("E-mail: jane@mail.example We met in May.", [26]),
    ],
)
def test_ruled_lines_and_the_head_and_close_of_a_letter_are_borders(text: str, borders: list[int]) -> None:
    assert mend_borders(text, ()) == borders


@pytest.mark.parametrize(
    ("text", "borders"),
    [
        ("The new bridge Image: Jane Doe.", [15]),
        ("The bridge at night. Photo credit: City of Oslo", [21]),
        ("Here is the video: Image: it is odd", []),
        ("In the Video: The man left. He ran. She stayed there", [28, 36]),
    ],
)
def test_a_credit_at_the_end_of_a_line_is_a_border(text: str, borders: list[int]) -> None:
    assert mend_borders(text, ()) == borders


def test_marks_alone_are_no_sentence() -> None:
    assert mend_borders("... And so it ended", [4], sure={4}) == []


def test_a_small_letter_after_an_exclamation_mark_starts_a_sentence_only_if_the_model_is_sure() -> None:
    text = "It is fab! so go and see it"
    assert mend_borders(text, [11]) == []
    assert mend_borders(text, [11], sure={11}) == [11]


def test_a_sure_model_needs_no_mark() -> None:
    text = "The first line The second line"
    assert mend_borders(text, [15]) == []
    assert mend_borders(text, [15], sure={15}) == [15]


@pytest.mark.parametrize(
    "text",
    [
        "Police say he was 15.|The mayor left.",
        "A man died on Sunday.|Police say so.",
        "Is it true?|Nobody knows.",
        '"It is over."|Nobody knows.',
        'Prices rose 9%.|"We lost," she said.',
        "It was in 2019.|In May it rained.",
    ],
)
def test_sentences_without_a_blank_between_them_are_two(text: str) -> None:
    assert mend_borders(text.replace("|", ""), ()) == [text.index("|")]


@pytest.mark.parametrize(
    "text",
    [
        "I like Booking.com and Node.js.",
        "The site Amazon.Com fell.",
        "See www.Oslo.Org now.",
        "St.Petersburg fell.",
        "A.B.C. News said so.",
        "J.Smith left.",
        "Yahoo!News said so.",
        "The file report.PDF is lost.",
    ],
)
def test_a_mark_inside_a_name_ends_nothing(text: str) -> None:
    assert mend_borders(text, ()) == []


@pytest.mark.parametrize(
    "text",
    [
        "The king met (Rtd.) General Doe.",
        "Brig. (Retd.) Jane Doe left.",
        "A study finds so (J. Doe et al. Preprint at Zenodo; 2025).",
        "Prices rose (see Fig. 3) in Oslo.",
        "The law (Art. 12) was passed.",
    ],
)
def test_a_mark_inside_brackets_ends_no_sentence_around_them(text: str) -> None:
    assert mend_borders(text, [at for at in range(1, len(text)) if text[at - 2 : at] == ". "]) == []


def test_a_sentence_in_brackets_is_one() -> None:
    text = "He left. (She stayed.) Then it rained."
    assert mend_borders(text, ()) == [9, 23]
    text = "He left (or so he said.) Then it rained."
    assert mend_borders(text, ()) == [25]
