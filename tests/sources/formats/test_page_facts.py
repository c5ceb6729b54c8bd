"""What a page says of its article: each way of saying it, alone and beside others."""

# ruff: noqa: RUF001  (the letters of many languages)

import json

import pytest
from news_pages import PARAGRAPHS, article, page

from pipeline.sources import dates
from pipeline.sources.formats.page import parse_page

MOMENT = "2026-02-11T17:05:00+01:00"
DAY = "2026-02-11T00:00:00Z"
SITE = '<meta property="og:site_name" content="Kenyon Post">'


def linked(**properties: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge closed", **properties}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def graph(*objects: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@graph": objects})}</script>'


def meta(name: str, content: str, attribute: str = "property") -> str:
    return f'<meta {attribute}="{name}" content="{content}">'


def fields(head: str = "", body: str | None = None, *, url: str | None = None) -> dict[str, object]:
    (part,) = parse_page(page(body or article(), head=head).encode(), url=url)
    assert part.why is None
    return {**part.fields, "mended": part.mended}


LINKED = linked(datePublished=MOMENT)
WAYS = {
    "json-ld": (LINKED, None),
    "json-ld in a graph": (
        graph({"@type": "WebSite", "name": "Kenyon Post"}, {"@type": ["Article"], "datePublished": MOMENT}),
        None,
    ),
    "json-ld in a list": (
        f'<script type="application/ld+json">[{{"@type":"Article","datePublished":"{MOMENT}"}}]</script>',
        None,
    ),
    "json-ld in cdata": (
        LINKED.replace('json">', 'json">//<![CDATA[\n').replace("</script>", "\n//]]></script>"),
        None,
    ),
    "json-ld in a comment": (LINKED.replace('json">', 'json"><!--').replace("</script>", "--></script>"), None),
    "json-ld with a comma too many": (LINKED.replace("}</script>", ",}</script>"), None),
    "json-ld with a line break in a text": (LINKED.replace("Bridge closed", "Bridge\nclosed"), None),
    "json-ld in the body": ("", article() + LINKED),
    "json-ld with a charset": (LINKED.replace("ld+json", "LD+JSON; charset=utf-8"), None),
    "open graph": (meta("article:published_time", MOMENT), None),
    "open graph by name": (meta("article:published_time", MOMENT, "name"), None),
    "schema.org in a meta": (meta("datePublished", MOMENT, "itemprop"), None),
    "dublin core": (meta("DC.date.issued", MOMENT, "name"), None),
    "parsely": (meta("parsely-pub-date", MOMENT, "name"), None),
    "date": (meta("date", MOMENT, "name"), None),
    "content before name": (f'<meta content="{MOMENT}" property="article:published_time">', None),
    "escaped": (meta("article:published_time", MOMENT.replace("+", "&#43;").replace(":", "&#x3a;")), None),
    "time": ("", article(f'<time datetime="{MOMENT}">11 February</time>')),
    "time of schema.org": ("", article(f'<time itemprop="datePublished" datetime="{MOMENT}">11 February</time>')),
    "in a span": ("", article(f'<span itemprop="datePublished" content="{MOMENT}">11 February</span>')),
    "rfc 2822": (meta("pubdate", "Wed, 11 Feb 2026 17:05:00 +0100", "name"), None),
}


@pytest.mark.parametrize("padding", [0, 250_000], ids=["small", "beyond 200,000 characters"])
@pytest.mark.parametrize(("head", "body"), WAYS.values(), ids=WAYS.keys())
def test_the_time_of_publication_is_read_wherever_it_stands(head: str, body: str | None, padding: int) -> None:
    found = fields(f"<style>{'a{color:red}' * (padding // 12)}</style>{head}", body)
    assert (found["published"], found["mended"]) == (MOMENT, ())


@pytest.mark.parametrize(
    ("head", "published", "mended"),
    [
        (linked(datePublished="2026-02-11") + meta("article:published_time", MOMENT), MOMENT, ()),
        (linked(datePublished="2026-02-11T17:05:00") + meta("article:published_time", MOMENT), MOMENT, ()),
        (linked(datePublished=MOMENT) + meta("article:published_time", "2026-02-11"), MOMENT, ()),
        (linked(datePublished=MOMENT) + meta("article:published_time", "2026-02-11T16:05:00"), MOMENT, ()),
        (linked(datePublished=MOMENT, dateModified="2026-02-12T09:00:00Z"), MOMENT, ()),
        (linked(datePublished=MOMENT) + meta("date", "2019-01-01T00:00:00Z"), MOMENT, ()),
        (linked(datePublished="2026-02-11") + meta("date", "2019-01-01T00:00:00Z"), DAY, (dates.NO_TIME,)),
        (linked(datePublished="soon") + meta("date", MOMENT), MOMENT, ()),
        (
            linked(datePublished="2026-02-11T17:05:00"),
            "2026-02-11T17:05:00Z",
            (dates.NO_ZONE,),
        ),
    ],
)
def test_the_date_that_says_most_of_the_same_day_counts(head: str, published: str, mended: tuple[str, ...]) -> None:
    found = fields(head)
    assert (found["published"], found["mended"]) == (published, mended)


