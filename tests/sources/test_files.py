import codecs
import io
from pathlib import Path

import orjson
import pytest

from pipeline.contract.codec import decode_article
from pipeline.sources import files
from pipeline.sources.files import key_of, read_file, read_stream
from pipeline.sources.found import Found, Skipped, SourceRecord, Unreadable


def of_file(path: Path, content: bytes, *, source: str | None = None) -> list[Found]:
    path.write_bytes(content)
    return list(read_file(path, source=source))


def of_stream(content: bytes) -> list[Found]:
    return list(read_stream("stdin", io.BytesIO(content), source=None))


def values(found: list[Found]) -> list[bytes]:
    return [record.value for record in found if isinstance(record, SourceRecord)]


def whys(found: list[Found]) -> list[tuple[str, str]]:
    return [(entry.name, entry.why) for entry in found if not isinstance(entry, SourceRecord)]


def test_a_text_is_an_article_with_the_text_exactly_as_it_stands(tmp_path: Path) -> None:
    text = "  “Curly”\r\n\n\ttabs, and no end "
    (value,) = values(of_file(tmp_path / "a.txt", text.encode()))
    assert orjson.loads(value) == {"text": text}


def test_a_texts_byte_order_mark_is_no_part_of_it(tmp_path: Path) -> None:
    (value,) = values(of_file(tmp_path / "a.TXT", codecs.BOM_UTF8 + b"One."))
    assert orjson.loads(value) == {"text": "One."}


def test_the_source_is_given_to_texts_and_never_to_json(tmp_path: Path) -> None:
    (text,) = values(of_file(tmp_path / "a.txt", b"One.", source="Wire"))
    (json,) = values(of_file(tmp_path / "a.json", b'{"text":"One."}', source="Wire"))
    assert orjson.loads(text)["source"] == "Wire"
    assert json == b'{"text":"One."}'


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"caf\xe9", "not UTF-8 at byte 3"), ("One.".encode("utf-16"), "UTF-16")],
)
def test_a_text_in_another_encoding_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    ((name, why),) = whys(of_file(tmp_path / "a.txt", content))
    assert name.endswith("a.txt")
    assert why.startswith(says)


@pytest.mark.parametrize("content", [b'{\n "text": "One."\n}\n', b"{broken", b"", b"\xff\xfe", b"[1]"])
def test_json_goes_through_byte_for_byte_whatever_it_is(tmp_path: Path, content: bytes) -> None:
    assert values(of_file(tmp_path / "a.json", content)) == [content]


@pytest.mark.parametrize("ending", ["jsonl", "ndjson", "JSONL"])
def test_each_line_that_is_not_blank_is_a_record(tmp_path: Path, ending: str) -> None:
    found = of_file(tmp_path / f"a.{ending}", b'{"text":"1"}\n\n  \r\n{broken\r\n{"text":"3"}')
    assert values(found) == [b'{"text":"1"}', b"{broken", b'{"text":"3"}']
    records = [record for record in found if isinstance(record, SourceRecord)]
    assert [record.name.rpartition(":")[2] for record in records] == ["1", "4", "5"]
    assert [record.number for record in records] == [0, 1, 2]


def test_lines_in_utf16_are_named_once(tmp_path: Path) -> None:
    found = of_file(tmp_path / "a.jsonl", '{"text":"1"}\n{"text":"2"}\n'.encode("utf-16"))
    assert [why[:6] for _, why in whys(found)] == ["UTF-16"]
    assert values(found) == []


def test_a_line_that_is_too_long_is_named_and_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_RECORD_BYTES", 20)
    found = of_file(tmp_path / "a.jsonl", b'{"text":"1"}\n' + b"x" * 90 + b'\n{"text":"3"}\n')
    assert values(found) == [b'{"text":"1"}', b'{"text":"3"}']
    assert [name.rpartition(":")[2] for name, _ in whys(found)] == ["2"]


def test_a_file_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_RECORD_BYTES", 20)
    ((_, why),) = whys(of_file(tmp_path / "a.txt", b"x" * 21))
    assert "larger than" in why


def test_another_ending_is_skipped(tmp_path: Path) -> None:
    (found,) = of_file(tmp_path / "a.pdf", b"%PDF")
    assert isinstance(found, Skipped)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    assert list(read_file(tmp_path / "none.txt", source=None)) == [
        Unreadable(str(tmp_path / "none.txt"), "No such file or directory")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"text":"1"}\n{"text":"2"}\n', [b'{"text":"1"}', b'{"text":"2"}']),
        (b'\n  {"text":"1"}\n{broken\n', [b'  {"text":"1"}', b"{broken"]),
        (b'{\n "text": "1"\n}\n', [b'{\n "text": "1"\n}\n']),
        (b'{broken\n{"text":"2"}\n', [b"{broken", b'{"text":"2"}']),
        (codecs.BOM_UTF8 + b'{"text":"1"}', [codecs.BOM_UTF8 + b'{"text":"1"}']),
        (b"One. {not JSON}", [b'{"text":"One. {not JSON}"}']),
        (b"\n\nOne.\nTwo.\n", [b'{"text":"\\n\\nOne.\\nTwo.\\n"}']),
        (b"", []),
        (b" \n\n", []),
    ],
)
def test_a_stream_is_json_where_it_begins_so(content: bytes, expected: list[bytes]) -> None:
    assert values(of_stream(content)) == expected


def test_a_long_stream_is_read_line_by_line_also_after_its_first_line_was_looked_at() -> None:
    lines = [orjson.dumps({"text": f"Number {number}."}) for number in range(5000)]
    assert values(of_stream(b"\n".join(lines))) == lines


def test_a_text_on_a_stream_that_is_not_utf8_is_named() -> None:
    assert [why[:9] for _, why in whys(of_stream(b"caf\xe9"))] == ["not UTF-8"]


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


def test_a_name_that_is_not_utf8_can_still_be_printed(tmp_path: Path) -> None:
    path = Path(f"{tmp_path}/caf\udce9.txt")
    (record,) = of_file(path, b"One.")
    assert isinstance(record, SourceRecord)
    assert record.name.endswith("caf\\udce9.txt")
    orjson.dumps(record.name)
