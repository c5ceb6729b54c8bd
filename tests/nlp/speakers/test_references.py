import pytest

from pipeline.nlp.model import Model


def _references(text: str, model: Model) -> list[tuple[str, str, int]]:
    sentences = model.split_sentences([text])
    found = model.find_attributions([text], sentences, model.tag_entities([text], sentences))[0].references
    assert all(text[one.start : one.end] == one.text for one in found)
    return [(one.text, one.name, one.sentence) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mary Barr ran the mill. She had cut 300 jobs.", [("She", "Mary Barr", 1)]),
        ("Mary Barr ran the mill. Her plan cost 300 jobs.", [("Her", "Mary Barr", 1)]),
        ("Mary Barr ran the mill. Sales fell, she said.", [("she", "Mary Barr", 1)]),
        ("Mary Barr ran the mill. The suspect said he was ill.", []),
        ("Mary Barr met Jane Poe in May. She had cut 300 jobs.", []),  # either may be meant
        ("The Kremlin closed two ports in May. It also cut 300 jobs.", [("It", "Kremlin", 1)]),
        ("The Kremlin closed two ports in May. It was a cold month.", []),
        ("Mary Barr left. \u201cI cut 300 jobs,\u201d she said.", [("she", "Mary Barr", 1)]),
        ("Mary Barr said: \u201cGo. I cut 300 jobs.\u201d", [("I", "Mary Barr", 1)]),
        ("Mary Barr ran the mill. A mother fed her child there.", []),
        ("Nobody came. He had cut 300 jobs.", []),
        ("\u201cI cut jobs.\u201d He left.", []),
    ],
)
def test_a_pronoun_means_whom_the_article_safely_tells(
    text: str, expected: list[tuple[str, str, int]], model: Model
) -> None:
    assert _references(text, model) == expected


def test_places_count_in_the_text_as_it_came(model: Model) -> None:
    text = "Mary Barr ran the mi\u00adll. She\u200b had cut 300 jobs."
    assert _references(text, model) == [("She", "Mary Barr", 1)]
