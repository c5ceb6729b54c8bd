"""Feeds as the web has them: eight dialects, many encodings, odd dates, broken XML, hostile XML. Made up.

``ODD_FEEDS`` says of each how many articles are in it and how many of its entries have no text.
"""

# ruff: noqa: E501, RUF001  (a table of cases, in the characters of many languages)

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple

SENTENCE = "The council spent 3 million euros on the bridge in 2019, Jane Smith said."


class OddFeed(NamedTuple):
    """A feed: its file's name and bytes, how many articles come out, how many entries are skipped.

    ``reads`` must be found in each article's text. ``articles`` is None where only the number of answers counts: one.
    """

    name: str
    value: bytes
    articles: int | None = 2
    skipped: int = 0
    reads: str = ""


def rss(items: str, *, version: str = "2.0", head: str = "") -> str:
    return (
        f'<rss version="{version}"><channel><title>Kenyon Post</title><link>https://post.example/</link>'
        f"<description>News</description>{head}{items}</channel></rss>"
    )


def item(number: int, text: str = SENTENCE, *, more: str = "") -> str:
    return (
        f"<item><title>Item {number}</title><link>https://post.example/{number}</link>"
        f"<description>{escape(text)}</description>{more}</item>"
    )


def items(text: str = SENTENCE, *, more: str = "") -> str:
    return item(1, text, more=more) + item(2, f"{text} Again.", more=more)


def rss_090(text: str) -> str:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        f"<channel><title>Kenyon Post</title><link>https://post.example/</link></channel>{items(text)}</rdf:RDF>"
    )


def rss_091(text: str) -> str:
    return rss(items(text), version="0.91", head="<language>en-us</language>")


def rss_092(text: str) -> str:
    return rss(items(text, more="<category>Politics</category>"), version="0.92")


def rss_10(text: str) -> str:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://post.example/">'
        "<title>Kenyon Post</title><link>https://post.example/</link><dc:language>en</dc:language></channel>"
        + items(text, more="<dc:creator>Jane Roe</dc:creator><dc:date>2024-05-03T10:00:00+02:00</dc:date>")
        + "</rdf:RDF>"
    )


def rss_20(text: str) -> str:
    more = "<pubDate>Fri, 03 May 2024 10:00:00 +0200</pubDate><author>jane@post.example (Jane Roe)</author>"
    return rss(items(text, more=more), head="<language>en-gb</language>")


def atom_03(text: str) -> str:
    entries = "".join(
        f'<entry><title>Item {number}</title><link rel="alternate" type="text/html" href="https://post.example/{number}"/>'
        f"<id>tag:post.example,2024:{number}</id><issued>2024-05-03T10:00:00Z</issued>"
        f'<modified>2024-05-03T10:00:00Z</modified><content type="text/html" mode="escaped">{escape(text)} {number}</content></entry>'
        for number in (1, 2)
    )
    return f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Kenyon Post</title>{entries}</feed>'


