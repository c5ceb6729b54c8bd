import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_records import odd_records
from pydantic import BaseModel

from pipeline.contract import codec
from pipeline.contract.events import Article, ArticleV1, EnrichedV1, SentencesV1
from pipeline.errors import RecordError
from pipeline.labels import REASONS

MAX_CHARS = 500_000
TEXT = "The mayor said no."


def decode(value: bytes | None, *, key: bytes | None = None, max_chars: int = MAX_CHARS) -> Article:
    return codec.decode_article(value, key=key, max_chars=max_chars)


def refused(value: bytes | None, *, max_chars: int = MAX_CHARS) -> RecordError:
    with pytest.raises(RecordError) as caught:
        decode(value, max_chars=max_chars)
    return caught.value


def outcome(value: bytes) -> Article | RecordError:
    try:
        return decode(value)
    except RecordError as error:
        return error


@pytest.mark.parametrize(
    ("value", "reason", "where", "says"),
    [
        (None, "not-json", None, "the record has no value; send one JSON object in UTF-8"),
        (b" \n", "not-json", None, "the record has no value; send one JSON object in UTF-8"),
        (b"\xef\xbb\xbf", "not-json", None, "the record has no value; send one JSON object in UTF-8"),
        (b'{"text":', "not-json", "line 1 column 9", "not JSON: "),
        (b'{"text":\n"no",}', "not-json", "line 2 column 5", "send one JSON object in UTF-8"),
        (b'{"text":"no","x":NaN}', "not-json", "line 1 column 18", "not JSON: "),
        (b'{"text":"no","x":1e999}', "not-json", "line 1 column 18", "number is infinity"),
        (b'{"text":"\\ud800"}', "not-json", "line 1 column 10", "surrogate"),
        (b"[" * 2000, "not-json", "line 1 column 1026", "depth limit exceeded"),
        (b'{"text":"caf\xe9"}', "bad-encoding", "byte 12", "not UTF-8: invalid continuation byte; send one"),
        ('{"text":"no"}'.encode("utf-16"), "bad-encoding", "byte 0", "the record is in UTF-16; send one"),
        ('{"text":"no"}'.encode("utf-16-be"), "bad-encoding", "byte 0", "the record is in UTF-16; send one"),
        ('{"text":"no"}'.encode("utf-32"), "bad-encoding", "byte 0", "the record is in UTF-32; send one"),
        ('{"text":"no"}'.encode("utf-32-be"), "bad-encoding", "byte 0", "the record is in UTF-32; send one"),
        (b"[]", "not-an-article", None, "the record is a list; send one JSON object in UTF-8"),
        (b'"no"', "not-an-article", None, "the record is a string; send one JSON object in UTF-8"),
        (b"true", "not-an-article", None, "the record is a boolean; send one JSON object in UTF-8"),
        (b"1.5", "not-an-article", None, "the record is a number; send one JSON object in UTF-8"),
        (b"null", "not-an-article", None, "the record is null; send one JSON object in UTF-8"),
        (b'{"text":5}', "not-an-article", "text", "text: Input should be a valid string"),
        (b'{"text":"no","x":1,"extra":{"x":2}}', "not-an-article", "x", "'x' stands both in the article and in its"),
        (b'{"uri":"urn:x","body_text":5}', "no-text", "bodies", "body_text is a number; ninjs has a string"),
        (b"{}", "no-text", "text", "the article has no text; send it in the field 'text'"),
        (b'{"text":null}', "no-text", "text", "the article has no text; send it in the field 'text'"),
        (b'{"text":" \\n\xc2\xa0"}', "no-text", "text", "the article has no text; send it in the field 'text'"),
        (b'{"uri":"urn:x"}', "no-text", "bodies", "the ninjs item has no text; send it in 'body_text'"),
    ],
)
def test_what_is_no_article_is_refused_with_reason_place_and_remedy(
    value: bytes | None, reason: str, where: str | None, says: str
) -> None:
    error = refused(value)
    assert (error.reason, error.where) == (reason, where)
    assert says in str(error)


RFC_3339 = "not a date and time after RFC 3339, such as 2015-10-07T18:30:00Z"
STRING = "Input should be a valid string"


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("id", "", "String should have at least 1 character"),
        ("id", 12, STRING),
        ("title", 1, STRING),
        ("url", ["https://example.org"], STRING),
        ("source", {"name": "Wire"}, STRING),
        ("authors", "Ada Quill", "Input should be a valid list"),
        ("authors", ["Ada Quill", 1], STRING),
        ("published", "2031-02-29T00:00:00Z", RFC_3339),
        ("published", "2031-02-28", RFC_3339),
        ("published", 1771540800, STRING),
        ("language", 5, STRING),
        ("language", "us", codec.NO_LANGUAGE),
        ("language", "", codec.NO_LANGUAGE),
        ("extra", [], "a list; an object belongs there"),
        ("extra", "x", "a string; an object belongs there"),
    ],
)
def test_an_optional_field_that_cannot_be_used_costs_that_field_alone(field: str, value: object, note: str) -> None:
    fields = {"text": TEXT, "title": "No", "url": "https://example.org", "source": "Wire", "other": 1, field: value}
    article = decode(orjson.dumps(fields), key=b"key")
    assert article.extra == {"other": 1, field: value, "field_notes": {field: note}}
    assert getattr(article, field) in ("key", None, [], article.extra)
    assert {name: getattr(article, name) for name in ("text", "title", "url", "source") if name != field} == {
        name: fields[name] for name in ("text", "title", "url", "source") if name != field
    }
    assert decode(codec.encode(article)) == article


