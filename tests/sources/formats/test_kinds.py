import io

import pytest
from news_pages import article, page
from odd_feeds import DIALECTS, SENTENCE

from pipeline.sources.apart import Apart
from pipeline.sources.documents import Document, Options
from pipeline.sources.formats.kinds import UNKNOWN, _by_content, _head, read
from pipeline.sources.formats.page import read_page
from pipeline.sources.formats.table import read_table
from pipeline.sources.found import Skipped, SourceRecord, Unreadable


def kind(value: bytes) -> str:
    reader = _by_content(_head(Document("a", io.BytesIO(value))))
    return reader.__name__ if reader else ""


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize(
    "prolog", ["", "<!-- a > b -->\n", '<?xml-stylesheet href="a.xsl"?>\n', "<!DOCTYPE rss [<!ENTITY a 'b'>]>"]
)
def test_a_feed_is_known_by_its_root(dialect: str, encoding: str, prolog: str) -> None:
    declaration = '<?xml version="1.0"?>\n'
    assert kind((declaration + prolog + DIALECTS[dialect](SENTENCE)).encode(encoding)) == "read_feed"


@pytest.mark.parametrize(
    "value", ["\n<!doctype html>\n<title>x</title>", "<HTML>", '<?xml version="1.0"?><html xmlns="x">', "<p>x"]
)
def test_a_page_is_known_by_its_root(value: str) -> None:
    assert kind(value.encode()) == read_page.__name__


@pytest.mark.parametrize("value", ["title,text\nA,B", "Headline\tBody\n", "url;date;content\n"])
def test_a_table_is_known_by_its_header(value: str) -> None:
    assert kind(value.encode()) == read_table.__name__


@pytest.mark.parametrize("value", ["One sentence, and another.", "text", "<3 is a heart", "Text, he said.", ""])
def test_a_text_is_none_of_them(value: str) -> None:
    assert not kind(value.encode())


def test_an_xml_file_that_is_a_page_is_read_as_one() -> None:
    with Apart() as apart:
        (found,) = read(Document("a.xml", io.BytesIO(page(article()).encode()), ending=".xml"), Options(apart=apart))
    assert isinstance(found, SourceRecord)


@pytest.mark.parametrize("value", [b"%PDF-1.4 \0", b"Some words."])
def test_what_is_like_no_source_is_passed_over_in_a_directory(value: bytes) -> None:
    (found,) = read(Document("a.pdf", io.BytesIO(value), ending=".pdf"), Options())
    assert isinstance(found, Skipped)
    assert found.why == UNKNOWN


def test_the_user_may_name_a_text_without_an_ending_and_no_picture() -> None:
    (text,) = read(Document("README", io.BytesIO(b"Some words."), named=True), Options())
    assert isinstance(text, SourceRecord)
    (picture,) = read(Document("a.png", io.BytesIO(b"\x89PNG\0\0"), ending=".png", named=True), Options())
    assert isinstance(picture, Unreadable)
