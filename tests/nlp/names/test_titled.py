import pytest

from pipeline.nlp.names.titled import with_titled
from pipeline.nlp.spans import Entity, Sentence


@pytest.mark.parametrize(
    ("text", "seen", "expected"),
    [
        ("Engr. Shin Min-ji left.", None, "Shin Min-ji"),
        ("They met MP Ada de la Cruz there.", None, "Ada de la Cruz"),
        ("They met MP Ada de la Cruz there.", "Cruz", "Ada de la Cruz"),
        ("Prof. Bae Sang-ho left.", "Bae", "Bae Sang-ho"),
        ("Mr. President, we left.", None, None),
        ("The MP left Oslo.", "Oslo", "Oslo"),
    ],
)
def test_who_stands_behind_a_title_is_named(text: str, seen: str | None, expected: str | None) -> None:
    start = text.index(seen) if seen else 0
    entities = [Entity(start, start + len(seen), seen, "PERSON", 0, 0.9)] if seen else []
    found = with_titled(text, [Sentence(0, 0, len(text), 0, "sentence")], entities)
    assert [text[one.start : one.end] for one in found] == ([expected] if expected else [])
    assert [one.text for one in found] == ([expected] if expected else [])
