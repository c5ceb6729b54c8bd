import pytest

from pipeline.nlp.names.families import as_families
from pipeline.nlp.spans import Entity


@pytest.mark.parametrize(
    ("full", "text", "seen", "expected"),
    [
        ("Ada do Carmo", "For do Carmo it was over.", ("Carmo", "PERSON"), ("do Carmo", "PERSON")),
        ("Siti Nasution", "Principal Nasution left.", ("Principal Nasution", "ORG"), ("Nasution", "PERSON")),
        ("Agus Wibowo", "For Wibowo it was over.", ("Wibowo", "DATE"), ("Wibowo", "PERSON")),
        ("Moon Ji-woo", "For Moon it was over.", ("Moon", "DATE"), ("Moon", "PERSON")),
        ("Theresa May", "It was over in May.", ("May", "DATE"), ("May", "DATE")),
        ("Jane Doe", "The Oslo Doe Group left.", ("Oslo Doe Group", "ORG"), ("Oslo Doe Group", "ORG")),
    ],
)
def test_a_family_name_is_told_wherever_it_stands(
    full: str, text: str, seen: tuple[str, str], expected: tuple[str, str]
) -> None:
    text = f"{full} left. {text}"
    start = text.index(seen[0], len(full))
    named = [Entity(0, len(full), full, "PERSON", 0, 0.9), Entity(start, start + len(seen[0]), *seen, 1, 0.9)]
    found = as_families(text, named)[1]
    assert (found.text, found.label) == expected
    assert text[found.start : found.end] == found.text