def atom_10(text: str, *, kind: str = "text") -> str:
    body = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(text)}</p></div>' if kind == "xhtml" else escape(text)
    entries = "".join(
        f'<entry><title>Item {number}</title><link href="https://post.example/{number}"/><id>urn:post:{number}</id>'
        f"<updated>2024-05-03T10:00:00Z</updated><author><name>Jane Roe</name></author>"
        f'<content type="{kind}">{body}</content></entry>'
        for number in (1, 2)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Kenyon Post</title>{entries}</feed>'


def cdf(text: str) -> str:
    entries = "".join(
        f'<ITEM HREF="https://post.example/{number}"><TITLE>Item {number}</TITLE><ABSTRACT>{escape(text)} {number}</ABSTRACT></ITEM>'
        for number in (1, 2)
    )
    return f'<CHANNEL HREF="https://post.example/"><TITLE>Kenyon Post</TITLE>{entries}</CHANNEL>'


DIALECTS: dict[str, Callable[[str], str]] = {
    "rss090": rss_090,
    "rss091": rss_091,
    "rss092": rss_092,
    "rss10": rss_10,
    "rss20": rss_20,
    "atom03": atom_03,
    "atom10": atom_10,
    "cdf": cdf,
}
# What is written in an encoding, as Python and as feeds name it.
ENCODED = {
    "utf-8": "Zürich – “90 %” of Malmö’s voters agreed in 2019.",
    "iso-8859-1": "Zürich: 90 % of Malmö agreed in 2019.",
    "iso-8859-15": "The bridge at Málaga cost 3 million € in 2019.",
    "windows-1252": "“Zürich’s” bridge cost 3 million €.",
    "iso-8859-2": "Łódź zapłaciła 3 miliony złotych.",
    "windows-1250": "Škoda prodala 3 miliony vozů.",
    "windows-1251": "Город потратил 3 миллиона евро на мост.",
    "koi8-r": "Город потратил 3 миллиона евро на мост.",
    "iso-8859-7": "Η πόλη ξόδεψε 3 εκατομμύρια ευρώ.",
    "windows-1254": "Şehir köprüye 3 milyon avro harcadı.",
    "windows-1255": "העירייה הוציאה 3 מיליון.",
    "shift_jis": "市は橋に3億円を費やした。",
    "euc-jp": "市は橋に3億円を費やした。",
    "gb2312": "该市花费三百万欧元建桥。",
    "big5": "該市花費三百萬歐元建橋。",
    "euc-kr": "시는 다리에 3백만 유로를 썼다.",
}
DATES = (
    "Fri, 03 May 2024 10:00:00 GMT",
    "Fri, 03 May 24 10:00 EST",
    "2024-05-03",
    "2024-05",
    "2024",
    "2024-05-03T10:00:00",
    "2024-05-03 10:00:00.5 +0200",
    "20240503T100000Z",
    "Fri May  3 10:00:00 2024",
    "3. Mai 2024",
    "yesterday",
    "",
    "0000-00-00T00:00:00Z",
    "9999-99-99T99:99:99Z",
    "1714730400",
    "Fri, 31 Feb 2024 25:61:61 +9999",
)
_DECLARED = '<?xml version="1.0" encoding="{}"?>\n'
_PLAIN = '<?xml version="1.0"?>\n'


def odd_feeds() -> list[OddFeed]:
    """All of them."""
    return [*_dialects(), *_encodings(), *_dates(), *_shapes(), *_broken(), *_hostile()]


def _dialects() -> Iterator[OddFeed]:
    for name, make in DIALECTS.items():
        feed = make(SENTENCE)
        yield OddFeed(f"{name}.xml", (_PLAIN + feed).encode(), reads=SENTENCE)
        yield OddFeed(f"{name}-without-declaration.rss", feed.encode(), reads=SENTENCE)
        yield OddFeed(f"{name}-utf16", (_DECLARED.format("utf-16") + feed).encode("utf-16"), reads=SENTENCE)
        yield OddFeed(f"{name}-html.xml", (_PLAIN + make(f"<p>{SENTENCE}</p>")).encode(), reads=SENTENCE)


def _encodings() -> Iterator[OddFeed]:
    for name, text in ENCODED.items():
        yield OddFeed(f"in-{name}.xml", (_DECLARED.format(name) + rss_20(text)).encode(name), reads=text)
    text = ENCODED["utf-8"]
    yield OddFeed("in-utf-8-sig.xml", (_PLAIN + rss_20(text)).encode("utf-8-sig"), reads=text)
    yield OddFeed("in-utf-32.xml", (_DECLARED.format("utf-32") + rss_20(text)).encode("utf-32"), reads=text)
    yield OddFeed("in-utf-16-le.xml", (_DECLARED.format("utf-16le") + rss_20(text)).encode("utf-16-le"), reads=text)
    yield OddFeed("in-utf-16-be.xml", (_DECLARED.format("utf-16be") + rss_20(text)).encode("utf-16-be"), reads=text)
    undeclared = "Zürich: 90 % of Malmö agreed in 2019."
    yield OddFeed("undeclared-latin-1.xml", (_PLAIN + rss_20(undeclared)).encode("latin-1"), reads=undeclared)
    wrong = (_DECLARED.format("utf-8") + rss_20(undeclared)).encode("latin-1")
    yield OddFeed("says-utf-8-is-latin-1.xml", wrong, reads="90 % of")
    yield OddFeed("says-ascii-is-utf-8.xml", (_DECLARED.format("us-ascii") + rss_20(text)).encode(), reads="90 %")
    yield OddFeed("says-nonsense.xml", (_DECLARED.format("x-nonsense") + rss_20(SENTENCE)).encode(), reads=SENTENCE)
    yield OddFeed("says-base64.xml", (_DECLARED.format("base64") + rss_20(SENTENCE)).encode(), reads=SENTENCE)


def _dates() -> Iterator[OddFeed]:
    for number, date in enumerate(DATES):
        feed = rss(items(more=f"<pubDate>{date}</pubDate>"))
        yield OddFeed(f"date-{number:02}.xml", (_PLAIN + feed).encode(), reads=SENTENCE)


def _shapes() -> Iterator[OddFeed]:
    def feed(name: str, text: str, articles: int | None = 2, skipped: int = 0, reads: str = SENTENCE) -> OddFeed:
        return OddFeed(f"{name}.xml", (_PLAIN + text).encode(), articles, skipped, reads)

    content = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    encoded = f"<content:encoded{content}><![CDATA[<p>{SENTENCE}</p><p>Second.</p>]]></content:encoded>"
    yield feed("no-entries", rss(""), 0, 1)
    yield feed("no-entries-atom", '<feed xmlns="http://www.w3.org/2005/Atom"><title>Empty</title></feed>', 0, 1)
    yield feed(
        "entries-without-text", rss("<item><title>One</title></item><item><link>https://a.example/</link></item>"), 0, 2
    )
    yield feed("one-without-text", rss(item(1) + "<item><title>Two</title></item>"), 1, 1)
    yield feed("empty-items", rss("<item/><item></item>" + item(3)), 1, 2)
    yield feed("content-beside-description", rss(item(1, "Short.", more=encoded)), 1)
    yield feed("cdata", rss(f"<item><description><![CDATA[{SENTENCE}]]></description></item>"), 1)
    yield feed("escaped-twice", rss(item(1, escape(f"<p>{SENTENCE}</p>"))), 1)
    yield feed("entities-twice", rss(item(1, f"{SENTENCE} Q&amp;A &amp;#8217;s")), 1)
    yield feed("xhtml-content", atom_10(SENTENCE, kind="xhtml"))
    yield feed("html-content", atom_10(f"<b>{SENTENCE}</b><script>evil()</script>", kind="html"))
    packed = base64.b64encode(SENTENCE.encode()).decode()
    atom = '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>x</title>{}</entry></feed>'
    yield feed("base64-content", atom.format(f'<content type="text/plain" mode="base64">{packed}</content>'), 1)
    yield feed(
        "base64-broken", atom.format('<content type="text/plain" mode="base64">!!! no base64</content>'), None, 1, ""
    )
    outside = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content src="http://127.0.0.1:9/x" type="text/html"/></entry></feed>'
    yield feed("content-elsewhere", outside, 0, 1)
    relative = f"<item><link>/news/1</link><description>{SENTENCE}</description></item>"
    yield feed(
        "relative-links", f'<rss version="2.0" xml:base="https://base.example/"><channel>{relative}</channel></rss>', 1
    )
    same = "".join(
        f"<item><guid>same</guid><link>https://post.example/{n}</link><description>{SENTENCE}</description></item>"
        for n in (1, 2)
    )
    yield feed("same-guids", rss(same))
    yield feed(
        "prefixed",
        f'<r:rss xmlns:r="http://backend.userland.com/rss2" version="2.0"><r:channel><r:item><r:description>{SENTENCE}</r:description></r:item></r:channel></r:rss>',
        1,
    )
    yield feed("capitals", rss_20(SENTENCE).replace("description>", "DESCRIPTION>"))
    yield feed(
        "netscape-doctype",
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
        + rss_091(f"{SENTENCE} &eacute;"),
    )
    yield feed(
        "title-with-markup",
        rss(f"<item><title>&lt;b&gt;A&lt;/b&gt; &amp;amp; B</title><description>{SENTENCE}</description></item>"),
        1,
    )
    yield feed("language-in-words", rss(items(), head="<language>English (US)</language>"))
    yield feed("without-channel", f'<rss version="2.0">{items()}</rss>')


def _broken() -> Iterator[OddFeed]:
    whole = (_PLAIN + rss_20(SENTENCE)).encode()
    for percent in (35, 60, 75, 90, 99):
        yield OddFeed(f"cut-off-{percent}.xml", whole[: len(whole) * percent // 100], None)
    text = whole.decode()

    def feed(name: str, broken: str | bytes, articles: int | None = 2, reads: str = "") -> OddFeed:
        return OddFeed(
            f"broken-{name}.xml", broken if isinstance(broken, bytes) else broken.encode(), articles, 0, reads
        )

    yield feed("ampersand", text.replace("Jane Smith", "Smith & Sons & Co"))
    yield feed("entity", text.replace("Jane Smith", "Jos&eacute; &nbsp;&nonsense; Smith"))
    yield feed("less-than", text.replace("3 million", "< 3 million"))
    yield feed("unclosed", text.replace("</link>", ""), None)
    yield feed("crossed", text.replace("</title><link>", "<link></title>"), None)
    yield feed("attribute-twice", text.replace("<item>", '<item a="1" a="2">'))
    yield feed("attribute-bare", text.replace("<item>", "<item checked>"))
    yield feed("space-before", "\n\n   " + text)
    yield feed("junk-before", "<!-- served by x -->\n" + text)
    yield feed("junk-after", text + "\n<script>track()</script>")
    yield feed("two-declarations", _PLAIN + text)
    yield feed("controls", text.replace("million", "mil\x08\x0blion"))
    yield feed("nul", text.replace("million", "mil\x00lion"), None)
    yield feed("two-roots", text + rss_20(SENTENCE), None)
    yield feed("bad-bytes", whole.replace(b"million", b"mil\xff\xfe\xfalion"))
    yield feed("surrogates", text.replace("million", "mil&#xD800;lion &#55357;"))
    yield feed("references", text.replace("million", "&#99999999999; &#0; &#x110000; million"))
    yield feed("cdata-open", text.replace("<description>", "<description><![CDATA[", 1), None)
    yield feed("namespace", text.replace("<item>", "<item><media:thing/><dc:creator>Jane</dc:creator>"))
    yield OddFeed("broken-empty.xml", b"", None)
    yield OddFeed("broken-only-declaration.xml", _PLAIN.encode(), None)
    yield OddFeed("broken-no-feed.xml", b"<?xml version='1.0'?><report><line>1</line></report>", None)
    yield OddFeed("broken-words.rss", b"Service unavailable", None)
    yield OddFeed("broken-binary.rss", bytes(range(256)) * 8, None)


def _hostile() -> Iterator[OddFeed]:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{lol}]>'
    yield OddFeed("hostile-laughs.xml", (_PLAIN + laughs + rss(item(1).replace("3 million", "&l9;"))).encode(), None)
    spread = laughs.replace("<!ENTITY", "\n<!ENTITY")
    yield OddFeed(
        "hostile-laughs-lines.xml", (_PLAIN + spread + rss(item(1).replace("3 million", "&l9;"))).encode(), None
    )
    outside = '<!DOCTYPE rss [\n<!ENTITY x SYSTEM "file:///etc/hostname">\n]>'
    yield OddFeed("hostile-file.xml", (_PLAIN + outside + rss(item(1).replace("3 million", "&x;"))).encode(), None)
    elsewhere = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'
    yield OddFeed("hostile-dtd.xml", (_PLAIN + elsewhere + rss(item(1))).encode(), 1, reads=SENTENCE)
    deep = "<div>" * 5000 + SENTENCE + "</div>" * 5000
    yield OddFeed("hostile-deep.xml", (_PLAIN + rss(item(1, deep))).encode(), 1, reads=SENTENCE)
    yield OddFeed(
        "hostile-attributes.xml",
        (_PLAIN + rss(item(1)).replace("<item>", f'<item {"a" * 200_000}="1">')).encode(),
        None,
    )
    yield OddFeed("hostile-open-tags.xml", (_PLAIN + rss(item(1, "<a " * 50_000 + SENTENCE))).encode(), None)


ODD_FEEDS = odd_feeds()
