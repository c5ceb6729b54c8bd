import codecs
import io

import orjson
import pytest

from pipeline.contract.codec import decode_article
from pipeline.sources import documents, json_lines
from pipeline.sources.articles import key_of
from pipeline.sources.documents import Document, Options
from pipeline.sources.found import Found, SourceRecord
from pipeline.sources.kinds import read


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
    monkeypatch.setattr(documents, "MAX_RECORD_BYTES", 20)
    found = of(".jsonl", b'{"text":"1"}\n' + b"x" * 90 + b'\n{"text":"3"}\n')
    assert values(found) == [b'{"text":"1"}', b'{"text":"3"}']
    assert [name for name, _ in whys(found)] == ["a:2"]


def test_a_file_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_RECORD_BYTES", 20)
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
    monkeypatch.setattr(json_lines, "MAX_RECORD_BYTES", 1000)
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
