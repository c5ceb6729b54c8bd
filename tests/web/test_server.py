"""The page's server, asked as a browser would, on a real Kafka."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from chain import Chain
from live_page import Site, served
from waiting import wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.errors import FatalError

WAIT_S = 150


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


def ask(
    url: str, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: str | None = None
) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        return Answer(connection.getresponse())
    finally:
        connection.close()


def article(name: str, text: str) -> bytes:
    return orjson.dumps({"id": name, "text": text, "source": "Example Wire", "title": f"Title of {name}"})


def claims_of(site: Site, name: str) -> list[dict[str, Any]]:
    claims = ask(site.url, "/api/claims").json["claims"]
    return [claim for claim in claims if claim["id"].startswith(f"{name}:")]


def test_claims_come_with_source_speaker_score_and_types_and_lead_to_their_article(site: Site) -> None:
    site.chain.push([article("http-1", "Unemployment fell to 4 percent in 2015, Jane Smith said on Monday.")])
    (claim,) = wait_until(lambda: claims_of(site, "http-1"))
    assert (claim["source"], claim["speaker"], claim["label"]) == ("Example Wire", "Jane Smith", "CFS")
    assert claim["score"] >= 0.5
    assert "quantity" in claim["types"]
    assert claim["reasons"]
    page = ask(site.url, f"/articles/{claim['article']}")
    assert page.status == 200
    assert f'id="s{claim["sentence"]}"' in page.text
    assert "Title of http-1" in page.text


def test_an_article_that_is_no_longer_in_memory_is_read_from_kafka(site: Site) -> None:
    site.chain.push([article("http-2", "Unemployment fell to 5 percent in 2016, John Doe said on Friday.")])
    (claim,) = wait_until(lambda: claims_of(site, "http-2"))
    for number in range(6):  # a page that starts then has only the last three of a partition in memory
        site.chain.push([article(f"later-{number}", "Wages fell by 2 percent in 2018, Ann Black said.")])
    wait_until(lambda: claims_of(site, "later-5"))
    with served(site.chain.bootstrap, site.chain.prefix) as (address, _):
        for path in (f"/articles/{claim['article']}", f"/articles/{claim['article']}?t={claim['time']}"):
            assert "5 percent" in ask(address, path).text
        assert ask(address, "/articles/0/999999").status == 404


@pytest.mark.parametrize("path", ["/", "/lag", "/rejected", "/nothing", "/api/claims", "/static/claims.js", "/healthz"])
def test_every_answer_binds_the_browser(site: Site, path: str) -> None:
    headers = ask(site.url, path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/lag", "/rejected"])
def test_no_page_has_inline_code_or_asks_another_host(site: Site, path: str) -> None:
    page = ask(site.url, path).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert re.findall(r"<script[^>]*>[^<]", page) == []
    assert [
        address for address in re.findall(r'(?:src|href)="([^"]*)"', page) if not address.startswith(("/", "#"))
    ] == []


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:8765", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
def test_a_name_that_dns_could_point_here_is_refused(site: Site, host: str, status: int) -> None:
    assert ask(site.url, "/api/claims", headers={"Host": host}).status == status


def rejected(site: Site, value: bytes) -> str:
    """The address of the page of a record that is pushed and rejected."""
    partition, offset = site.chain.push([value])[0]
    where = f"{site.chain.prefix}news.articles/{partition}/{offset}"

    def look() -> str | None:
        for address in re.findall(r'href="(/rejected/\d+/\d+)"', ask(site.url, "/rejected?all=1").text):
            if where in ask(site.url, address).text:
                return str(address)
        return None

    return str(wait_until(look))


def test_a_rejected_record_is_shown_and_saved_byte_by_byte(site: Site) -> None:
    address = rejected(site, b'{"text": "caf\xe9 <b>"}')
    page = ask(site.url, address).text
    assert "bad-encoding" in page
    assert "63 61 66 e9" in page
    saved = ask(site.url, f"{address}/raw")
    assert saved.body == b'{"text": "caf\xe9 <b>"}'
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_a_replay_needs_this_pages_own_form(site: Site) -> None:
    address = rejected(site, b"{broken")
    token = re.findall(r'name="token" value="([^"]+)"', ask(site.url, address).text)[0]
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.url}

    def send(headers: Mapping[str, str], body: str) -> int:
        return ask(site.url, f"{address}/replay", method="POST", headers=headers, body=body).status

    assert send({**form, "Origin": "http://evil.example"}, f"token={token}") == 403
    assert send({"Content-Type": form["Content-Type"]}, f"token={token}") == 403
    assert send({**form, "Sec-Fetch-Site": "cross-site"}, f"token={token}") == 403
    assert send(form, "token=guessed") == 403
    assert ask(site.url, f"{address}/replay").status == 405
    assert "<dd>open</dd>" in ask(site.url, address).text
    assert send(form, f"token={token}") == 303
    assert "<dd>replayed</dd>" in ask(site.url, address).text


def test_up_has_the_page_too_without_replay_and_stops_with_it(site: Site) -> None:
    options = ("--workers", "0", "--web", "0")
    with served(site.chain.bootstrap, site.chain.prefix, *options, command="up") as (address, process):
        answer = ask(address, "/rejected/0/0/replay", method="POST", headers={"Origin": address})
        assert answer.status == 403
        assert "--allow-replay" in answer.text
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_port_that_is_taken_is_one_line(site: Site) -> None:
    command = [sys.executable, "-m", "pipeline", "web", "--bootstrap", site.chain.bootstrap]
    result = subprocess.run(
        [*command, "--port", str(urlsplit(site.url).port)], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 2
    assert "see --port" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_the_page_waits_for_kafka_and_comes_by_itself(kafka: str, tmp_path: Path) -> None:
    del kafka  # skipped where there is none; this test has its own
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bootstrap = f"127.0.0.1:{port}"
    with served(bootstrap, "") as (address, _):
        trouble = wait_until(lambda: ask(address, "/healthz").json["trouble"])
        assert f"no Kafka broker answers at {bootstrap}" in trouble
        assert ask(address, "/").status == 200
        assert ask(address, "/rejected").status == 503
        with EmbeddedKafka(tmp_path / "kafka", environ=os.environ, port=port), Chain(bootstrap, "", tmp_path):
            wait_until(lambda: ask(address, "/healthz").json["kafka"])


@pytest.mark.slow
def test_a_kafka_that_is_killed_and_comes_back_is_followed_on(kafka: str, tmp_path: Path) -> None:
    del kafka  # skipped where there is none; this test has its own
    with EmbeddedKafka(tmp_path / "kafka", environ=os.environ) as first:
        port, bootstrap = first.port, first.bootstrap
        with Chain(bootstrap, "", tmp_path), served(bootstrap, "") as (url, process):
            wait_until(lambda: ask(url, "/api/claims").status == 200)
            os.kill(first.pid, signal.SIGKILL)
            with pytest.raises(FatalError):
                first.wait()
            first.stop()
            with EmbeddedKafka(tmp_path / "kafka", environ=os.environ, port=port):
                chain = Chain(bootstrap, "", tmp_path)
                chain.push([article("http-back", "Exports rose by 9 percent in 2014, Jane Smith said.")])
                chain.start("w0", "--real")
                wait_until(lambda: claims_of(Site(url, chain), "http-back"))
                assert process.poll() is None
                chain.stop("w0")


def test_the_command_serves_until_it_is_told_to_stop(site: Site) -> None:
    with served(site.chain.bootstrap, site.chain.prefix) as (address, process):
        wait_until(lambda: ask(address, "/healthz").json["kafka"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
