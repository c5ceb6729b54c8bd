import io
from collections import defaultdict
from html import escape
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_feeds import DIALECTS, ENCODED, ODD_FEEDS, SENTENCE, OddFeed, atom_10, item, items, rss, rss_20

from pipeline.contract.codec import decode_article
from pipeline.contract.field_types import is_rfc3339
from pipeline.contract.ids import text_hash
from pipeline.sources import Found, Skipped, SourceRecord, Unreadable, dates, read_paths
from pipeline.sources.apart import Apart, UnparsableError
from pipeline.sources.formats.feed import NO_ENTRIES, NO_REFERENCE, parse_feed

WHEN = "2031-05-01T10:00:00Z"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Found]]:
    """What a directory of all odd feeds holds, by file."""
    folder = tmp_path_factory.mktemp("feeds")
    for feed in ODD_FEEDS:
        (folder / feed.name).write_bytes(feed.value)
    by_name: dict[str, list[Found]] = defaultdict(list)
    for one in read_paths([str(folder)], stdin=io.BytesIO()):
        by_name[Path(one.name).name.partition("#")[0]].append(one)
    return by_name


def test_there_are_more_than_a_hundred_odd_feeds_of_eight_dialects() -> None:
    assert len({feed.name for feed in ODD_FEEDS}) == len(ODD_FEEDS) > 100
    assert len(DIALECTS) == 8


@pytest.mark.parametrize("feed", ODD_FEEDS, ids=lambda feed: feed.name)
def test_an_odd_feed_gives_its_articles_and_each_entry_is_counted(found: dict[str, list[Found]], feed: OddFeed) -> None:
    answers = found[feed.name]
    articles = [one for one in answers if isinstance(one, SourceRecord)]
    assert answers
    assert not any("cannot be parsed" in one.why for one in answers if isinstance(one, Unreadable))
    if feed.articles is not None:
        assert len(articles) == feed.articles
        assert len([one for one in answers if isinstance(one, Skipped)]) == feed.skipped
    for record in articles:
        article = decode_article(record.value, key=record.key, max_chars=500_000)
        assert feed.reads in article.text
        assert article.id.encode() == record.key


def one(text: str, **known: str) -> dict[str, object]:
    (part,) = parse_feed(text.encode(), **known)
    return {**part.fields, "mended": part.mended, "why": part.why}


def test_an_items_fields_become_those_of_an_article() -> None:
    more = "<pubDate>Fri, 03 May 2024 10:00:00 +0200</pubDate><author>jane@post.example (Jane Roe)</author>"
    article = one(rss(item(1, f"<p>{SENTENCE}</p><p>Q&amp;A.</p>", more=more), head="<language>en-gb</language>"))
    assert article["text"] == f"{SENTENCE}\nQ&A."
    assert (article["title"], article["url"]) == ("Item 1", "https://post.example/1")
    assert (article["source"], article["language"]) == ("Kenyon Post", "en-gb")
    assert (article["authors"], article["published"]) == (["Jane Roe"], "2024-05-03T10:00:00+02:00")
    assert article["mended"] == ()


@pytest.mark.parametrize("guid", ["https://post.example/?p=1", "urn:uuid:1", "tag:post.example,2024:1"])
def test_a_guid_that_is_unique_on_the_web_is_the_id(guid: str) -> None:
    assert one(rss(item(1, more=f"<guid>{guid}</guid>")))["id"] == guid


def test_another_guid_is_unique_in_its_feed_only() -> None:
    first = one(rss(item(1, more="<guid>17</guid>")))["id"]
    other = one(rss(item(1, more="<guid>17</guid>")).replace("https://post.example/<", "https://other.example/<"))["id"]
    again = one(rss(item(1, "Another text.", more="<guid>17</guid>")))["id"]
    assert first == again != other


def test_an_id_that_entries_share_names_none_of_them() -> None:
    parts = parse_feed(rss(items(more="<guid>https://post.example/</guid>")).encode())
    assert [part.fields["id"] for part in parts] == [None, None]
    assert all(part.fields["extra"]["guid"] == "https://post.example/" for part in parts)


def test_an_address_is_resolved_and_only_the_webs_is_taken() -> None:
    relative = rss(item(1)).replace("https://post.example/1", "/news/1").replace("https://post.example/", "")
    assert one(relative, url="https://feeds.example/rss")["url"] == "https://feeds.example/news/1"
    assert one(rss(item(1)).replace("https://post.example/1", "javascript:alert(1)"))["url"] is None


@pytest.mark.parametrize("date", ["next week", "2031-xx-27", "Wed, 31 Feb 2031 22:40:00 +0000", "2031-02-30"])
def test_a_date_that_cannot_be_read_is_kept_beside_with_a_note(date: str) -> None:
    article = one(rss(item(1, more=f"<pubDate>{date}</pubDate>")))
    assert article["published"] is None
    assert article["extra"] == {"published": date, "field_notes": {"published": dates.UNREADABLE}}
    assert article["mended"] == (dates.UNREADABLE,)


