from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.nlp.model import Model


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
