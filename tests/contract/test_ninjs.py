from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import codec, ninjs
from pipeline.contract.events import Article
from pipeline.errors import RecordError

URI = "urn:example:item"
TEXT = "The mayor said no."
MARKUP = "<p>The mayor</p><p>said no &amp; left.</p>"
NO_DATE = "not a date and time after RFC 3339, such as 2015-10-07T18:30:00Z"
FROM_MARKUP = "The mayor\nsaid no & left."


def read(**fields: object) -> Article:
    return codec.decode_article(orjson.dumps({"uri": URI, **fields}), max_chars=1000)


def body(value: object, **more: object) -> dict[str, object]:
    return {**more, "value": value}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"uri": URI, "body_text": TEXT}, True),
        ({"uri": URI}, True),
        ({"uri": URI, "text": TEXT}, False),
        ({"uri": URI, "text": None}, False),
        ({"text": TEXT, "headline": "No", "body_text": TEXT, "bodies": []}, False),
        ({"headline": "No", "body_text": TEXT}, False),
        ({}, False),
    ],
)
def test_an_item_has_a_uri_and_no_text(fields: dict[str, Any], *, expected: bool) -> None:
    assert ninjs.is_item(fields) is expected


def test_an_article_with_any_fields_of_ninjs_stays_an_article() -> None:
    article = read(text=TEXT, body_text="other", headline="No", byline=5)
    assert (article.text, article.title, article.authors) == (TEXT, None, [])
    assert article.extra == {"uri": URI, "body_text": "other", "headline": "No", "byline": 5}


@pytest.mark.parametrize(
    ("fields", "text", "extra"),
    [
        ({"body_text": TEXT}, TEXT, {}),
        ({"body_text": " exact <b>\r\n"}, " exact <b>\r\n", {}),
        ({"body_xhtml": MARKUP}, FROM_MARKUP, {}),
        ({"body_html5": MARKUP}, FROM_MARKUP, {}),
        ({"body_nitf": "<block><p>The mayor</p></block>"}, "The mayor", {}),
        ({"body_short": TEXT}, TEXT, {}),
        ({"body_xhtml": MARKUP, "body_text": TEXT}, TEXT, {"body_xhtml": MARKUP}),
        ({"body_xhtml": MARKUP, "body_text": " \n"}, FROM_MARKUP, {"body_text": " \n"}),
        ({"body_xhtml": MARKUP, "body_text": None}, FROM_MARKUP, {"body_text": None}),
        ({"body_xhtml": "<br/>", "body_nitf": "<p>No</p>"}, "No", {"body_xhtml": "<br/>"}),
        ({"bodies": [body(TEXT)]}, TEXT, {"bodies": [{}]}),
        ({"bodies": [body(TEXT, charcount=18)]}, TEXT, {"bodies": [{"charcount": 18}]}),
        ({"bodies": [body(MARKUP, contenttype="text/html")]}, FROM_MARKUP, {"bodies": [{"contenttype": "text/html"}]}),
        (
            {"bodies": [body(MARKUP, contentType="application/xhtml+xml")]},
            FROM_MARKUP,
            {"bodies": [{"contentType": "application/xhtml+xml"}]},
        ),
        ({"bodies": [body(MARKUP, role="html5")]}, FROM_MARKUP, {"bodies": [{"role": "html5"}]}),
        (
            {"bodies": [body("x", role="teaser"), body(MARKUP, role="Main", contenttype="text/html")]},
            FROM_MARKUP,
            {"bodies": [body("x", role="teaser"), {"role": "Main", "contenttype": "text/html"}]},
        ),
        (
            {"bodies": [body(MARKUP, role="html"), body("<x>", role="nitf"), body(TEXT, role="text")]},
            TEXT,
            {"bodies": [body(MARKUP, role="html"), body("<x>", role="nitf"), {"role": "text"}]},
        ),
        (
            {"bodies": [body("e30=", contenttype="application/json"), body(TEXT, contenttype="text/markdown")]},
            TEXT,
            {"bodies": [body("e30=", contenttype="application/json"), {"contenttype": "text/markdown"}]},
        ),
        ({"bodies": [body(None), body(TEXT)]}, TEXT, {"bodies": [body(None), {}]}),
        ({"bodies": None, "body_text": TEXT}, TEXT, {"bodies": None}),
    ],
)
def test_the_best_body_becomes_the_text_and_all_else_is_kept(
    fields: dict[str, Any], text: str, extra: dict[str, Any]
) -> None:
    article = read(**fields)
    assert (article.text, article.extra) == (text, extra)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"headline": "A picture", "description_text": "No"},
        {"body_text": " "},
        {"body_xhtml": "<p>&nbsp;</p><script>x</script>"},
        {"bodies": []},
        {"bodies": [{"role": "main"}, body(" ")]},
        {"bodies": [body("e30=", contenttype="application/json")]},
    ],
)
def test_an_item_without_text_is_rejected_as_such(fields: dict[str, Any]) -> None:
    with pytest.raises(RecordError, match="the ninjs item has no text; send it in 'body_text', 'body_xhtml' or") as no:
        read(**fields)
    assert no.value.reason == "no-text"


