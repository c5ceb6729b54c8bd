"""Documents at URLs, from real servers on the loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.errors import UsageError
from pipeline.sources.documents import Document
from pipeline.sources.fetch import fetch
from pipeline.sources.found import Unreadable
from pipeline.sources.paths import check_paths
from pipeline.sources.public_addresses import is_public


class Site(ThreadingHTTPServer):
    """Answers with its text, or redirects where it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.redirects: dict[str, str] = {}
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        target = self.server.redirects.get(self.path)
        self.send_response(302 if target else 200)
        if target:
            self.send_header("Location", target)
        self.end_headers()
        self.wfile.write(b"" if target else b"inside")

    def log_message(self, *_args: object) -> None:
        pass


def _serve() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield site
        site.shutdown()
        thread.join()


named = pytest.fixture(_serve)
other = pytest.fixture(_serve)


def text_of(found: Document | Unreadable) -> str:
    return found.why if isinstance(found, Unreadable) else found.stream.read(100).decode()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.0.0.1."]
)
@pytest.mark.parametrize("hops", [1, 2])
def test_a_redirect_to_this_machine_is_refused_unless_asked_for(named: Site, other: Site, host: str, hops: int) -> None:
    target = f"http://{host}:{other.server_port}/secret"
    named.redirects = {"/1": "/2", "/2": target} if hops == 2 else {"/1": target}
    assert "redirects to" in text_of(fetch(f"{named.url}/1"))
    assert other.asked == []
    if host in {"127.0.0.1", "localhost"}:
        assert text_of(fetch(f"{named.url}/1", allow_private=True)) == "inside"


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "[fd00::1]", "[::1]", "224.0.0.1"])
def test_a_redirect_to_a_private_network_is_refused(named: Site, host: str) -> None:
    named.redirects = {"/": f"http://{host}/latest/meta-data/"}
    assert "private network: see --allow-private" in text_of(fetch(f"{named.url}/"))


def test_a_redirect_on_the_host_that_the_user_named_is_followed(named: Site) -> None:
    named.redirects = {"/old": "/new", "/older": f"{named.url}/old"}
    assert text_of(fetch(f"{named.url}/older")) == "inside"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:hunter2@127.0.0.1/"])
def test_a_redirect_to_what_is_no_plain_web_address_is_refused(named: Site, target: str) -> None:
    named.redirects = {"/": target}
    why = text_of(fetch(f"{named.url}/"))
    assert "302" in why or "redirects to something" in why
    assert "hunter2" not in why


@pytest.mark.parametrize("allow_urls", [True, False])
def test_a_url_with_a_password_is_refused_and_not_shown(*, allow_urls: bool) -> None:
    with pytest.raises(UsageError, match="user name or a password") as caught:
        check_paths(["https://user:hunter2@news.example/rss"], allow_urls=allow_urls)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.1", False),
        ("224.0.0.251", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd12::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
    ],
)
def test_addresses_of_this_machine_and_of_private_networks_are_not_public(address: str, *, public: bool) -> None:
    assert is_public(address) is public