def test_the_date_of_another_article_is_not_this_ones() -> None:
    others = {
        "@type": "ItemList",
        "itemListElement": [{"@type": "NewsArticle", "datePublished": "2019-01-01T00:00:00Z"}],
    }
    script = f'<script type="application/ld+json">{json.dumps(others)}</script>'
    assert fields(script + linked(datePublished=MOMENT))["published"] == MOMENT
    video = linked(video={"@type": "VideoObject", "uploadDate": "2019-01-01"}, datePublished=MOMENT)
    assert fields(video)["published"] == MOMENT
    other = linked(datePublished="2019-01-01T00:00:00Z", url="https://post.example/other")
    mine = linked(datePublished=MOMENT, mainEntityOfPage={"@id": "https://post.example/1"})
    assert fields(other + mine, url="https://post.example/1")["published"] == MOMENT


def test_a_date_that_no_calendar_has_is_kept_with_a_note() -> None:
    found = fields(linked(datePublished="2026-02-31T17:05:00Z"))
    assert found["published"] is None
    assert found["extra"] == {
        "published": "2026-02-31T17:05:00Z", "field_notes": {"published": dates.UNREADABLE}
    }  # fmt: skip


PERSON = {"@type": "Person", "name": "Ines Calder"}
BOTH = [PERSON, {"@type": "Person", "name": "Theo Lind"}]


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (linked(author=PERSON), ["Ines Calder"]),
        (linked(author=BOTH), ["Ines Calder", "Theo Lind"]),
        (linked(author="Ines Calder"), ["Ines Calder"]),
        (linked(author=["Ines Calder", "Theo Lind"]), ["Ines Calder", "Theo Lind"]),
        (linked(author="Ines Calder and Theo Lind"), ["Ines Calder", "Theo Lind"]),
        (linked(author="Ines Calder, Theo Lind und Mo Ali"), ["Ines Calder", "Theo Lind", "Mo Ali"]),
        (linked(author={"name": "Ines Calder"}), ["Ines Calder"]),
        (linked(author={"@type": "Person", "givenName": "Ines", "familyName": "Calder"}), ["Ines Calder"]),
        (linked(author={"@type": "Person", "name": ["Ines Calder"]}), ["Ines Calder"]),
        (linked(author={"@type": "Person", "name": "Calder, Ines"}), ["Calder, Ines"]),
        (linked(author=PERSON) + meta("author", "Calder, Ines", "name"), ["Ines Calder"]),
        (linked(author={"@type": "Person", "name": "Martin Luther King, Jr."}), ["Martin Luther King, Jr."]),
        (linked(creator=PERSON), ["Ines Calder"]),
        (linked(author={"@type": "Organization", "name": "Kenyon Post"}), []),
        (linked(author=[PERSON, {"@type": "NewsMediaOrganization", "name": "Kenyon Wire"}]), ["Ines Calder"]),
        (linked(author="Kenyon Post", publisher={"@type": "Organization", "name": "Kenyon Post"}), []),
        (linked(author={"@type": "Person", "name": "Kenyon Post"}) + SITE, []),
        (linked(author={"name": "KENYON-POST"}) + SITE + meta("author", "Ines Calder", "name"), ["Ines Calder"]),
        (linked(author={"@type": "Person", "name": "ines-calder"}), []),
        (linked(author={"@type": "Person", "name": "https://post.example/authors/ines-calder"}), []),
        (linked(author={"@type": "Person", "name": "ines@post.example"}), []),
        (linked(author={"@type": "Person", "name": "Ines Calder (ines@post.example)"}), ["Ines Calder"]),
        (meta("author", "Ines Calder", "name"), ["Ines Calder"]),
        (meta("author", "By Ines Calder", "name"), ["Ines Calder"]),
        (meta("author", "Von Jana Roth und Max Holm", "name"), ["Jana Roth", "Max Holm"]),
        (meta("author", "Von Miller", "name"), ["Von Miller"]),
        (meta("author", "Ursula von der Leyen", "name"), ["Ursula von der Leyen"]),
        (meta("author", "José Ortega y Gasset", "name"), ["José Ortega y Gasset"]),
        (linked(author={"@type": "Person", "name": "Ines O&#39;Calder"}), ["Ines O'Calder"]),
        (meta("author", "Ines Calder, Theo Lind", "name"), ["Ines Calder", "Theo Lind"]),
        (meta("author", "Calder, Ines", "name"), ["Calder, Ines"]),
        (meta("author", "Ines Calder, AP", "name"), ["Ines Calder"]),
        (meta("author", "Ines Calder, Health Correspondent", "name"), ["Ines Calder"]),
        (meta("author", "Kenyon Post", "name") + SITE, []),
        (meta("article:author", "https://www.facebook.com/inescalder"), []),
        (meta("article:author", "https://x.example/i") + meta("author", "Ines Calder", "name"), ["Ines Calder"]),
        (meta("parsely-author", "Ines Calder", "name"), ["Ines Calder"]),
        (
            meta("citation_author", "Calder, Ines", "name") + meta("citation_author", "Lind, Theo", "name"),
            ["Calder, Ines", "Lind, Theo"],
        ),
        (graph({**PERSON, "@id": "#ines"}, {"@type": "NewsArticle", "author": {"@id": "#ines"}}), ["Ines Calder"]),
    ],
)  # fmt: skip
def test_authors_are_people_and_nobody_else(head: str, authors: list[str]) -> None:
    assert fields(head)["authors"] == authors