@pytest.mark.parametrize(
    ("fields", "title", "extra"),
    [
        ({"headline": "No", "title": "Item 5"}, "No", {"title": "Item 5"}),
        ({"title": "Item 5"}, "Item 5", {}),
        ({"headline": "", "title": "Item 5"}, "Item 5", {"headline": ""}),
        ({"headline_main": "No", "title": "Item 5"}, "No", {"title": "Item 5"}),
        ({"headline_short": "N", "headline_main": "No"}, "No", {"headline_short": "N"}),
        ({"headline_main": "No", "headline": "Yes"}, "Yes", {"headline_main": "No"}),
        ({"headline_xhtml": "<b>No</b> &amp; no"}, "No & no", {}),
        ({"headline_main": " ", "headline_short": "No"}, "No", {"headline_main": " "}),
        ({"headlines": [body("No")]}, "No", {"headlines": [{}]}),
        (
            {"headlines": [body("N", role="short"), body("No", role="main")], "title": "x"},
            "No",
            {"headlines": [body("N", role="short"), {"role": "main"}], "title": "x"},
        ),
        (
            {"headlines": [body("<b>No</b> &amp; no", contenttype="text/html")]},
            "No & no",
            {"headlines": [{"contenttype": "text/html"}]},
        ),
        ({"headlines": []}, None, {"headlines": []}),
        ({}, None, {}),
    ],
)
def test_the_headline_else_the_items_title_is_the_title(
    fields: dict[str, Any], title: str | None, extra: dict[str, Any]
) -> None:
    article = read(body_text=TEXT, **fields)
    assert (article.title, article.extra) == (title, extra)


@pytest.mark.parametrize(
    ("byline", "language", "authors"),
    [
        ("Jane Doe", "en", ["Jane Doe"]),
        ("By Jane Doe", None, ["Jane Doe"]),
        ("BY: JANE  DOE", "en-GB", ["JANE DOE"]),
        ("Byron Case", "en", ["Byron Case"]),
        ("By Jane Doe and John Roe", "en", ["Jane Doe", "John Roe"]),
        ("By Jane Doe, John Roe & Mo Ali, Health Writer", "en", ["Jane Doe", "John Roe", "Mo Ali"]),
        ("Jane Doe; John Roe", "en", ["Jane Doe", "John Roe"]),
        ("Jane Doe/EN", "en", ["Jane Doe"]),
        ("Von Jana Roth und Max Holm, dpa", "de", ["Jana Roth", "Max Holm"]),
        ("Por Ana Ruiz y Leo Gil", "es-MX", ["Ana Ruiz", "Leo Gil"]),
        ("Von Miller", "en", ["Von Miller"]),
        ("By ", "en", []),
        ("  ", "en", []),
        (None, "en", []),
    ],
)
def test_a_byline_names_the_authors(byline: str | None, language: str | None, authors: list[str]) -> None:
    assert read(body_text=TEXT, byline=byline, language=language).authors == authors
    assert read(body_text=TEXT, by=byline, language=language).authors == authors


