import io
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from news_pages import NAVIGATION, NEWS_PAGES, PARAGRAPHS, NewsPage, article, page

from pipeline.sources import Skipped, SourceRecord, read_paths
from pipeline.sources.formats.page import NO_BODY, parse_page


@pytest.mark.parametrize("news", NEWS_PAGES, ids=lambda news: news.name)
def test_a_pages_article_is_found_without_its_surroundings(news: NewsPage) -> None:
    (part,) = parse_page(news.html.encode(news.encoding))
    if not news.articles:
        assert part.why == NO_BODY
        return
    text = part.fields["text"].replace("\N{NO-BREAK SPACE}", " ")
    lines = text.split("\n")
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in (text if "table" in news.name else lines)] == []
    assert [name for name in NAVIGATION if name in lines] == []
    for field in ("title", "published", "language"):
        assert getattr(news, field) in {None, part.fields[field]}
    assert news.author is None or part.fields["authors"] == [news.author]


def test_there_are_twenty_pages_with_an_article() -> None:
    assert sum(news.articles for news in NEWS_PAGES) >= 20


def test_pages_in_a_directory_are_articles_or_skipped(tmp_path: Path) -> None:
    for number, news in enumerate(NEWS_PAGES):
        (tmp_path / f"{number:02}.html").write_bytes(news.html.encode(news.encoding))
    found = list(read_paths([str(tmp_path)], stdin=io.BytesIO(), source="Wire"))
    assert len(found) == len(NEWS_PAGES)
    records = [one for one in found if isinstance(one, SourceRecord)]
    assert len(records) == sum(news.articles for news in NEWS_PAGES)
    assert {orjson.loads(record.value)["source"] for record in records} == {"Wire"}
    assert [one.why for one in found if isinstance(one, Skipped)] == [NO_BODY, NO_BODY]


def test_the_address_that_a_page_came_from_counts_not_what_it_says() -> None:
    html = page(article(), head='<link rel="canonical" href="https://other.example/x">').encode()
    assert parse_page(html)[0].fields["url"] == "https://other.example/x"
    assert parse_page(html, url="https://real.example/y")[0].fields["url"] == "https://real.example/y"


def test_without_a_date_there_is_none() -> None:
    (part,) = parse_page(page(article()).encode())
    assert part.fields["published"] is None
    assert part.mended == ("date missing",)


@given(st.binary(max_size=200), st.integers(0, 900))
def test_whatever_a_page_holds_it_is_parsed(noise: bytes, place: int) -> None:
    whole = page(article()).encode()
    (part,) = parse_page(whole[:place] + noise + whole[place:])
    orjson.dumps(part.fields)
