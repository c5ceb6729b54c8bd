"""``claimwire push --watch`` on a real broker: what is new is pushed, once, whoever is killed and whenever."""

import http.server
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest
from waiting import PATIENCE_S, wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.contract.events import ArticleV1
from pipeline.settings import shipped
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import EventReader
from pipeline.streaming.kafka.topics import create_topics, load_topics


class Site:
    """A folder that is watched, the state beside it, and the topic that its articles go to."""

    def __init__(self, kafka: str, prefix: str, folder: Path) -> None:
        self.connection, self.prefix = Connection((kafka,)), prefix
        self.inbox, self.state, self.log = folder / "inbox", folder / "state", folder / "log"
        self.inbox.mkdir()
        self.environ = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": kafka, "CLAIMWIRE_KAFKA_PREFIX": prefix}

    def start(self, *paths: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "pipeline", "push", "--watch", *(paths or [str(self.inbox)])]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*command, "--state", str(self.state), "--settle", "0.5", "--json"],
                env=self.environ,
                stdout=log,
                stderr=log,
            )

    @contextmanager
    def watching(self, *paths: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Until it is stopped by Ctrl-C, which ends it with 0."""
        process = self.start(*paths)
        try:
            yield process
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0, self.log.read_text()
        finally:
            process.kill()
            process.wait()

    def pushed(self) -> Counter[str]:
        """How often each text is on the topic."""
        with EventReader(self.connection, ArticleV1, prefix=self.prefix, start="beginning") as reader:
            return Counter(article.text.strip() for _, article in reader.until_end())

    def await_pushed(self, *texts: str) -> None:
        wait_until(lambda: set(texts) <= self.pushed().keys(), says=self.log.read_text)

    def await_ready(self, times: int = 1) -> None:
        wait_until(lambda: self.log.read_text().count("watching for articles") >= times, says=self.log.read_text)

    def write(self, name: str, *texts: str) -> None:
        """As careful writers do: under a name that is passed over, and then renamed."""
        hidden = self.inbox / f".{name}"
        hidden.write_text("".join(f'{{"text":"{text}"}}\n' for text in texts))
        hidden.rename(self.inbox / name)


@pytest.fixture
def site(kafka: str, topic_prefix: str, tmp_path: Path) -> Site:
    topics = load_topics(shipped("config") / "topics.toml", prefix=topic_prefix, partitions=2)
    create_topics(Connection((kafka,)), topics)
    return Site(kafka, topic_prefix, tmp_path)


def test_what_is_there_and_what_comes_is_pushed_once_whatever_becomes_of_the_files(site: Site) -> None:
    site.write("a.jsonl", "One.", "Two.")
    with site.watching():
        site.await_pushed("One.", "Two.")
        (site.inbox / "deep").mkdir()
        (site.inbox / "deep" / "b.txt").write_text("Three.")
        (site.inbox / "a.jsonl").rename(site.inbox / "renamed.jsonl")
        site.await_pushed("Three.")
        (site.inbox / "deep" / "b.txt").unlink()
        with (site.inbox / "renamed.jsonl").open("a") as file:
            file.write('{"text":"Four."}\n')
        shutil.copy(site.inbox / "renamed.jsonl", site.inbox / "copy.jsonl")
        site.await_pushed("Four.")
    with site.watching():
        site.await_ready(2)
        site.write("c.jsonl", "One.", "Five.")
        site.await_pushed("Five.")
    assert site.pushed() == dict.fromkeys(["One.", "Two.", "Three.", "Four.", "Five."], 1)
    summaries = [line for line in site.log.read_text().splitlines() if line.startswith('{"summary"')]
    assert [orjson.loads(line)["summary"]["pushed"] for line in summaries] == [4, 1]


def test_a_file_that_is_still_written_waits_until_it_is_whole(site: Site) -> None:
    with site.watching():
        site.await_ready()
        with (site.inbox / "slow.txt").open("w") as file:
            for part in ["A long", " story", " that", " comes", " in", " parts."]:
                file.write(part)
                file.flush()
                time.sleep(0.2)
        site.await_pushed("A long story that comes in parts.")
    assert site.pushed() == {"A long story that comes in parts.": 1}


@pytest.mark.slow
def test_killed_between_commit_and_state_it_pushes_nothing_twice(site: Site) -> None:
    site.write("a.jsonl", "One.")
    with site.watching():
        site.await_pushed("One.")
    before = site.state.read_bytes()
    site.write("b.jsonl", "Two.", "Three.")
    process = site.start()
    site.await_pushed("Two.", "Three.")
    process.kill()
    process.wait()
    for file in site.state.parent.glob("state*"):
        file.unlink()
    site.state.write_bytes(before)  # as if it had never come to write
    with site.watching():
        site.await_ready(3)
        site.write("c.jsonl", "Four.")
        site.await_pushed("Four.")
    assert site.pushed() == dict.fromkeys(["One.", "Two.", "Three.", "Four."], 1)


def test_without_its_state_it_learns_from_the_topic(site: Site) -> None:
    site.write("a.jsonl", "One.", "Two.")
    with site.watching():
        site.await_pushed("One.", "Two.")
    site.state.unlink()
    site.write("b.jsonl", "Three.")
    with site.watching():
        site.await_pushed("Three.")
    assert site.pushed() == dict.fromkeys(["One.", "Two.", "Three."], 1)


@pytest.mark.slow
def test_killed_again_and_again_under_load_each_article_is_pushed_once(site: Site) -> None:
    chance = random.Random(7)  # noqa: S311  (of a test)
    wanted = {f"Article {number} of file {file}." for file in range(120) for number in range(chance.randint(1, 9))}
    by_file: dict[str, list[str]] = {}
    for text in sorted(wanted):
        by_file.setdefault(text.split()[-1], []).append(text)

    def write() -> None:
        for name, texts in by_file.items():
            site.write(f"{name}jsonl", *texts)
            time.sleep(0.15)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(6):
        said = site.log.stat().st_size if site.log.exists() else 0
        process = site.start()
        wait_until(
            lambda said=said: b'"error"' in site.log.read_bytes()[said:] or not writer.is_alive(),  # type: ignore[misc]
            says=site.log.read_text,
        )
        time.sleep(chance.uniform(0.0, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    writer.join()
    with site.watching():
        site.await_pushed(*wanted)
    assert site.pushed() == dict.fromkeys(wanted, 1)


def test_two_do_not_share_a_state(site: Site) -> None:
    with site.watching():
        site.await_ready()
        second = site.start()
        assert second.wait(PATIENCE_S) == 2
        assert "another `claimwire push --watch` has the state" in site.log.read_text()


def test_a_second_one_with_a_state_of_its_own_is_refused_and_nothing_is_pushed_twice(site: Site) -> None:
    with site.watching():
        site.await_ready()
        first, site.state = site.state, site.state.with_name("another")
        second = site.start(str(site.inbox.parent))
        assert second.wait(PATIENCE_S) == 2
        assert "another push --watch watches" in site.log.read_text()
        site.state = first
        site.write("a.jsonl", "One.")
        site.await_pushed("One.")
        assert site.pushed() == {"One.": 1}


def test_a_state_of_another_topic_is_refused(site: Site, kafka: str, tmp_path: Path) -> None:
    with site.watching():
        site.await_ready()
    other = f"other-{site.prefix}"
    create_topics(Connection((kafka,)), load_topics(shipped("config") / "topics.toml", prefix=other, partitions=1))
    site.environ["CLAIMWIRE_KAFKA_PREFIX"] = other
    assert site.start().wait(PATIENCE_S) == 2
    assert "to another topic" in (tmp_path / "log").read_text()


class Feed(http.server.BaseHTTPRequestHandler):
    """A feed at an address, which says whether it has changed."""

    entries: tuple[str, ...] = ("One.",)
    answers: Counter[int]

    def do_GET(self) -> None:
        etag = f'"{len(self.entries)}"'
        code = 304 if self.headers["If-None-Match"] == etag else 200
        items = "".join(
            f"<item><guid>urn:x:{entry}</guid><description>{entry}</description></item>" for entry in self.entries
        )
        self.send_response(code)
        self.send_header("ETag", etag)
        self.end_headers()
        self.answers[code] += 1
        if code == 200:
            self.wfile.write(f'<rss version="2.0"><channel><title>Post</title>{items}</channel></rss>'.encode())

    def log_message(self, *_: object) -> None:
        pass


def test_an_address_is_read_again_and_only_what_is_new_is_pushed(site: Site) -> None:
    Feed.answers = Counter()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/feed"
        with site.watching(url, "--allow-urls", "--every", "1"):
            site.await_pushed("One.")
            wait_until(lambda: Feed.answers[304] > 1, says=site.log.read_text)
            Feed.entries = ("Two.", "One.")
            site.await_pushed("Two.")
        asked = Feed.answers[200]
        with site.watching(url, "--allow-urls", "--every", "1"):
            wait_until(lambda: Feed.answers[304] > 3, says=site.log.read_text)
        assert Feed.answers[200] == asked == 2  # the next start remembers what it was given
        server.shutdown()
    assert site.pushed() == {"One.": 1, "Two.": 1}


@pytest.mark.slow
def test_while_kafka_is_away_it_waits_and_then_goes_on(
    own_kafka: EmbeddedKafka, topic_prefix: str, tmp_path: Path
) -> None:
    topics = load_topics(shipped("config") / "topics.toml", prefix=topic_prefix, partitions=1)
    create_topics(Connection((own_kafka.bootstrap,)), topics)
    site = Site(own_kafka.bootstrap, topic_prefix, tmp_path)
    with site.watching():
        site.write("a.jsonl", "One.")
        site.await_pushed("One.")
        own_kafka.stop()
        site.write("b.jsonl", "Two.")
        wait_until(lambda: "trying again" in site.log.read_text(), says=site.log.read_text)
        own_kafka.start()
        site.await_pushed("One.", "Two.")
    assert site.pushed() == {"One.": 1, "Two.": 1}
