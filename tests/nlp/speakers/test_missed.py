import pytest

from pipeline.nlp.spans import Entity, Sentence
from pipeline.nlp.speakers.missed import missed_names


def _missed(text: str, source: str, *known: tuple[str, str]) -> list[tuple[str, str]]:
    entities = []
    for name, label in known:
        start = text.index(name)
        entities.append(Entity(start, start + len(name), name, label, 0, None))
    units = [Sentence(0, 0, len(text), 0, "sentence")]
    start = text.index(source)
    found = list(missed_names(text, units, entities, [(start, start + len(source), 0)]))
    assert all(text[one.start : one.end] == one.text for one in found)
    return [(one.text, one.label) for one in found]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("Jane Doe", [("Jane Doe", "PERSON")]),
        ("President Jane Doe", [("Jane Doe", "PERSON")]),
        ("Secretary of State Jane Doe", [("Jane Doe", "PERSON")]),
        ("a police official, Jane Doe,", [("Jane Doe", "PERSON")]),
        ("Mr. Doe's lawyer", [("Doe", "PERSON")]),
        ("P.J. Doe", [("P.J. Doe", "PERSON")]),
        ("the Fire Brigade", [("Fire Brigade", "ORG")]),
        ("Bank of Oslo", [("Bank of Oslo", "ORG")]),
        ("NATO", [("NATO", "ORG")]),
        ("the Acme news agency", [("Acme", "ORG")]),
        ("the Acme agency", [("Acme", "ORG")]),
        ("The Cardinal Doe Foundation", [("Cardinal Doe Foundation", "ORG")]),
        ("The U.N.-funded Globe agency", [("Globe", "ORG")]),
        ("Police", []),
        ("Military officials", []),
        ("The Prime Minister", []),
        ("the Iranian officials", []),
        ("two witnesses", []),
    ],
)
def test_names_in_sources_are_told_by_their_capitals(source: str, names: list[tuple[str, str]]) -> None:
    assert _missed(f"{source} said no.", source) == names


def test_names_that_were_found_are_left() -> None:
    assert _missed("State Bank and Jane Doe said no.", "State Bank and Jane Doe", ("Jane Doe", "PERSON")) == []
    assert _missed("Acme and Doe said no.", "Acme and Doe", ("Acme", "ORG")) == []


def test_a_surname_of_somebody_known_is_a_person() -> None:
    assert _missed("Jane Doe came, and later Doe said no.", "Doe said", ("Jane Doe", "PERSON")) == [("Doe", "PERSON")]


def test_the_short_name_of_a_company_is_a_body_where_a_sentence_begins_with_it() -> None:
    assert _missed("Poe said no, and Poe Corp. too.", "Poe", ("Poe Corp.", "ORG")) == [("Poe", "ORG")]
