import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp.text.lines import MAX_PIECE_CHARS, MAX_RUN_CHARS, Stretch, split_lines, split_pieces, trim


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        (" \n\t\r\n ", []),
        ("One", ["One"]),
        (" One \r\n\r\n Two\u2028Three\x0cFour\x85", ["One", "Two", "Three", "Four"]),
        ("a\u00a0\n\u3000b", ["a", "b"]),
    ],
)
def test_lines_are_what_stands_between_line_ends(text: str, lines: list[str]) -> None:
    assert [text[start:end] for start, end in split_lines(text)] == lines


def test_an_all_blank_stretch_trims_to_nothing() -> None:
    start, end = trim("ab   cd", 2, 5)
    assert start == end


def test_a_long_line_is_cut_after_a_sentence() -> None:
    text = "It rained all day. " * 400
    pieces = split_pieces(text, split_lines(text)[0])
    assert len(pieces) > 1
    assert all(text[start:end].endswith("day.") for start, end in pieces)


def test_a_long_line_without_a_sentence_end_is_cut_at_a_blank() -> None:
    text = "rain " * 2_000
    assert all(text[start:end].endswith("rain") for start, end in split_pieces(text, split_lines(text)[0]))


def test_a_long_run_without_blanks_is_cut_anywhere() -> None:
    text = "x" * 9_999
    assert max(end - start for start, end in split_pieces(text, Stretch(0, len(text)))) <= MAX_RUN_CHARS


@given(st.text(alphabet=st.sampled_from('ab .\n\t"\u2019'), max_size=300).map(lambda text: text * 60))
def test_pieces_hold_every_character_that_is_no_blank_once(text: str) -> None:
    held = [at for line in split_lines(text) for start, end in split_pieces(text, line) for at in range(start, end)]
    assert [at for at in held if not text[at].isspace()] == [at for at, one in enumerate(text) if not one.isspace()]
    assert all(end - start <= MAX_PIECE_CHARS for line in split_lines(text) for start, end in split_pieces(text, line))


@pytest.mark.parametrize("unit", [" ", ". ", "(", "\n", "a"])
def test_half_a_million_characters_take_no_time(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    before = time.process_time()
    for line in split_lines(text):
        split_pieces(text, line)
    assert time.process_time() - before < 2