def test_what_was_assumed_of_a_date_is_said_beside_it() -> None:
    article = one(rss(item(1, more="<pubDate>19/02/2031 22:40</pubDate>")))
    assert article["published"] == "2031-02-19T22:40:00Z"
    assert article["extra"] == {"published": "19/02/2031 22:40", "field_notes": {"published": dates.NO_ZONE}}


def test_the_feeds_language_settles_a_date() -> None:
    dated = item(1, more="<pubDate>19 listopad 2031 22:40 CET</pubDate>")
    assert one(rss(dated, head="<language>cs</language>"))["published"] == "2031-11-19T22:40:00+01:00"
    assert one(rss(dated, head="<language>hr</language>"))["published"] == "2031-10-19T22:40:00+01:00"


def test_the_first_date_that_can_be_read_counts() -> None:
    both = "<pubDate>soon</pubDate><updated>2031-02-19T22:40:00Z</updated>"
    assert one(rss(item(1, more=both)))["published"] == "2031-02-19T22:40:00Z"


PERSONS = [
    ("desk@wire.{} (Ines Calder)", ["Ines Calder"]),
    ("Ines Calder (desk@wire.{})", ["Ines Calder"]),
    ("Ines Calder <desk@wire.{}>", ["Ines Calder"]),
    ('"Calder, Ines" <desk@wire.{}>', ["Calder, Ines"]),
    ("mailto:desk@wire.{} (Ines Calder)", ["Ines Calder"]),
    ("desk+news@wire.{} Ines Calder", ["Ines Calder"]),
    ("Ines Calder, desk@wire.{}", ["Ines Calder"]),
    ("Ines Calder", ["Ines Calder"]),
    ("By Ines Calder and Theo Lind", ["Ines Calder", "Theo Lind"]),
    ("Ines Calder, Theo Lind", ["Ines Calder", "Theo Lind"]),
    ("Martin Luther King, Jr.", ["Martin Luther King, Jr."]),
    ("Example editor (desk@wire.{})", ["Example editor"]),
    ("Ines Calder (Example Wire)", ["Ines Calder (Example Wire)"]),
    ("desk@wire.{}", []),
    ("<desk@wire.{}>", []),
    ("noreply@wire.{} (Unknown)", []),
    ("https://wire.{}/authors/1", []),
]
TOP_LEVELS = ["org", "info", "example", "co.uk", "photography"]


@pytest.mark.parametrize("top", TOP_LEVELS)
@pytest.mark.parametrize(("written", "names"), PERSONS)
@pytest.mark.parametrize("tag", ["author", "dc:creator"])
def test_an_author_is_a_name_and_never_an_address(tag: str, written: str, names: list[str], top: str) -> None:
    more = f'<{tag} xmlns:dc="http://purl.org/dc/elements/1.1/">{escape(written.format(top))}</{tag}>'
    assert one(rss(item(1, more=more)))["authors"] == names


@pytest.mark.parametrize("top", TOP_LEVELS)
def test_several_authors_are_names_each(top: str) -> None:
    written = (f"desk@wire.{top} (Ines Calder)", f"theo@wire.{top}", f"Mo Ali &lt;mo@wire.{top}&gt;", "Ada Quill")
    more = "".join(f"<author>{author}</author>" for author in written)
    assert one(rss(item(1, more=more)))["authors"] == ["Ines Calder", "Mo Ali", "Ada Quill"]


@pytest.mark.parametrize("top", TOP_LEVELS)
def test_atoms_authors_are_their_names(top: str) -> None:
    def atom(*authors: str) -> str:
        return atom_10(SENTENCE).replace("<author><name>Jane Roe</name></author>", "".join(authors), 1)

    email = f"<email>desk@wire.{top}</email>"
    ines = f"<author><name>Ines Calder</name>{email}</author>"
    theo = f"<author>{email}<name>Theo Lind</name><uri>https://wire.{top}/</uri></author>"
    assert parse_feed(atom(ines).encode())[0].fields["authors"] == ["Ines Calder"]
    assert parse_feed(atom(ines, theo).encode())[0].fields["authors"] == ["Ines Calder", "Theo Lind"]
    assert parse_feed(atom(f"<author>{email}</author>").encode())[0].fields["authors"] == []


@pytest.mark.parametrize(
    ("guid", "url"),
    [
        ("<guid>https://post.example/?p=1</guid>", "https://post.example/?p=1"),
        ('<guid isPermaLink="true">https://post.example/?p=1</guid>', "https://post.example/?p=1"),
        ('<guid isPermaLink="false">https://post.example/?p=1</guid>', None),
        ("<guid>17</guid>", None),
    ],
)
def test_a_guid_is_an_address_where_it_is_a_permalink(guid: str, url: str | None) -> None:
    assert one(rss(f"<item><description>{SENTENCE}</description>{guid}</item>"))["url"] == url
    assert one(rss(item(1, more=guid)))["url"] == "https://post.example/1"


