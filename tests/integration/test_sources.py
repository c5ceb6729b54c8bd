"""What people have, by ``claimwire push`` onto a real broker: odd feeds, news pages, dates to come; each is counted."""

from collections import Counter
from pathlib import Path

import orjson
from commands import new_cli
from news_pages import NEWS_PAGES
from odd_feeds import ODD_FEEDS

from pipeline.contract.events import ArticleV1
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import EventReader

LATE = "<item><guid>urn:x:late</guid><description>One.</description><pubDate>1 May 2199 10:00 GMT</pubDate></item>"


def test_odd_feeds_and_pages_are_pushed_and_each_article_is_counted(kafka: str, tmp_path: Path) -> None:
    for feed in ODD_FEEDS:
        (tmp_path / feed.name).write_bytes(feed.value)
    for number, news in enumerate(NEWS_PAGES):
        (tmp_path / f"page{number:02}.html").write_bytes(news.html.encode(news.encoding))
    assert len(ODD_FEEDS) > 100
    assert len(NEWS_PAGES) > 20
    cli = new_cli(kafka)
    result = cli.run("push", str(tmp_path), "--json", timeout_s=250)
    said = result.stderr.decode()
    assert "Traceback" not in said
    assert result.returncode == 0, said
    *pushed, last = [orjson.loads(line) for line in result.stdout.splitlines()]
    summary = last["summary"]

    by_file = Counter(Path(entry["name"]).name.partition("#")[0] for entry in pushed)
    expected = {feed.name: feed.articles for feed in ODD_FEEDS if feed.articles}
    expected |= {f"page{number:02}.html": 1 for number, news in enumerate(NEWS_PAGES) if news.articles}
    assert {name: by_file[name] for name in expected} == expected
    named = {Path(line.split(": ")[1]).name.partition("#")[0] for line in said.splitlines() if ": " in line}
    assert {path.name for path in tmp_path.iterdir()} <= by_file.keys() | named  # none is passed over in silence

    with EventReader(
        Connection((kafka,)), ArticleV1, prefix=cli.environ["CLAIMWIRE_KAFKA_PREFIX"], start="beginning"
    ) as reader:
        on_topic = {(record.partition, record.offset): article.id for record, article in reader.until_end()}
    assert on_topic == {(entry["partition"], entry["offset"]): entry["key"] for entry in pushed}
    assert summary["read"] == summary["pushed"] == len(pushed) == len(on_topic)
    assert summary["failed"] == summary["unreadable"] == said.count("not read: ")
    assert sum(summary["skipped"].values()) == said.count("skipped: ")


def test_articles_from_the_future_are_counted(kafka: str, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(f'<rss version="2.0"><channel><title>Post</title>{LATE}</channel></rss>')
    (tmp_path / "a.jsonl").write_text(
        '{"text":"Two.","published":"2199-05-01T10:00:00Z"}\n{"text":"Three.","published":"2024-05-01T10:00:00Z"}\n'
    )
    (tmp_path / "b.csv").write_text("text,date\nFour.,2199-05-01\n")
    *_, last = new_cli(kafka).json("push", str(tmp_path))
    assert last["summary"]["pushed"] == 4
    assert last["summary"]["mended"]["date in the future"] == 3