def test_several_fields_that_cannot_be_used_are_all_kept() -> None:
    fields = {"id": 1, "title": [], "url": {}, "authors": [None], "language": False, "published": "soon", "extra": 2}
    article = decode(orjson.dumps({"text": TEXT, **fields}))
    assert {name: article.extra[name] for name in fields} == fields
    assert article.extra["field_notes"].keys() == fields.keys()


def test_what_the_sender_has_in_extra_stays_as_it_is() -> None:
    extra = {"published": "yesterday", "published_as_sent": 1, "field_notes": "mine"}
    article = decode(orjson.dumps({"text": TEXT, "published": "soon", "extra": extra}))
    assert article.extra == {
        **extra, "published_as_sent_as_sent": "soon", "field_notes_as_sent": {"published": RFC_3339}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        *((tag, tag) for tag in ("en", "EN", "en-GB", "eng", "de-AT", "uk", "zh-Hant-TW", "pt-BR", "fil", "pcm")),
        *((tag, tag.replace("_", "-")) for tag in ("en_US", "pt_BR", "zh_Hans_CN")),
        *((word, "en") for word in ("English", "english", "English (US)", "British English", "ENGLISH", " English ")),
        *((country, None) for country in ("UK", "us", "US", "gb", "GB", "au", "nz", "USA", "GBR", "Nigeria", "in")),
        *((code, None) for code in ("und", "mul", "mis", "zxx", "xx", "q", "i-default", "x-mine", "multilingual")),
        *((other, None) for other in ("Deutsch", "en,fr", "en-US,en;q=0.5", "en_US.UTF-8", "-", "\0", "123", "x" * 99)),
    ],
)  # fmt: skip
def test_a_language_is_understood_or_undetermined(written: str, tag: str | None) -> None:
    article = decode(orjson.dumps({"text": TEXT, "language": written}))
    assert article.language == tag
    assert article.extra.get("language", tag) == (written if tag != written else tag)
    assert ("field_notes" in article.extra) == (tag is None)


def test_a_text_at_the_limit_is_taken_and_a_longer_one_refused() -> None:
    assert decode('{"text":"😀😀😀"}'.encode(), max_chars=3).text == "😀😀😀"
    error = refused('{"text":"😀😀😀😀"}'.encode(), max_chars=3)
    assert (error.reason, error.where) == ("too-long", "text")
    assert (
        str(error) == "the text has 4 characters and at most 3 are taken; send it in parts or raise articles.max_chars"
    )


def test_a_record_that_calls_itself_another_version_is_refused() -> None:
    headers = {"ce_type": b"claimwire.article.v2"}
    with pytest.raises(RecordError) as caught:
        codec.decode_article(b'{"text":"no"}', headers=headers, max_chars=MAX_CHARS)
    assert (caught.value.reason, caught.value.where) == ("unsupported-version", "ce_type")


def test_a_byte_order_mark_of_utf_8_is_no_fault() -> None:
    assert decode(b'\xef\xbb\xbf{"text":"no"}').text == "no"


def test_text_and_title_come_through_to_the_letter() -> None:
    text = "  Caf\u0065\u0301\r\n\u00a0“no”\u2028\x00\ufeff\t "
    article = decode(orjson.dumps({"text": text, "title": text}))
    assert (article.text, article.title) == (text, text)


def test_unknown_fields_are_kept_in_extra_beside_what_is_there() -> None:
    article = decode(b'{"text":"no","wordcount":1,"extra":{"a":[1,null]},"model_config":2,"__class__":3}')
    assert article.extra == {"a": [1, None], "wordcount": 1, "model_config": 2, "__class__": 3}
    assert not article.model_extra


def test_an_integer_beyond_64_bits_becomes_a_double() -> None:
    extra = decode(b'{"text":"no","fits":18446744073709551615,"beyond":18446744073709551616}').extra
    assert extra == {"fits": 2**64 - 1, "beyond": 2.0**64}


@pytest.mark.parametrize(
    ("fields", "key", "expected"),
    [
        ({"id": "a-1", "url": "https://example.org"}, b"key", "a-1"),
        ({"url": "https://example.org"}, b"key", "key"),
        ({"url": "https://example.org"}, None, "e113949ffc8d9db7"),
        ({"id": None, "url": "https://example.org"}, b"\xff", "e113949ffc8d9db7"),
        ({}, None, "01678df2144febfe"),
    ],
)
def test_the_id_is_the_articles_own_else_the_key_else_derived(
    fields: dict[str, str | None], key: bytes | None, expected: str
) -> None:
    assert decode(orjson.dumps({"text": TEXT, **fields}), key=key).id == expected