def test_the_encoding_that_http_says_counts() -> None:
    value = rss_20("Zürich").encode("iso-8859-2")
    (first, _) = parse_feed(value, charset="iso-8859-2")
    assert first.fields["text"] == "Zürich"


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "us-ascii", "utf-8"])
@pytest.mark.parametrize("by_http", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
def test_a_wrong_declaration_is_seen_through(encoding: str, declared: str, *, by_http: bool) -> None:
    text = ENCODED["windows-1251"]
    said = "" if by_http else f' encoding="{declared}"'
    value = f'<?xml version="1.0"{said}?>\n{rss_20(text)}'.encode(encoding)
    parts = parse_feed(value, charset=declared if by_http else None)
    assert [part.fields["text"].startswith(text) for part in parts] == [True, True]
    assert all(("encoding not as declared" in part.mended) == (encoding != declared) for part in parts)


def test_what_is_no_feed_says_so() -> None:
    with pytest.raises(UnparsableError, match="neither RSS nor Atom"):
        parse_feed(b"<html><body>Hello</body></html>")


def test_news_in_another_xml_is_named_with_what_to_do() -> None:
    newsml = b'<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><contentSet/></newsItem>'
    with pytest.raises(UnparsableError, match=r"neither RSS nor Atom but NewsML-G2; .* send the item as that, or its"):
        parse_feed(newsml)


def test_a_feed_without_entries_is_skipped(found: dict[str, list[Found]]) -> None:
    (answer,) = found["no-entries.xml"]
    assert isinstance(answer, Skipped)
    assert answer.why == NO_ENTRIES


def test_no_entity_leads_to_a_file(found: dict[str, list[Found]]) -> None:
    hostname = Path("/etc/hostname").read_text(encoding="utf-8").strip() if Path("/etc/hostname").exists() else "root:"
    assert all(hostname not in str(one) for one in found["hostile-file.xml"])


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_whatever_a_feed_holds_it_is_parsed_or_named(noise: bytes, start: int, end: int) -> None:
    whole = rss_20(SENTENCE).encode()
    try:
        parts = parse_feed(whole[:start] + noise + whole[end:])
    except UnparsableError:
        return
    for part in parts:
        orjson.dumps(part.fields)
        published = part.fields.get("published")
        assert published is None or is_rfc3339(published)


def quadratic() -> bytes:
    """An entity of 100 kB that is referred to 100,000 times: 10 GB of text."""
    declared = f'<?xml version="1.0"?>\n<!DOCTYPE rss [\n<!ENTITY a "{"a" * 100_000}">\n]>\n'
    return (declared + rss(f"<item><description>{'&a;' * 100_000}</description></item>")).encode()


def test_an_entity_bomb_is_given_up_and_the_next_feed_is_read() -> None:
    with Apart(seconds=30, memory_bytes=2 * 1024**3) as apart:
        assert len(apart.parse("feed", rss_20(SENTENCE).encode())) == 2  # the child is there
        apart._seconds = 2
        with pytest.raises(UnparsableError, match=r"not parsed within 2 s|memory|broke off"):
            apart.parse("feed", quadratic())
        apart._seconds = 60
        assert len(apart.parse("feed", rss_20(SENTENCE).encode())) == 2


def test_a_tombstone_withdraws_its_entry() -> None:
    entry = f"<entry><id>urn:x:1</id><title>T</title><updated>{WHEN}</updated><content>{SENTENCE}</content></entry>"
    gone = f'<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="{{}}" when="{WHEN}"/>'
    start = '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>F</title>'
    parts = parse_feed(f"{start}{entry}{gone.format('urn:x:2')}{gone.format('')}</feed>".encode())
    assert [part.fields.get("id") for part in parts[:2]] == ["urn:x:1", "urn:x:2"]
    assert (parts[0].fields["updated"], parts[0].fields["text"]) == (WHEN, SENTENCE)
    assert parts[1].fields == {"id": "urn:x:2", "status": "canceled", "updated": WHEN}
    assert parts[2].why == NO_REFERENCE


def test_a_feed_of_tombstones_alone_gives_records_that_withdraw(tmp_path: Path) -> None:
    gone = '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="7" when="{WHEN}"/>'
    feed = tmp_path / "feed.xml"
    feed.write_text(f'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>F</title>{gone}</feed>')
    (record,) = read_paths([str(feed)], stdin=io.BytesIO())
    assert isinstance(record, SourceRecord)
    article = decode_article(record.value, key=record.key, max_chars=100)
    assert (article.id, article.status, article.text) == (text_hash("urn:x", "7"), "canceled", "")
