"""Which version of an article a record is, and whether it may be published."""

import re
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from pipeline.contract import codec, ids, schemas
from pipeline.contract.events import Article, ArticleV1
from pipeline.contract.moments import date_ms
from pipeline.contract.withdrawal import NO_STATUS, publishable
from pipeline.errors import RecordError
from pipeline.labels import WITHDRAWN

TEXT = "The mayor said no."
MOMENT = "2031-05-01T10:00:00+02:00"


def decode(value: bytes | None, *, key: bytes | None = None) -> Article:
    return codec.decode_article(value, key=key, max_chars=1000)


def read(**fields: Any) -> Article:
    return decode(orjson.dumps(fields))


def refused(value: bytes | None, *, key: bytes | None = None) -> RecordError:
    with pytest.raises(RecordError) as caught:
        decode(value, key=key)
    return caught.value


def test_a_key_without_a_value_withdraws_the_article_of_that_id() -> None:
    withdrawn = decode(None, key="café/1".encode())
    assert (withdrawn.id, withdrawn.text, withdrawn.status) == ("café/1", "", "canceled")
    assert decode(codec.encode(withdrawn)) == withdrawn


@pytest.mark.parametrize(
    ("value", "key", "reason", "says"),
    [
        (None, None, "not-json", "the record has no value"),
        (None, b"", "not-json", "the record has no value"),
        (b"", b"a-1", "not-json", "the record has no value"),
        (None, b"\xff", "bad-encoding", "its key is no id in UTF-8; send the article's id as the key"),
        (b'{"status":"canceled"}', None, "no-text", "withdraws an article and names none; send its 'id'"),
        (b'{"id":"a-1","status":"usable"}', None, "no-text", "the article has no text"),
        (b'{"id":"a-1","status":["canceled"]}', None, "no-text", "the article has no text"),
    ],
)
def test_a_withdrawal_that_names_no_article_is_refused(
    value: bytes | None, key: bytes | None, reason: str, says: str
) -> None:
    error = refused(value, key=key)
    assert error.reason == reason
    assert says in str(error)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("usable", "usable"),
        ("withheld", "withheld"),
        ("canceled", "canceled"),
        ("Canceled", "canceled"),
        ("cancelled", "canceled"),
        (" WITHHELD ", "withheld"),
    ],
)
def test_a_status_is_understood_however_it_is_written(written: str, status: str) -> None:
    for article in (read(text=TEXT, status=written), read(uri="urn:x", body_text=TEXT, pubstatus=written)):
        assert article.status == status
        assert "field_notes" not in article.extra


@pytest.mark.parametrize("written", ["published", "draft", ""])
def test_an_unknown_status_is_kept_aside_and_the_article_taken(written: str) -> None:
    article = read(text=TEXT, status=written)
    assert (article.status, article.extra) == ("usable", {"status": written, "field_notes": {"status": NO_STATUS}})


def test_a_withdrawn_article_needs_no_text_by_codec_and_schema() -> None:
    for status in ("canceled", "withheld"):
        fields = {"id": "a-1", "status": status}
        assert read(**fields).text == ""
        Draft202012Validator(schemas.json_schema(ArticleV1)).validate(fields)
        assert read(**fields, text=TEXT).text == TEXT


@pytest.mark.parametrize("written", ["tomorrow", "2031-05-01", "2031-05-01T10:00:00", 1771540800, [], True])
def test_an_embargo_that_cannot_be_read_is_refused(written: object) -> None:
    for fields in ({"text": TEXT, "embargo_until": written}, {"uri": "urn:x", "body_text": TEXT, "embargoed": written}):
        error = refused(orjson.dumps(fields))
        assert (error.reason, error.where) == ("not-an-article", "embargo_until")


@pytest.mark.parametrize("written", ["", None])
def test_a_blank_embargo_is_none(written: str | None) -> None:
    assert read(text=TEXT, embargo_until=written).embargo_until is None
    assert read(uri="urn:x", body_text=TEXT, embargoed=written).embargo_until is None


def test_an_embargo_is_kept_to_the_letter() -> None:
    assert read(text=TEXT, embargo_until=MOMENT).embargo_until == MOMENT


@pytest.mark.parametrize(("written", "version"), [(0, 0), (7, 7), ("7", 7), ("007", 7)])
def test_a_version_is_a_number(written: object, version: int) -> None:
    assert read(text=TEXT, version=written).version == version


@pytest.mark.parametrize("written", ["1.2", "seven", "", -1, 1.5, True, "9" * 40])
def test_any_other_version_is_kept_aside(written: object) -> None:
    article = read(text=TEXT, version=written)
    assert (article.version, article.extra["version"]) == (None, written)
    assert article.extra["field_notes"].keys() == {"version"}