def test_a_byline_that_says_more_than_the_names_is_kept() -> None:
    assert read(body_text=TEXT, byline="Jane Doe").extra == {}
    assert read(body_text=TEXT, byline="By Jane Doe, dpa").extra == {"byline": "By Jane Doe, dpa"}


@pytest.mark.parametrize(
    ("fields", "source", "extra"),
    [
        ({"copyrightholder": "EN"}, "EN", {}),
        ({"copyrightHolder": "EN", "infoSources": [{"name": "X"}]}, "EN", {"infoSources": [{"name": "X"}]}),
        ({"infosource": [{"code": "1"}, {"name": "EN"}]}, "EN", {"infosource": [{"code": "1"}, {"name": "EN"}]}),
        ({"infosources": [{"name": "EN"}]}, "EN", {"infosources": [{"name": "EN"}]}),
        (
            {"copyrightholder": "", "infoSources": ["EN"]},
            None,
            {
                "copyrightholder": "",
                "infoSources": ["EN"],
                "field_notes": {"infoSources.0": "a string; ninjs has an object there"},
            },
        ),
        ({"infoSources": [{"name": " "}]}, None, {"infoSources": [{"name": " "}]}),
    ],
)
def test_the_copyright_holder_else_an_information_source_is_the_source(
    fields: dict[str, Any], source: str | None, extra: dict[str, Any]
) -> None:
    article = read(body_text=TEXT, **fields)
    assert (article.source, article.extra) == (source, extra)


@pytest.mark.parametrize(
    ("fields", "published", "extra"),
    [
        ({"versioncreated": "2031-05-01T10:00:00Z"}, "2031-05-01T10:00:00Z", {}),
        (
            {"firstCreated": "2031-04-01T10:00:00Z", "versionCreated": "2031-05-01T10:00:00+02:00"},
            "2031-05-01T10:00:00+02:00",
            {"firstCreated": "2031-04-01T10:00:00Z"},
        ),
        (
            {"versioncreated": "2031-05-01", "contentcreated": "2031-04-01T10:00:00Z"},
            "2031-04-01T10:00:00Z",
            {"versioncreated": "2031-05-01", "field_notes": {"versioncreated": NO_DATE}},
        ),
        (
            {"versioncreated": "yesterday"},
            None,
            {"versioncreated": "yesterday", "field_notes": {"versioncreated": NO_DATE}},
        ),
    ],
)
def test_the_first_proper_time_is_when_it_was_published(
    fields: dict[str, Any], published: str | None, extra: dict[str, Any]
) -> None:
    article = read(body_text=TEXT, **fields)
    assert (article.published, article.extra) == (published, extra)


@pytest.mark.parametrize(
    ("language", "expected", "extra"),
    [
        ("nb-NO", "nb-NO", {}),
        ("en_US", "en-US", {"language": "en_US"}),
        ("English", "en", {"language": "English"}),
        ("mul", None, {"language": "mul", "field_notes": {"language": codec.NO_LANGUAGE}}),
        ("", None, {"language": ""}),
    ],
)
def test_a_language_is_understood_or_kept_aside(language: str, expected: str | None, extra: dict[str, Any]) -> None:
    article = read(body_text=TEXT, language=language)
    assert (article.language, article.extra) == (expected, extra)


