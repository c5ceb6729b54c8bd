import codecs
import io
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract.codec import decode_article
from pipeline.sources import documents
from pipeline.sources.articles import key_of
from pipeline.sources.documents import Document, Options
from pipeline.sources.formats import json_lines
from pipeline.sources.formats.kinds import read
from pipeline.sources.found import Found, SourceRecord


def of(ending: str, content: bytes) -> list[Found]:
    return list(read(Document("a", io.BytesIO(content), ending=ending, named=True), Options(source="Wire")))


def values(found: list[Found]) -> list[bytes]:
    return [record.value for record in found if isinstance(record, SourceRecord)]


def whys(found: list[Found]) -> list[tuple[str, str]]:
    return [(entry.name, entry.why) for entry in found if not isinstance(entry, SourceRecord)]


@pytest.mark.parametrize("content", [b'{\n "text": "One."\n}\n', b"{broken", b"", b"\xff\xfe", b"[1]"])
def test_json_goes_through_byte_for_byte_whatever_it_is(content: bytes) -> None:
    assert values(of(".json", content)) == [content]


@pytest.mark.parametrize("ending", [".jsonl", ".ndjson"])
def test_each_line_that_is_not_blank_is_a_record(ending: str) -> None:
    found = of(ending, b'{"text":"1"}\n\n  \r\n{broken\r\n{"text":"3"}')
    assert values(found) == [b'{"text":"1"}', b"{broken", b'{"text":"3"}']
    records = [record for record in found if isinstance(record, SourceRecord)]
    assert [record.name for record in records] == ["a:1", "a:4", "a:5"]
    assert [record.number for record in records] == [0, 1, 2]


def test_lines_in_utf16_are_named_once() -> None:
    found = of(".jsonl", '{"text":"1"}\n{"text":"2"}\n'.encode("utf-16"))
    assert [why[:6] for _, why in whys(found)] == ["UTF-16"]
    assert values(found) == []


def test_a_line_that_is_too_long_is_named_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_DOCUMENT_BYTES", 20)
    found = of(".jsonl", b'{"text":"1"}\n' + b"x" * 90 + b'\n{"text":"3"}\n')
    assert values(found) == [b'{"text":"1"}', b'{"text":"3"}']
    assert [name for name, _ in whys(found)] == ["a:2"]


def test_a_file_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_DOCUMENT_BYTES", 20)
    ((_, why),) = whys(of(".txt", b"x" * 21))
    assert "larger than" in why


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"text":"1"}\n{"text":"2"}\n', [b'{"text":"1"}', b'{"text":"2"}']),
        (b'\n  {"text":"1"}\n{broken\n', [b'  {"text":"1"}', b"{broken"]),
        (b'{\n "text": "1"\n}\n', [b'{\n "text": "1"\n}\n']),
        (b'{broken\n{"text":"2"}\n', [b"{broken", b'{"text":"2"}']),
        (codecs.BOM_UTF8 + b'{"text":"1"}', [codecs.BOM_UTF8 + b'{"text":"1"}']),
        (b"One. {not JSON}", [b'{"text":"One. {not JSON}","source":"Wire"}']),
        (b"\n\nOne.\nTwo.\n", [b'{"text":"\\n\\nOne.\\nTwo.\\n","source":"Wire"}']),
        (b"", []),
        (b" \n\n", []),
    ],
)
def test_a_stream_is_json_where_it_begins_so(content: bytes, expected: list[bytes]) -> None:
    assert values(of("", content)) == expected


def test_a_long_stream_is_read_line_by_line_also_after_its_first_line_was_looked_at() -> None:
    lines = [orjson.dumps({"text": f"Number {number}."}) for number in range(5000)]
    assert values(of("", b"\n".join(lines))) == lines


def test_a_long_object_over_many_lines_is_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    value = orjson.dumps({"text": "word " * 40_000}, option=orjson.OPT_INDENT_2)
    assert values(of("", value)) == [value]
    monkeypatch.setattr(json_lines, "MAX_DOCUMENT_BYTES", 1000)
    assert len(of("", value)) == 3  # a line for each, which the stream will reject


@pytest.mark.parametrize(
    "value",
    [
        b'{"text":"One.","id":"a1"}',
        b'{"text":"One.","url":"https://example.org/1"}',
        b'{"text":"One."}',
        b'{"uri":"urn:x:1","body_text":"One."}',
    ],
)
def test_the_key_is_the_id_that_the_contract_gives(value: bytes) -> None:
    without_key = decode_article(value, max_chars=100)
    assert key_of(value).decode() == without_key.id
    assert decode_article(value, key=key_of(value), max_chars=100) == without_key


def test_what_is_no_article_has_a_key_that_its_bytes_decide() -> None:
    assert key_of(b"{broken") == key_of(b"{broken") != key_of(b"{broken too")


ONE, TWO = b'{"id":"1","text":"One."}', b'{"id":"2","text":"Two."}'
LIST = b"[" + ONE + b",\n " + TWO + b"]"


@pytest.mark.parametrize(
    "content",
    [
        LIST,
        b"\n [\n" + LIST[1:] + b"\n",
        codecs.BOM_UTF8 + LIST,
        b'{"articles":' + LIST + b"}",
        b'{"status":"ok","totalResults":2,"articles":' + LIST + b"}",
        b'{"results":' + LIST + b"}",
    ],
)
@pytest.mark.parametrize("ending", [".json", "", ".jsonl"])
def test_a_list_of_articles_is_as_many_records(content: bytes, ending: str) -> None:
    if ending == ".jsonl":
        content = content.replace(b"\n", b"")
    records = [record for record in of(ending, content) if isinstance(record, SourceRecord)]
    assert [(record.number, record.key, record.value) for record in records] == [(0, b"1", ONE), (1, b"2", TWO)]
    assert [record.name.rpartition("#")[2] for record in records] == ["1", "2"]