@pytest.mark.parametrize("names", [("versioncreated", "pubstatus"), ("versionCreated", "pubStatus")])
def test_a_ninjs_item_says_its_version_its_status_and_its_embargo(names: tuple[str, str]) -> None:
    created, status = names
    item = {"uri": "urn:x", "body_text": TEXT, "version": "4", created: MOMENT, status: "withheld", "embargoed": MOMENT}
    article = read(**item)
    assert (article.version, article.updated, article.status, article.embargo_until) == (4, MOMENT, "withheld", MOMENT)
    assert (article.published, article.extra) == (MOMENT, {})


def test_what_ninjs_says_of_a_version_and_cannot_be_used_stays() -> None:
    article = read(uri="urn:x", body_text=TEXT, version="1.2", pubstatus="gone")
    assert (article.version, article.status) == (None, "usable")
    assert article.extra == {"version": "1.2", "pubstatus": "gone", "field_notes": {"pubstatus": NO_STATUS}}


def test_a_canceled_ninjs_item_needs_no_body() -> None:
    assert read(uri="urn:x", pubstatus="canceled").text == ""
    with pytest.raises(RecordError, match="has no text"):
        read(uri="urn:x", pubstatus="usable")


def test_a_claim_keeps_its_lineage_while_its_words_do_and_repeated_words_get_their_own() -> None:
    first = ids.lineage_ids("a-1", ["Pay rose.", "Tax fell.", "Pay  rose."])
    assert len(set(first)) == 3
    assert ids.lineage_ids("a-1", ["Tax fell.", "Pay\nrose."]) == [first[1], first[0]]
    assert not set(ids.lineage_ids("a-2", ["Pay rose.", "Tax fell."])) & set(first)


@pytest.mark.parametrize(
    ("until", "now", "open_"),
    [
        ("2031-05-01T10:00:00Z", "2031-05-01T09:59:59Z", False),
        ("2031-05-01T10:00:00Z", "2031-05-01T10:00:00Z", True),
        ("2031-05-01T10:00:00+02:00", "2031-05-01T08:00:00Z", True),
        ("2031-05-01T10:00:00-02:00", "2031-05-01T11:59:59Z", False),
        ("2031-05-01t10:00:00.5z", "2031-05-01T10:00:00Z", False),
        ("2031-05-01t10:00:00.5z", "2031-05-01T10:00:01Z", True),
        ("2030-12-31T23:59:60Z", "2030-12-31T23:59:59Z", False),
        ("2030-12-31T23:59:60Z", "2031-01-01T00:00:00Z", True),
    ],
)
def test_an_article_is_publishable_once_its_embargo_is_over(until: str, now: str, *, open_: bool) -> None:
    article = read(text=TEXT, embargo_until=until)
    if open_:
        assert publishable(article, now_ms=date_ms(now)) == article
        return
    with pytest.raises(RecordError, match=f"may be published before {re.escape(until)}; .* --reason embargoed") as held:
        publishable(article, now_ms=date_ms(now))
    assert held.value.reason == "embargoed"


def test_an_article_without_an_embargo_is_publishable() -> None:
    assert publishable(read(text=TEXT), now_ms=0).text == TEXT


@pytest.mark.parametrize("status", WITHDRAWN)
def test_a_withdrawal_does_not_wait_for_the_embargo_and_tells_no_word_of_it(status: str) -> None:
    whole = read(id="a-1", text=TEXT, title="No", slug="mayor", status=status, version=3, embargo_until=MOMENT)
    said = publishable(whole, now_ms=0)
    assert (said.id, said.status, said.version, said.embargo_until) == ("a-1", status, 3, MOMENT)
    assert (said.text, said.title, said.extra) == ("", None, {})
    assert publishable(whole, now_ms=date_ms(MOMENT)) == whole


@pytest.mark.parametrize(
    ("title", "killed"),
    [
        ("KILL: Tax rise", True),
        ("MANDATORY KILL - Tax rise", True),
        ("WITHDRAWN-Tax rise", True),
        (" WITHDRAWN: Tax rise", True),
        ("KILL-ZONE GROWS", False),
        ("Kill: a film", False),
        ("WITHDRAWN FROM THE RACE", False),
        ("Tax rise KILL: no", False),
        ("UPDATE 2-Tax rise", False),
        ("CORRECTED-Tax rise", False),
    ],
)
def test_the_slug_of_a_headline_withdraws_where_no_status_is_said(title: str, *, killed: bool) -> None:
    assert (read(id="a-1", text=TEXT, title=title).status == "canceled") is killed
    assert (read(uri="urn:x", body_text=TEXT, headline=title).status == "canceled") is killed
    assert read(text=TEXT, title=title, status="usable").status == "usable"
