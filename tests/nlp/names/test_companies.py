import pytest

from pipeline.nlp.names.companies import as_companies, short_names
from pipeline.nlp.spans import Entity


def _people(text: str, *names: str) -> list[str]:
    """Give the labels of ``names``, all taken for people, in the order of the text."""
    entities, at = [], 0
    for name in names:
        at = text.index(name, at)
        entities.append(Entity(at, at + len(name), name, "PERSON", 0, None))
        at += len(name)
    return [one.label for one in as_companies(entities, text)]


@pytest.mark.parametrize(
    ("text", "names", "labels"),
    [
        ("Doe Corp. sold bread. Doe said so.", ("Doe Corp.", "Doe"), ["ORG", "ORG"]),
        ("DOE TOYS Inc. sold toys. Doe said so.", ("DOE TOYS Inc.", "Doe"), ["ORG", "ORG"]),
        ("Doe Corp. sold bread. Mr. Doe said so.", ("Doe Corp.", "Doe"), ["ORG", "PERSON"]),
        (
            "Doe Corp. sold bread. Jane Doe left. Doe said so.",
            ("Doe Corp.", "Jane Doe", "Doe"),
            ["ORG", *["PERSON"] * 2],
        ),
        ("Jane Doe sold bread. Doe said so.", ("Jane Doe", "Doe"), ["PERSON", "PERSON"]),
    ],
)
def test_a_company_is_known_by_its_short_name(text: str, names: tuple[str, ...], labels: list[str]) -> None:
    assert _people(text, *names) == labels


def test_the_short_names_of_a_company_are_what_its_name_begins_with() -> None:
    assert short_names(["Acme Steel Inc."]) == {"acme", "acme steel"}
