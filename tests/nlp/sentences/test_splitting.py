import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.nlp.model import Model
from pipeline.nlp.sentences.boundaries import mend_borders
from pipeline.nlp.sentences.splitting import sentence_at
from pipeline.nlp.text.clean_text import UNSEEN
from pipeline.nlp.text.lines import split_lines


def _texts(text: str, model: Model) -> list[str]:
    return [text[unit.start : unit.end] for unit in model.split_sentences([text])[0]]


@pytest.mark.parametrize(
    "sentences",
    [
        ["He left.", "She stayed."],
        ["Mr. Doe met Gen. Roe at 5 p.m. on Monday.", "They talked."],
        ["It happened in the U.S.", "The police came."],
        ['"We will go," he said.', '"They will not."'],
        ["They came (late.)", "Then they left."],
        ["\u201cIt is over.\u201d", "He sat down."],
        ["George W. Doe was there.", "So was J. K. Roe."],
        ["What now?", "Nobody knew!", "The end came."],
        ["Prices rose 3.5 percent.", "Wages did not."],
    ],
)
def test_a_line_is_split_at_its_sentences(sentences: list[str], model: Model) -> None:
    assert _texts(" ".join(sentences), model) == sentences


def test_no_sentence_crosses_a_line(model: Model) -> None:
    assert _texts("The man who\nleft. She stayed\r\nat home.", model) == [
        "The man who",
        "left.",
        "She stayed",
        "at home.",
    ]


def test_kinds_and_paragraphs_are_told(model: Model) -> None:
    text = "Storm hits the north\nBy Jane Doe\n\nOSLO (AP) - Two people died. Many fled.\nROE: We ran."
    found = [(text[one.start : one.end], one.kind, one.paragraph) for one in model.split_sentences([text])[0]]
    assert found == [
        ("Storm hits the north", "headline", 0),
        ("By Jane Doe", "byline", 1),
        ("OSLO (AP) -", "dateline", 2),
        ("Two people died.", "sentence", 2),
        ("Many fled.", "sentence", 2),
        ("ROE:", "speaker", 3),
        ("We ran.", "sentence", 3),
    ]


@pytest.mark.parametrize(
    ("text", "starts", "mended"),
    [
        ("He left. She stayed.", [], [9]),
        ("He left and She stayed.", [12], []),
        ("Mr. Doe left.", [4], []),
        ('He said "go." She went.', [12], [14]),
        ("It was 5 p.m. Then he left.", [14], [14]),
        ("It was 5 p.m. Then he left.", [], []),
        ("Yahoo! News told it.", [], []),
        ("Stop! He did.", [], [6]),
        ("(He left.) She stayed.", [9], [11]),
        ("[He left.] She stayed.", [9], [11]),
        ("It was 'done.' She left.", [13], [15]),
        ("A ) b. Cd", [2], []),
    ],
)
def test_borders_are_mended_by_marks(text: str, starts: list[int], mended: list[int]) -> None:
    assert mend_borders(text, starts) == mended


def test_an_offset_belongs_to_a_sentence(model: Model) -> None:
    text = "He left. She stayed."
    units = model.split_sentences([text])[0]
    assert [sentence_at(units, offset) for offset in (0, 7, 8, 9, 19, 50)] == [0, 0, 1, 1, 1, 1]


_ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from(list(".?!\"'()[]:- \n\r\t\u201c\u201d\u2019\u2028\u00a0\x00ABab1,;\u2026")),
        st.characters(codec="utf-8"),
    ),
    max_size=120,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_ODD)
@example("0 \xad")
def test_every_character_that_shows_is_in_exactly_one_unit(model: Model, text: str) -> None:
    units = model.split_sentences([text])[0]
    held = [at for unit in units for at in range(unit.start, unit.end)]
    shown = {at for at, one in enumerate(text) if not (one.isspace() or UNSEEN.fullmatch(one))}
    assert [at for at in held if at in shown] == sorted(shown)
    assert len(held) == len(set(held))
    assert [unit.index for unit in units] == list(range(len(units)))
    lines = split_lines(text)
    for unit in units:
        assert text[unit.start : unit.end] == text[unit.start : unit.end].strip() != ""
        line = lines[unit.paragraph]
        assert line.start <= unit.start < unit.end <= line.end


def test_a_text_gives_the_same_whatever_stands_beside_it(model: Model) -> None:
    text = "Mr. Doe left the U.S. on Monday. He said it was late."
    alone = model.split_sentences([text])[0]
    assert model.split_sentences(["Another text. " * 50, text, "x", "", text])[1] == alone


def test_a_word_in_capitals_that_opens_a_text_without_other_turns_is_a_place(model: Model) -> None:
    def kinds(text: str) -> list[str]:
        return [unit.kind for unit in model.split_sentences([text])[0]]

    assert kinds("RAIPUR: Shares fell 2 percent.\nIt was cold.") == ["dateline", "sentence", "sentence"]
    assert kinds("RAIPUR: It was cold.\nMEENA: It was.") == ["speaker", "sentence", "speaker", "sentence"]


def test_questions_and_answers_by_letters(model: Model) -> None:
    text = "Q. Why did you leave?\nA. Nobody asked me to stay."
    assert [unit.kind for unit in model.split_sentences([text])[0]] == ["speaker", "sentence", "speaker", "sentence"]
