import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.nlp.model import Model
from pipeline.nlp.names.borders import Found, tidy, trim_name
from pipeline.nlp.names.canonical import surnames
from pipeline.nlp.spans import Entity


def _names(text: str, model: Model) -> set[tuple[str, str]]:
    entities = model.tag_entities([text], model.split_sentences([text]))[0]
    assert all(text[entity.start : entity.end] == entity.text for entity in entities)
    return {(entity.text, entity.label) for entity in entities}


def test_names_are_found_with_their_labels(model: Model) -> None:
    text = "Defense Secretary Ashton Carter told NATO on Wednesday that Syria\u2019s war was over."
    assert _names(text, model) >= {
        ("Ashton Carter", "PERSON"),
        ("NATO", "ORG"),
        ("Wednesday", "DATE"),
        ("Syria", "GPE"),
    }


def test_a_speaker_line_is_no_entity(model: Model) -> None:
    assert not any("KENYON" in name for name, _ in _names("KENYON: Syria was late.", model))


def test_a_bare_surname_is_the_person_named_in_full(model: Model) -> None:
    text = "President Bashar al-Assad spoke in Damascus. Assad was late."
    assert ("Assad", "PERSON") in _names(text, model)


@pytest.mark.parametrize(
    ("sentence", "name", "label", "trimmed"),
    [
        ("the Pentagon said", "the Pentagon", "ORG", "Pentagon"),
        ("The Pentagon said", "The Pentagon", "ORG", "Pentagon"),
        ("The New York Times said", "The New York Times", "ORG", "The New York Times"),
        ("in the past two years", "the past two years", "DATE", "the past two years"),
        ("Syria's war", "Syria's", "GPE", "Syria"),
        ("the Democrats' plan", "Democrats'", "NORP", "Democrats"),
        ('"NATO" said', '"NATO"', "ORG", "NATO"),
        ("in the U.S.", "the U.S.", "GPE", "U.S."),
        ("to Apple Inc.", "Apple Inc.", "ORG", "Apple Inc."),
        ("to Oslo.", "Oslo.", "GPE", "Oslo"),
        ("the anti-American group", "anti-American", "NORP", "American"),
        ("the U.S.-led coalition", "U.S.-led", "GPE", "U.S."),
        ("it was -5 degrees", "-5 degrees", "QUANTITY", "-5 degrees"),
    ],
)
def test_a_name_is_trimmed_to_the_convention(sentence: str, name: str, label: str, trimmed: str) -> None:
    start = sentence.index(name)
    found = trim_name(sentence, Found(start, start + len(name), label))
    assert sentence[found.start : found.end] == trimmed


@pytest.mark.parametrize(("sentence", "label"), [("...", "ORG"), ("12", "PERSON"), ("the ", "GPE"), ("'s", "CARDINAL")])
def test_what_is_no_name_is_dropped(sentence: str, label: str) -> None:
    assert tidy(sentence, [Found(0, len(sentence), label)]) in ([], [Found(1, 2, "CARDINAL")])


def test_surnames_come_from_full_names_only() -> None:
    entities = [
        Entity(0, 15, "Bashar al-Assad", "PERSON", 0, None),
        Entity(20, 23, "Doe", "PERSON", 0, None),
        Entity(30, 38, "New York", "GPE", 0, None),
    ]
    assert surnames(entities) == {"al-Assad", "Assad"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [
                "Ashton Carter",
                "NATO",
                "\u201cSyria\u201d",
                "the U.S.",
                "5%",
                "\U0001f600",
                "\x00",
                ".",
                "\n",
                "said",
                "(",
                "Mr.",
            ]
        ),
        max_size=25,
    ).map(" ".join)
)
def test_no_name_crosses_a_sentence_or_has_blanks_at_its_ends(model: Model, text: str) -> None:
    sentences = model.split_sentences([text])
    for entity in model.tag_entities([text], sentences)[0]:
        sentence = sentences[0][entity.sentence]
        assert sentence.start <= entity.start < entity.end <= sentence.end
        assert entity.text == text[entity.start : entity.end] == entity.text.strip()
