import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import ids


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("",), "ca08ea5bca49cc18"),
        (("The mayor said no.",), "01678df2144febfe"),
        (("No", "The mayor said no."), "fbb37866dfd1586b"),
        (("Ärger um den Hafen", "😀"), "b4749468f0f90933"),
    ],
)
def test_a_hash_is_the_same_for_ever(parts: tuple[str, ...], expected: str) -> None:
    assert ids.text_hash(*parts) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [(("a", "b"), ("ab", "")), (("a\x1fb", ""), ("a", "b\x1f")), (("", "a"), ("a", "")), (("a",), ("a", ""))],
)
def test_a_hash_tells_where_a_text_ends(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert ids.text_hash(*one) != ids.text_hash(*other)


@given(st.text(st.characters(codec="utf-8")))
def test_a_hash_has_16_hexadecimal_digits(text: str) -> None:
    assert len(ids.text_hash(text)) == 16
    assert int(ids.text_hash(text), 16) >= 0


@pytest.mark.parametrize(
    ("key", "url", "expected"),
    [
        (b"a-1", "https://example.org", "a-1"),
        ("Größe/1".encode(), None, "Größe/1"),
        (b"", "https://example.org", "e113949ffc8d9db7"),
        (b"\x00\xff", "https://example.org", "e113949ffc8d9db7"),
        (None, "https://example.org", "e113949ffc8d9db7"),
        (None, "", "01678df2144febfe"),
        (None, None, "01678df2144febfe"),
    ],
)
def test_an_article_is_named_by_its_key_else_its_url_else_its_text(
    key: bytes | None, url: str | None, expected: str
) -> None:
    assert ids.article_id(key=key, url=url, text="The mayor said no.") == expected


def test_the_ids_of_what_is_found_hold_the_articles_its_content_and_the_place() -> None:
    event = ids.event_id("a-1", title="No", text="The mayor said no.")
    assert event == "a-1:fbb37866dfd1586b"
    assert ids.event_id("a-1", title=None, text="The mayor said no.") == "a-1:e8b3b4399d959d00"
    assert ids.event_id("a-1", title="", text="The mayor said no.") == "a-1:e8b3b4399d959d00"
    assert ids.sentence_id(event, 7) == "a-1:fbb37866dfd1586b/7"
