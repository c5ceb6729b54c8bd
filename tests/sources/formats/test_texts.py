import codecs
import io

import orjson
import pytest

from pipeline.sources.documents import Document, Options
from pipeline.sources.formats.texts import read_markdown, read_text
from pipeline.sources.found import Found, SourceRecord, Unreadable


def text(value: bytes, *, source: str | None = None) -> Found:
    (found,) = read_text(Document("a.txt", io.BytesIO(value)), Options(source=source))
    return found


def fields(found: Found) -> dict[str, object]:
    assert isinstance(found, SourceRecord)
    value: dict[str, object] = orjson.loads(found.value)
    return value


def markdown(value: str) -> dict[str, object]:
    (found,) = read_markdown(Document("a.md", io.BytesIO(value.encode())), Options())
    return fields(found)


def test_a_text_is_an_article_with_the_text_exactly_as_it_stands() -> None:
    value = "  “Curly”\r\n\n\ttabs, and no end "
    assert fields(text(value.encode())) == {"text": value}


def test_a_texts_byte_order_mark_is_no_part_of_it() -> None:
    assert fields(text(codecs.BOM_UTF8 + b"One.")) == {"text": "One."}


def test_the_source_is_the_users() -> None:
    assert fields(text(b"One.", source="Wire")) == {"text": "One.", "source": "Wire"}


@pytest.mark.parametrize(
    ("value", "encoding", "mended"),
    [
        ("café", "cp1252", ("encoding guessed",)),
        ("Город потратил 3 миллиона евро на новый мост через реку.", "cp1251", ("encoding guessed",)),
        ("One.", "utf-16", ()),
        ("Zürich", "utf-32", ()),
    ],
)
def test_another_encoding_is_read_and_noted(value: str, encoding: str, mended: tuple[str, ...]) -> None:
    found = text(value.encode(encoding))
    assert fields(found) == {"text": value}
    assert isinstance(found, SourceRecord)
    assert found.mended == mended


def test_what_is_no_text_is_named() -> None:
    assert isinstance(text(bytes(range(256))), Unreadable)


def test_markdown_loses_its_marks_and_keeps_its_paragraphs() -> None:
    value = "# Bridge *closed*\n\nIt cost **3 million** [euros](https://a.example/).\nOn Monday.\n\n- one\n- two\n"
    assert markdown(value) == {
        "title": "Bridge closed",
        "text": "It cost 3 million euros. On Monday.\none\ntwo",
    }


def test_front_matter_is_read() -> None:
    value = (
        '---\ntitle: "Bridge"\nauthors: [Jane Roe, John Doe]\ndate: 2024-05-03T10:00:00Z\ntags:\n - x\n---\n# H\n\nX.\n'
    )
    assert markdown(value) == {
        "title": "Bridge",
        "authors": ["Jane Roe", "John Doe"],
        "published": "2024-05-03T10:00:00Z",
        "text": "H\nX.",
    }