def test_lists_among_lines_are_counted_on() -> None:
    records = [
        record
        for record in of(".jsonl", ONE + b"\n" + LIST.replace(b"\n", b"") + b"\n" + TWO)
        if isinstance(record, SourceRecord)
    ]
    assert [(record.number, record.name) for record in records] == [(0, "a:1"), (1, "a:2#1"), (2, "a:2#2"), (3, "a:3")]


def test_what_stands_in_a_list_and_is_no_article_goes_to_the_stream_as_well() -> None:
    assert values(of(".json", b"[" + ONE + b',5,{"x":1},{"uri":"urn:x"}]')) == [
        ONE,
        b"5",
        b'{"x":1}',
        b'{"uri":"urn:x"}',
    ]


@pytest.mark.parametrize(
    "content", [b"[1]", b"[]", b"[" + ONE, b'{"articles":[]}', b'{"articles":[' + ONE, b'{"text":"x","articles":[{}]}']
)
def test_what_is_no_list_of_articles_is_one_record(content: bytes) -> None:
    assert values(of(".json", content)) == [content]


@pytest.mark.parametrize("content", [b"[Update] The city paid.", b"[1] The city paid.", b"[ The city paid. ]\n"])
def test_a_text_in_brackets_is_a_text(content: bytes) -> None:
    assert values(of("", content)) == [orjson.dumps({"text": content.decode(), "source": "Wire"})]


def test_entries_without_a_text_are_read_by_the_names_of_their_fields() -> None:
    entry = {
        "source": {"id": None, "name": "Kenyon Post"}, "author": "Ines Calder, Theo Lind", "title": "Bridge", "url": "https://a.example/1",
        "publishedAt": "2026-02-11T17:05:00Z", "content": "The city paid.", "description": "Short.",
    }  # fmt: skip
    (record,) = of(".json", orjson.dumps({"articles": [entry]}))
    assert isinstance(record, SourceRecord)
    assert orjson.loads(record.value) == {
        "source": "Kenyon Post", "authors": ["Ines Calder", "Theo Lind"], "title": "Bridge", "url": "https://a.example/1",
        "published": "2026-02-11T17:05:00Z", "text": "The city paid.", "extra": {"description": "Short."},
    }  # fmt: skip


def test_a_json_feeds_items_are_articles() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Kenyon Post", "home_page_url": "https://post.example/",
        "language": "en",
        "authors": [{"name": "Desk Kenyon"}],
        "items": [
            {"id": "https://post.example/1", "url": "https://post.example/1", "title": "Bridge", "tags": ["a"],
             "content_html": "<p>The city paid.</p>", "date_published": "2026-02-11T17:05:00+01:00",
             "authors": [{"name": "Ines Calder"}, {"url": "https://x.example"}]},
            {"id": 2, "content_text": "Two.", "author": {"name": "Theo Lind"}, "date_published": "soon"},
            {"id": "3", "title": "No text"},
            5,
        ],
    }  # fmt: skip
    first, second, third, fourth = Reader.read(orjson.dumps(feed))
    assert first == {
        "id": "https://post.example/1", "text": "The city paid.", "title": "Bridge", "url": "https://post.example/1",
        "source": "Wire", "authors": ["Ines Calder"], "language": "en", "published": "2026-02-11T17:05:00+01:00",
        "extra": {"categories": ["a"]},
    }  # fmt: skip
    assert second["authors"] == ["Theo Lind"]
    assert second["extra"] == {"published": "soon", "field_notes": {"published": "date unreadable"}}
    assert len(second["id"]) == 16
    assert third == "no text"
    assert fourth == 5


class Reader:
    """What becomes of each item."""

    @staticmethod
    def read(value: bytes) -> list[Any]:
        return [
            orjson.loads(found.value) if isinstance(found, SourceRecord) else found.why for found in of(".json", value)
        ]


_entries = st.lists(
    st.none()
    | st.integers(0, 9)
    | st.dictionaries(st.sampled_from(["id", "text", "uri", "content", "x"]), st.text(max_size=5)),
    max_size=5,
)


@given(
    _entries, st.sampled_from(["{}", '{{"articles":{}}}', '{{"version":"https://jsonfeed.org/version/1","items":{}}}'])
)
def test_of_every_entry_something_becomes(entries: list[object], form: str) -> None:
    found = of(
        ".json", form.replace("{}", orjson.dumps(entries).decode()).replace("{{", "{").replace("}}", "}").encode()
    )
    assert len(found) == (len(entries) if any(isinstance(entry, dict) for entry in entries) else 1)


def test_a_field_that_cannot_be_used_is_counted() -> None:
    value = b'{"text":"One.","published":"soon","authors":"Jane","extra":{"field_notes":{}}}'
    (record,) = of(".json", value)
    assert isinstance(record, SourceRecord)
    assert record.value == value
    assert sorted(record.mended) == ["authors unusable, kept in extra", "published unusable, kept in extra"]


@pytest.mark.parametrize("depth", [100, 250, 253, 254, 255, 300, 1000, 2000])
@pytest.mark.parametrize("entry", ['{"text":"One.","x":%s}', '{"content":"One.","x":%s}', '{"x":%s}'])
def test_lists_nested_however_deeply_are_read_or_left_to_the_stream(entry: str, depth: int) -> None:
    content = ("[" + entry % ("[" * depth + "]" * depth) + "]").encode()
    assert len(of(".json", content)) == 1
