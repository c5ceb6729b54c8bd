from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp.text.wrapping import wrapped_breaks

PROSE = (
    "The council of Tarn voted on Monday to close two of its four schools from July, which has 40 parents up in arms. "
    "They say that the town, where 300 families moved in last year, needs more places and not fewer. Mayor Ada Quill "
    "said no school would be closed before the new one in Selby was ready. The vote was 7 to 2, with one abstention."
)


def joined(text: str) -> str:
    at, parts = 0, []
    for start, end, instead in wrapped_breaks(text):
        parts += [text[at:start], instead]
        at = end
    return "".join([*parts, text[at:]])


@given(
    width=st.integers(50, 90),
    end=st.sampled_from(["\n", "\r\n", " \n"]),
    indent=st.sampled_from(["", "  ", "    ", "\t"]),
)
def test_the_lines_of_a_paragraph_are_one_again(width: int, end: str, indent: str) -> None:
    text = end.join(indent + line for line in wrap(PROSE, width))
    assert joined(text) == indent + PROSE


@given(width=st.integers(50, 90))
def test_paragraphs_stay_apart_behind_blank_lines_and_before_indents(width: int) -> None:
    lines = "\n".join(wrap(PROSE, width))
    assert joined(f"{lines}\n\n{lines}") == f"{PROSE}\n\n{PROSE}"
    indented = "\n".join(wrap(PROSE, width, initial_indent="   "))
    assert joined(f"{indented}\n{indented}") == f"   {PROSE}\n   {PROSE}"


@pytest.mark.parametrize(
    "text",
    [
        "City in debt\nThe city owes 3 million euros.\nIt cannot pay.",
        "The road was closed.\nIt rained all day.\nThe shops opened late.",
        "Shares of the company rose by 4 percent on Monday\nThe index lost 30 points on the day.",
        "Results:\nTarn 3, Kenyon 0\nSelby 1, Pelra 1",
        "Roses are red\nviolets are blue\nsugar is sweet",
        "ADA QUILL: We have no money left for the winter and no wood.\nBO REED: Nobody told us so.",
        "> The council voted on Monday to close two of its schools\n> and to sell the town hall.",
        PROSE + "\n" + PROSE,
        "",
        "\n\n",
    ],
)
def test_lines_of_their_own_stay_so(text: str) -> None:
    assert joined(text) == text


def test_lists_stay_lists_and_their_items_are_joined() -> None:
    text = (
        "The council has decided this about the schools in the town:\n"
        "- two of the four schools are closed from July, as far as the\n"
        "  pupils find places elsewhere\n"
        "- the town hall is sold"
    )
    assert joined(text).split("\n") == [
        "The council has decided this about the schools in the town:",
        "- two of the four schools are closed from July, as far as the pupils find places elsewhere",
        "- the town hall is sold",
    ]


def test_a_hyphen_at_a_line_end_joins_its_word() -> None:
    text = (
        "The council voted on Monday to close two of its schools and long-\nterm plans for the town hall were put off."
    )
    assert "long-term plans" in joined(text)


def test_a_figure_at_the_start_of_a_line_is_no_list_mark() -> None:
    text = (
        "The council voted on Monday to raise the tax by as much as\n3.5 percent, and nobody was against it in the end."
    )
    assert "\n" not in joined(text)
