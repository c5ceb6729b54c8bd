import io
from collections.abc import Mapping

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.documents import Document, Options
from pipeline.sources.formats.table import is_header, read_table
from pipeline.sources.found import Found, Skipped, SourceRecord, Unreadable


def read(value: bytes, *, ending: str = ".csv", columns: Mapping[str, str] | None = None) -> list[Found]:
    return list(read_table(Document("t.csv", io.BytesIO(value), ending=ending), Options(columns=columns or {})))


def articles(found: list[Found]) -> list[dict[str, object]]:
    return [orjson.loads(one.value) for one in found if isinstance(one, SourceRecord)]


def test_columns_are_fields_and_the_others_are_kept() -> None:
    value = (
        b'id,Headline,BODY,Author,Date,section\n7,"A, b","One\nline.",Jane Roe; John Doe,2024-05-03T10:00:00Z,city\n'
    )
    assert articles(read(value)) == [
        {
            "id": "7",
            "title": "A, b",
            "text": "One\nline.",
            "authors": ["Jane Roe", "John Doe"],
            "published": "2024-05-03T10:00:00Z",
            "extra": {"section": "city"},
        }
    ]


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_the_header_says_what_parts_the_columns(between: str) -> None:
    value = f"title{between}text\nA{between}One.\n".encode()
    assert articles(read(value)) == [{"title": "A", "text": "One."}]
    assert is_header(value.decode().split("\n")[0])


def test_the_user_names_columns() -> None:
    value = b"title,lead,story\nA,B,C\n"
    assert articles(read(value, columns={"text": "lead"}))[0]["text"] == "B"
    (answer,) = read(value, columns={"text": "nothing"})
    assert isinstance(answer, Unreadable)
    assert "no column 'nothing'; it has title, lead, story" in answer.why


def test_a_table_without_a_text_says_how_to_name_one() -> None:
    (answer,) = read(b"a,b\n1,2\n")
    assert isinstance(answer, Unreadable)
    assert "--columns text=NAME" in answer.why


def test_rows_are_named_by_their_lines_and_counted() -> None:
    found = read(b'title,text\nA,"One\nTwo"\nB,\n\nC,Three,more\n')
    assert [one.name for one in found] == ["t.csv:2", "t.csv:4", "t.csv:6"]
    assert isinstance(found[1], Skipped)
    assert articles(found)[1]["extra"] == {"more": ["more"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(encoding: str) -> None:
    found = read("title,text\nCafé,Zürich agreed.\n".encode(encoding))
    assert articles(found) == [{"title": "Café", "text": "Zürich agreed."}]
    assert isinstance(found[0], SourceRecord)
    assert ("encoding guessed" in found[0].mended) == (encoding == "cp1252")


def test_a_long_article_is_read() -> None:
    text = "One sentence. " * 50_000
    assert articles(read(f"title,text\nA,{text}\n".encode()))[0]["text"] == text


@given(st.binary(max_size=400))
def test_whatever_a_table_holds_it_is_read_or_named(noise: bytes) -> None:
    for one in read(b"title,text\n" + noise):
        assert one.name


def test_columns_say_which_version_it_is_and_whether_it_may_be_published() -> None:
    value = (
        b"id,text,version,updated,pubstatus,embargo\n1,One.,2,3 May 2024 10:00 UTC,usable,2031-05-01 10:00 UTC\n"
        b"2,,,,canceled,\n3,One.,,,,soon\n"
    )
    first, second, third = articles(read(value))
    assert (first["version"], first["updated"], first["status"]) == ("2", "2024-05-03T10:00:00Z", "usable")
    assert first["embargo_until"] == "2031-05-01T10:00:00Z"
    assert second == {"id": "2", "status": "canceled"}
    assert third["embargo_until"] == "soon"  # for the stream to refuse
