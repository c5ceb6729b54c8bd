"""News pages as sites make them: twenty kinds of markup around one made-up article, each with its surroundings."""

# ruff: noqa: E501  (a table of cases)

from __future__ import annotations

from typing import NamedTuple

PARAGRAPHS = (
    "The council of Kenyon spent 3 million euros on the new bridge in 2019, twice as much as planned, its auditor found.",
    "“It is not safe,” said Mary Major, the mayor, after engineers had found cracks in 14 of its 20 piers on Monday.",
    "Repairs will take two years and cost 1.2 million euros more, according to a report that was published this week.",
)
MENU = '<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/weather">Weather</a></li></ul></nav>'
FOOTER = '<footer><p>Copyright Kenyon Post. All rights reserved. <a href="/terms">Terms</a></p></footer>'
NAVIGATION = ("Home", "Weather", "All rights reserved")


class NewsPage(NamedTuple):
    """A page, and what must come of it; ``encoding`` is what it is written in."""

    name: str
    html: str
    encoding: str = "utf-8"
    title: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    articles: int = 1


def page(body: str, *, head: str = "", lang: str = ' lang="en"') -> str:
    return f"<!DOCTYPE html><html{lang}><head><title>Bridge closed - Kenyon Post</title>{head}</head><body>{MENU}{body}{FOOTER}</body></html>"


def paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in PARAGRAPHS)


def article(inside: str = "") -> str:
    return f"<article><h1>Bridge closed</h1>{inside}{paragraphs()}</article>"


def _json_ld(date: str) -> str:
    return (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Bridge closed",'
        f'"datePublished":"{date}","author":{{"@type":"Person","name":"Jane Roe"}}}}</script>'
    )


def _time(date: str) -> str:
    return f'<time datetime="{date}">3 May 2024</time>'


NEWS_PAGES = (
    NewsPage("plain", page(article()), language="en"),
    NewsPage(
        "og",
        page(
            article(),
            head='<meta property="og:title" content="Bridge closed"><meta property="article:published_time" content="2024-05-03T10:11:12+02:00">',
        ),
        title="Bridge closed",
        published="2024-05-03T10:11:12+02:00",
    ),
    NewsPage(
        "json-ld",
        page(article(), head=_json_ld("2024-05-03T10:11:12Z")),
        author="Jane Roe",
        published="2024-05-03T10:11:12Z",
    ),
    NewsPage("time", page(article(_time("2024-05-03T10:11:12Z"))), published="2024-05-03T10:11:12Z"),
    NewsPage("day-only", page(article(_time("2024-05-03"))), published="2024-05-03T00:00:00Z"),
    NewsPage("author-meta", page(article(), head='<meta name="author" content="Jane Roe">'), author="Jane Roe"),
    NewsPage("main-without-article", page(f"<main><h1>Bridge closed</h1>{paragraphs()}</main>")),
    NewsPage("divs", page(f'<div class="content"><div class="article-body">{paragraphs()}</div></div>')),
    NewsPage(
        "tables-of-1999",
        page(
            f'<table width="600"><tr><td bgcolor="#eee">{MENU}</td><td><font size="2">{paragraphs()}</font></td></tr></table>'
        ),
    ),
    NewsPage(
        "old-encoding",
        page(article(), head='<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'),
        "windows-1252",
    ),
    NewsPage("new-encoding-tag", page(article(), head='<meta charset="utf-8">')),
    NewsPage("utf-16", page(article()), "utf-16"),
    NewsPage(
        "xhtml",
        f'<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>Bridge closed</title></head><body>{article()}</body></html>',
    ),
    NewsPage("unclosed", page(article()).replace("</p>", "").replace("</article>", "").replace("</li>", "")),
    NewsPage(
        "comments",
        page(
            article()
            + '<section class="comments" id="comments"><h2>Comments</h2><div class="comment"><p>I disagree with all of it, says a reader named Bob.</p></div></section>'
        ),
    ),
    NewsPage("scripts", page(article("<script>var text = 'evil';</script><style>p { color: red }</style>"))),
    NewsPage(
        "entities", page(article()).replace("“", "&ldquo;").replace("”", "&rdquo;").replace(" euros", "&nbsp;euros")
    ),
    NewsPage(
        "figure",
        page(
            article(
                '<figure><img src="bridge.jpg" alt="The bridge"><figcaption>The bridge on Monday</figcaption></figure>'
            )
        ),
    ),
    NewsPage(
        "related-links",
        page(
            article()
            + '<aside class="related"><h3>More</h3><ul><li><a href="/a">Sport results</a></li><li><a href="/b">Weather today</a></li></ul></aside>'
        ),
    ),
    NewsPage("other-language", page(article(), lang=' lang="de-AT"'), language="de-AT"),
    NewsPage("only-navigation", page(""), articles=0),
    NewsPage("empty-body", "<html><head><title>x</title></head><body></body></html>", articles=0),
)