@pytest.mark.parametrize(
    "byline",
    [
        '<span itemprop="author" itemscope><span itemprop="name">Ines Calder</span></span>',
        '<div itemprop="author"><meta itemprop="name" content="Ines Calder"></div>',
        '<a rel="author" href="/authors/ines-calder">Ines Calder</a>',
        '<span class="byline">By <a class="author" href="/authors/ines-calder">Ines Calder</a></span>',
    ],
)
def test_a_byline_in_the_text_is_read(byline: str) -> None:
    assert fields(body=article(byline))["authors"] == ["Ines Calder"]


SEPARATORS = (
    " | ",
    " - ",
    " \N{EN DASH} ",
    " \N{EM DASH} ",
    " :: ",
    " \N{MIDDLE DOT} ",
    " \N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK} ",
    "\N{FULLWIDTH VERTICAL LINE}",
)
TITLE = "Mayor's plan - a closer look: who pays"


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("name", ["Kenyon Post", "KENYON POST", "kenyonpost"])
def test_a_title_has_no_site_name(separator: str, name: str) -> None:
    end, start = f"{TITLE}{separator}{name}", f"{name}{separator}{TITLE}"
    for titled in (end, start):
        assert fields(SITE + meta("og:title", titled))["title"] == TITLE
        assert fields(meta("og:title", titled) + linked(publisher={"name": "Kenyon Post"}))["title"] == TITLE
        assert fields(meta("og:title", titled), url="https://www.kenyonpost.example/1")["title"] == TITLE


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (SITE + meta("og:title", f"{TITLE} | Politics | Kenyon Post"), f"{TITLE} | Politics"),
        (SITE + meta("og:title", f"{TITLE} | Politics | Kenyon Post") + linked(headline=TITLE), TITLE),
        (SITE + meta("og:title", "Kenyon Post: Bridge opens"), "Bridge opens"),
        (SITE + meta("og:title", "Kenyon Post"), "Kenyon Post"),
        (SITE + meta("og:title", "Kenyon Post wins a prize"), "Kenyon Post wins a prize"),
        (linked(headline="Bridge  opens\n"), "Bridge opens"),
        (linked(headline="Q&amp;A: the bridge"), "Q&A: the bridge"),
        (meta("og:title", "Kenyon Post - Bridge closed") + SITE, "Bridge closed"),
        (meta("og:title", "x" * 600 + " | Kenyon Post") + SITE, "x" * 600 + " | Kenyon Post"),
        ("", "Bridge closed"),
    ],
)
def test_a_title_is_the_headline(head: str, title: str) -> None:
    assert fields(head)["title"] == title


def test_the_sites_name_as_a_heading_is_no_title() -> None:
    logo = "<header><h1>Kenyon Post</h1></header>" + article().replace("h1>", "h2>")
    assert fields(meta("og:title", "Kenyon Post - Bridge opens"), logo)["title"] == "Kenyon Post - Bridge opens"
    assert fields(SITE + meta("og:title", "Kenyon Post - Bridge opens"), logo)["title"] == "Bridge opens"