@pytest.mark.parametrize(
    ("uri", "article_id", "url"),
    [
        ("https://example.org/1", "https://example.org/1", "https://example.org/1"),
        ("urn:newsml:example:1", "urn:newsml:example:1", None),
        ("", "key", None),
        (None, "key", None),
    ],
)
def test_the_uri_is_the_id_and_where_it_can_be_one_the_url(uri: str | None, article_id: str, url: str | None) -> None:
    value = orjson.dumps({"uri": uri, "body_text": TEXT})
    article = codec.decode_article(value, key=b"key", max_chars=1000)
    assert (article.id, article.url) == (article_id, url)


@pytest.mark.parametrize(
    ("fields", "where", "says"),
    [
        ({"uri": 5}, "uri", "a number; ninjs has a string there"),
        ({"body_text": 5}, "body_text", "a number; ninjs has a string there"),
        ({"body_xhtml": ["x"]}, "body_xhtml", "a list; ninjs has a string there"),
        ({"bodies": "x"}, "bodies", "a string; ninjs has a list there"),
        ({"bodies": {"value": "x"}}, "bodies", "an object; ninjs has a list there"),
        ({"bodies": ["x"]}, "bodies.0", "a string; ninjs has an object there"),
        ({"bodies": [{}, {"value": 1}]}, "bodies.1.value", "a number; ninjs has a string there"),
        ({"bodies": [{"role": 1}]}, "bodies.0.role", "a number; ninjs has a string there"),
        ({"bodies": [{"contentType": []}]}, "bodies.0.contentType", "a list; ninjs has a string there"),
        ({"headline": {}}, "headline", "an object; ninjs has a string there"),
        ({"headlines": ["x"]}, "headlines.0", "a string; ninjs has an object there"),
        ({"title": True}, "title", "a boolean; ninjs has a string there"),
        ({"by": ["x"]}, "by", "a list; ninjs has a string there"),
        ({"copyrightHolder": 1}, "copyrightHolder", "a number; ninjs has a string there"),
        ({"infoSources": "EN"}, "infoSources", "a string; ninjs has a list there"),
        ({"infoSources": [{"name": 1}]}, "infoSources.0.name", "a number; ninjs has a string there"),
        ({"language": 1}, "language", "a number; ninjs has a string there"),
        ({"versioncreated": 1}, "versioncreated", "a number; ninjs has a string there"),
        ({"byline": False}, "byline", "a boolean; ninjs has a string there"),
        ({"headline_main": 1}, "headline_main", "a number; ninjs has a string there"),
    ],
)
def test_a_field_of_a_wrong_type_costs_that_field_and_is_noted(fields: dict[str, Any], where: str, says: str) -> None:
    article = read(**{"body_main": TEXT, **fields})
    assert article.text == TEXT
    assert article.extra["field_notes"] == {where: says}
    assert {name: article.extra[name] for name in fields if name != "uri"} == {
        name: value for name, value in fields.items() if name != "uri"
    }


@pytest.mark.parametrize("body", [5, ["x"], {"value": TEXT}])
def test_a_body_of_a_wrong_type_is_no_text_and_is_named(body: object) -> None:
    with pytest.raises(
        RecordError, match=r"has no text; send it in .*; body_text is .*; ninjs has a string there"
    ) as no:
        read(body_text=body)
    assert no.value.reason == "no-text"


@given(
    st.dictionaries(
        st.sampled_from(
            ["body_text", "headline", "byline", "language", "versioncreated", "copyrightholder", "x", "title"]
        ),
        st.none() | st.text(max_size=20),
    )
)
def test_an_item_is_read_without_being_changed_and_nothing_is_lost(fields: dict[str, Any]) -> None:
    item = {"uri": URI, "bodies": [{"role": "x", "value": TEXT}], **fields}
    before = orjson.dumps(item)
    article = ninjs.to_article(item)
    assert orjson.dumps(item) == before
    kept = orjson.dumps(article).decode()
    assert all(orjson.dumps(value).decode()[1:-1] in kept for value in fields.values() if value)
