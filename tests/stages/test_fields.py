import pytest
from hand_made import arrival, article, context

from pipeline.contract.events import SentencesV1
from pipeline.stages import split_sentences
from pipeline.stages.fields import TextField, split_fields, text_fields


def split(*texts: tuple[str | None, str]) -> list[tuple[int, SentencesV1]]:
    outputs = split_sentences.run([arrival(text, title=title) for title, text in texts], context())
    return [(place, event) for place, (event,) in enumerate(outputs) if isinstance(event, SentencesV1)]


@pytest.mark.parametrize("title", [None, "", " \n\u00a0"])
def test_an_article_without_a_title_has_its_text_only(title: str | None) -> None:
    assert text_fields([(4, article("No.", title=title))]) == [TextField(4, "text", "No.")]


def test_a_title_stands_before_its_text_and_articles_keep_their_order() -> None:
    fields = text_fields([(0, article("No.", title=" T ")), (2, article("Yes."))])
    assert fields == [TextField(0, "title", " T "), TextField(0, "text", "No."), TextField(2, "text", "Yes.")]


def test_sentences_count_from_0_in_each_field_again_and_first_says_where_they_counted_from() -> None:
    fields = split_fields(split(("One. Two.", "Three. Four."), (None, "Five.")))
    assert [(part.field.event, part.field.name, part.first) for part in fields] == [
        (0, "title", 0),
        (0, "text", 2),
        (1, "text", 0),
    ]
    assert [[sentence.index for sentence in part.sentences] for part in fields] == [[0, 1], [0, 1], [0]]
    assert [(sentence.start, sentence.end, sentence.paragraph) for sentence in fields[1].sentences] == [
        (0, 6, 0),
        (7, 12, 1),
    ]


def test_a_field_without_sentences_is_there_with_none() -> None:
    (part,) = split_fields(split((None, "...")))
    assert (part.first, part.sentences) == (0, [])