def test_who_publishes_is_no_address() -> None:
    head = meta("publisher", "https://x.example/kenyon", "name") + linked(publisher={"name": "Kenyon Post"})
    assert fields(head)["source"] == "Kenyon Post"


UNSPACED = {
    "ja": "市は橋に三百万ユーロを費やしたと市長が火曜日に記者団に語った。評議会は長時間の審議の後に予算を承認した。",
    "zh": "市长星期二对记者说，该市为这座桥花费了三百万欧元。市议会在长时间审议后批准了预算。",
    "th": "เมืองใช้เงินสามล้านยูโรกับสะพานนายกเทศมนตรีกล่าวเมื่อวันอังคารหลังจากสภาประชุมกันเป็นเวลานาน",
    "lo": "ເມືອງໄດ້ໃຊ້ເງິນສາມລ້ານເອີໂຣສໍາລັບຂົວເຈົ້າເມືອງກ່າວໃນວັນອັງຄານ",
    "km": "ទីក្រុងបានចំណាយបីលានអឺរ៉ូលើស្ពាននេះអភិបាលក្រុងបាននិយាយនៅថ្ងៃអង្គារ",
    "my": "မြို့တော်သည်တံတားအတွက်ယူရိုသုံးသန်းသုံးစွဲခဲ့သည်ဟုမြို့တော်ဝန်ကပြောသည်",
    "ko": "시는 다리에 삼백만 유로를 썼다고 시장이 화요일 기자들에게 말했다.",
}


@pytest.mark.parametrize("language", UNSPACED)
@pytest.mark.parametrize("count", [1, 6])
def test_pages_in_every_script_are_read(language: str, count: int) -> None:
    paragraphs = [f"{UNSPACED[language]}{number}" for number in range(count)]
    body = "<article>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs) + "</article>"
    (part,) = parse_page(page(body, lang=f' lang="{language}"').encode())
    assert part.why is None
    assert part.fields["language"] == language
    assert [paragraph for paragraph in paragraphs if paragraph not in part.fields["text"]] == []


IN_ENCODINGS = [
    ("utf-8", "Die Brücke für Málaga kostete 3 Millionen Euro, sagte der Bürgermeister am Dienstag."),
    ("cp1251", "Город потратил 3 миллиона евро на новый мост через реку, заявил мэр во вторник журналистам."),
    ("iso8859-7", "Η πόλη ξόδεψε 3 εκατομμύρια ευρώ για τη γέφυρα, είπε ο δήμαρχος την Τρίτη στους δημοσιογράφους."),
    ("shift_jis", UNSPACED["ja"]),
    ("gb18030", UNSPACED["zh"]),
    ("euc-kr", UNSPACED["ko"]),
]


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "us-ascii", "utf-8", "windows-1250", "shift_jis"])
@pytest.mark.parametrize(("encoding", "text"), IN_ENCODINGS, ids=[encoding for encoding, _ in IN_ENCODINGS])
@pytest.mark.parametrize("by_http", [True, False])
def test_a_wrong_declaration_is_seen_through(encoding: str, text: str, declared: str, *, by_http: bool) -> None:
    body = "<article>" + "".join(f"<p>{text} {number}</p>" for number in range(8)) + "</article>"
    head = "" if by_http else f'<meta charset="{declared}">'
    (part,) = parse_page(page(body, head=head).encode(encoding), charset=declared if by_http else None)
    assert text in part.fields["text"].replace("\\u3000", " ")
    assert ("encoding not as declared" in part.mended) == (encoding != declared)


def test_paragraphs_are_those_of_the_page() -> None:
    assert fields()["text"] == "\n".join(("Bridge closed", *PARAGRAPHS))


@pytest.mark.parametrize(
    "head",
    [
        linked(datePublished=MOMENT, dateModified="2026-02-12T08:00:00Z"),
        LINKED + meta("article:modified_time", "2026-02-12T08:00:00Z"),
        LINKED + meta("dateModified", "2026-02-12T08:00:00Z", "itemprop"),
    ],
)
def test_a_page_says_when_it_was_changed(head: str) -> None:
    found = fields(head)
    assert (found["published"], found["updated"]) == (MOMENT, "2026-02-12T08:00:00Z")


def test_a_change_without_a_time_is_none() -> None:
    assert fields(linked(datePublished=MOMENT, dateModified="soon"))["updated"] is None
