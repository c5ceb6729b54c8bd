import gzip

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import codec, envelopes
from pipeline.errors import RecordError

ARTICLE = {"id": "a1", "text": "The mayor said no."}
JSON = orjson.dumps(ARTICLE)
CHANGE = {"before": None, "after": ARTICLE, "source": {"connector": "postgresql"}, "op": "c", "ts_ms": 1}
SCHEMA = {"type": "struct", "fields": []}
NEWSML = (
    b'<?xml version="1.0"?>\n<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" standard="NewsML-G2"><x/></newsItem>'
)
EACH = "send each as a record of its own, as 'claimwire push' does with a file of them"
PUSH = "'claimwire push' makes articles of such a file"


def refused(value: bytes) -> RecordError:
    with pytest.raises(RecordError) as caught:
        codec.decode_article(value, max_chars=1000)
    return caught.value


@pytest.mark.parametrize("schema", [1, 255, 256, 511, 65_536, 123_456, 8_000_000])
@pytest.mark.parametrize("body", [JSON, b"\x02\x48\x04a1\x24The mayor said no.", b"\x00\x0a\x02a1", b'"no"'])
def test_confluents_magic_byte_is_named(schema: int, body: bytes) -> None:
    error = refused(b"\0" + schema.to_bytes(4, "big") + body)
    assert error.reason == "not-json"
    assert f"begins with Confluent's magic byte and the number of schema {schema}:" in str(error)
    assert "send the JSON alone" in str(error)


@pytest.mark.parametrize(
    ("value", "name", "remedy"),
    [
        (gzip.compress(JSON, mtime=0), "gzip", "let the producer compress it"),
        (b"\x28\xb5\x2f\xfd\x04\x00", "zstd", "let the producer compress it"),
        (b"PK\x03\x04", "a zip archive", "send the article's JSON as it is"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF", "send the article's JSON as it is"),
        (NEWSML, "NewsML-G2", "send the item as that, or its text as an article"),
        (NEWSML.replace(b"newsItem", b"nar:newsMessage"), "NewsML-G2", "claimwire reads IPTC's ninjs"),
        (b"<NewsML><NewsEnvelope/></NewsML>", "NewsML 1", "claimwire reads IPTC's ninjs"),
        (b"<nitf><body/></nitf>", "NITF", "claimwire reads IPTC's ninjs"),
        (b'\n<!-- x -->\n<rss version="2.0"/>', "an RSS feed", PUSH),
        (b"<feed/>", "an Atom feed", PUSH),
        (b"<!DOCTYPE html>\n<html><p>caf\xe9</html>", "HTML", PUSH),
        (b"<doc><text>No.</text></doc>", "XML", "send one JSON object in UTF-8"),
        (JSON + b"\n" + JSON, "JSON lines, one object on each line", EACH),
    ],
)
def test_bytes_that_are_no_json_are_named_with_what_to_do(value: bytes, name: str, remedy: str) -> None:
    error = refused(value)
    assert error.reason == "not-json"
    assert str(error).startswith(f"the record is {name}; ")
    assert remedy in str(error)


@pytest.mark.parametrize(
    ("value", "says", "remedy"),
    [
        ([ARTICLE], "a list of 1 object;", EACH),
        ([ARTICLE, ARTICLE], "a list of 2 objects;", EACH),
        ({"articles": [ARTICLE, ARTICLE], "status": "ok"}, "holds a list of 2 objects in 'articles';", EACH),
        ({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": []}, "a JSON Feed;", PUSH),
        (JSON.decode(), "a string of JSON: it was written as JSON twice;", "do it once"),
        ({"schema": SCHEMA, "payload": ARTICLE}, "Kafka Connect's JsonConverter", "converter.schemas.enable=false"),
        ({"schema": None, "payload": ARTICLE}, "Kafka Connect's JsonConverter", "converter.schemas.enable=false"),
        ({"schema": SCHEMA, "payload": CHANGE}, "a change event of Debezium", "ExtractNewRecordState"),
        (CHANGE, "a change event of Debezium", "ExtractNewRecordState"),
        ({"before": ARTICLE, "after": None, "op": "d"}, "a change event of Debezium", "ExtractNewRecordState"),
        (
            {"specversion": "1.0", "type": "article", "source": "/wire", "id": "1", "data": ARTICLE},
            "a CloudEvent in structured mode;",
            "its data as the value",
        ),
        (
            {"specversion": "1.0", "type": "article", "source": "/wire", "id": "1", "data_base64": "e30="},
            "a CloudEvent in structured mode;",
            "send it in binary mode",
        ),
    ],
)  # fmt: skip
def test_envelopes_are_named_with_what_to_do(value: object, says: str, remedy: str) -> None:
    error = refused(orjson.dumps(value))
    assert (error.reason, error.where) == ("not-an-article", None)
    assert says in str(error)
    assert remedy in str(error)


@pytest.mark.parametrize(
    "more",
    [
        CHANGE,
        {"schema": 1, "payload": 2},
        {"specversion": "1.0", "type": "x", "source": "Wire"},
        {"articles": [ARTICLE]},
    ],
)
def test_an_article_with_such_fields_is_an_article(more: dict[str, object]) -> None:
    article = codec.decode_article(orjson.dumps({**more, **ARTICLE}), max_chars=1000)
    assert article.text == ARTICLE["text"]
    ninjs = {"uri": "urn:x", "body_text": "No.", **{name: value for name, value in more.items() if name != "source"}}
    assert codec.decode_article(orjson.dumps(ninjs), max_chars=1000).text == "No."


@pytest.mark.parametrize(
    "value", [b"[]", b"[1]", b"{}", b'{"articles":[]}', b'{"items":[1]}', b'"no"', b'"{"', b"<3", b"\0", b"<"]
)
def test_what_cannot_be_told_is_not_guessed(value: bytes) -> None:
    assert all(word not in str(refused(value)) for word in ("push", "Connect", "XML"))


@given(st.binary(max_size=40))
def test_whatever_bytes_come_they_are_named_or_not(value: bytes) -> None:
    for lead in (b"", b"<", b"\0", b"\x1f\x8b"):
        said = envelopes.of_bytes(lead + value)
        assert said is None or len(said) < 300