@pytest.mark.parametrize("depth", [198, 199, 200, 201, 202])
def test_an_article_that_is_taken_can_be_carried_by_every_event(depth: int) -> None:
    value = b'{"text":"no","x":' + b"[" * depth + b"]" * depth + b"}"
    if depth > codec.MAX_DEPTH - 1:
        assert refused(value).where == "extra"
        return
    again = decode(codec.encode(decode(value)))
    event = codec.encode(_sentences(again))
    assert codec.encode(codec.decode(SentencesV1, event)) == event


@pytest.mark.parametrize("depth", [250, 251, 252, 253, 254, 255, 260, 1000])
def test_an_event_that_is_taken_can_be_written_again(depth: int) -> None:
    event = codec.encode(_sentences(decode(b'{"text":"no"}')))
    value = event.removesuffix(b"}") + b',"x":' + b"[" * depth + b"]" * depth + b"}"
    try:
        found = codec.decode(SentencesV1, value)
    except RecordError:
        assert depth > 252
    else:
        assert codec.encode(found) == value


def test_an_event_nested_too_deeply_is_refused() -> None:
    event = orjson.loads(codec.encode(_sentences(decode(b'{"text":"no"}'))))
    value = orjson.dumps(event).removesuffix(b"}") + b',"x":' + b"[" * 300 + b"]" * 300 + b"}"
    with pytest.raises(RecordError) as caught:
        codec.decode(SentencesV1, value)
    assert caught.value.reason == "not-an-article"
    assert str(caught.value) == "nested too deeply to be written again; send it flatter"


@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        (None, {}, "not-json"),
        (b"{}", {}, "not-an-article"),
        (b"\xff", {}, "bad-encoding"),
        (b"{}", {"ce_type": b"claimwire.claim.v1"}, "unsupported-version"),
    ],
)
def test_what_is_not_the_expected_event_is_refused(
    value: bytes | None, headers: dict[str, bytes | None], reason: str
) -> None:
    with pytest.raises(RecordError) as caught:
        codec.decode(EnrichedV1, value, headers=headers)
    assert caught.value.reason == reason


def test_an_event_keeps_the_fields_that_a_newer_release_has_added() -> None:
    event = orjson.loads(codec.encode(_sentences(decode(b'{"text":"no"}'))))
    event["tone"] = {"calm": 0.5}
    event["article"]["region"] = "north"
    event["sentences"][0]["words"] = 1
    value = orjson.dumps(event)
    assert orjson.loads(codec.encode(codec.decode(SentencesV1, value))) == event


@pytest.mark.parametrize(("name", "value"), odd_records(), ids=lambda value: value if isinstance(value, str) else "")
def test_an_odd_record_gives_a_stable_article_or_a_known_reason(name: str, value: bytes) -> None:
    found = outcome(value)
    if isinstance(found, RecordError):
        assert found.reason in REASONS
        assert 0 < len(str(found)) < 300
        assert len(found.where or "") < 300
    else:
        encoded = codec.encode(found)
        assert codec.encode(decode(encoded)) == encoded, name


def test_odd_records_are_several_hundred_different_ones() -> None:
    records = odd_records()
    assert len(records) > 500
    assert len({name for name, _ in records}) == len(records)
    assert records == odd_records()


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)
_text = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)


@given(
    text=_text,
    title=st.none() | _text,
    authors=st.lists(_text, max_size=3),
    extra=st.dictionaries(_text, _json, max_size=4),
)
def test_every_article_comes_back_the_same(
    text: str, title: str | None, authors: list[str], extra: dict[str, object]
) -> None:
    sent = {"text": text, "title": title, "authors": authors, "extra": extra}
    article = decode(orjson.dumps(sent))
    assert {name: value for name, value in article if name in sent} == sent
    assert decode(codec.encode(article)) == article


@given(st.binary(max_size=60) | _json.map(orjson.dumps))
def test_any_bytes_give_an_article_or_a_known_reason(value: bytes) -> None:
    found = outcome(value)
    assert isinstance(found, Article) or found.reason in REASONS


def _sentences(article: Article) -> BaseModel:
    end = len(article.text)
    return SentencesV1.model_validate(
        {
            "id": f"{article.id}:0",
            "article": article,
            "language": None,
            "sentences": [{"index": 0, "start": 0, "end": end, "paragraph": 0, "kind": "sentence"}],
            "origin": {"topic": "news.articles", "partition": 0, "offset": 0, "timestamp": 0},
            "pipeline": {"version": "1", "model": "none", "model_hash": "0"},
        }
    )


def test_article_v1_has_no_room_for_what_it_does_not_know() -> None:
    assert set(ArticleV1.model_fields) == {
        "id", "text", "title", "url", "source", "authors", "language", "published", "version", "updated", "status",
        "embargo_until", "extra"
    }  # fmt: skip
