import gzip
import io
from pathlib import Path

import orjson
from news_pages import article, page
from odd_feeds import SENTENCE, rss_20

from pipeline.sources import Skipped, SourceRecord, Unreadable, read_paths


def record(kind: str, content_type: str, body: bytes, url: str = "") -> bytes:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: 2024-05-03T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def response(url: str, content_type: str, body: bytes, status: str = "200 OK") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return record("response", "application/http; msgtype=response", http.encode() + body, url)


def warc(*, packed: bool) -> bytes:
    records = [
        record("warcinfo", "application/warc-fields", b"software: test\r\n"),
        response("https://post.example/bridge", "text/html; charset=windows-1252", page(article()).encode("cp1252")),
        response("https://post.example/rss", "application/rss+xml", rss_20(SENTENCE).encode()),
        response("https://post.example/logo", "image/png", b"\x89PNG"),
        response("https://post.example/gone", "text/html", b"<p>Gone</p>", "404 Not Found"),
        record("conversion", "text/plain", SENTENCE.encode(), "https://post.example/text"),
    ]
    return b"".join(gzip.compress(one) if packed else one for one in records)


def test_the_pages_feeds_and_texts_of_a_web_archive_are_read(tmp_path: Path) -> None:
    for name in ("a.warc", "b.warc.gz"):
        (tmp_path / name).write_bytes(warc(packed=name.endswith("gz")))
        found = list(read_paths([str(tmp_path / name)], stdin=io.BytesIO()))
        urls = [orjson.loads(one.value)["url"] for one in found if isinstance(one, SourceRecord)]
        assert urls == [
            "https://post.example/bridge",
            "https://post.example/1",
            "https://post.example/2",
            "https://post.example/text",
        ]
        assert [one.detail for one in found if isinstance(one, Skipped)] == [
            "warcinfo",
            "200 image/png",
            "404 text/html",
        ]
        assert (
            "“It is not safe,”"
            in orjson.loads(next(one.value for one in found if isinstance(one, SourceRecord)))["text"]
        )


def test_a_damaged_web_archive_is_named(tmp_path: Path) -> None:
    whole = warc(packed=False)
    (tmp_path / "a.warc").write_bytes(whole[:3000] + b"XXXX" + whole[3600:])
    (tmp_path / "b.warc").write_bytes(b"no web archive at all\n" * 10)
    found = list(read_paths([str(tmp_path)], stdin=io.BytesIO()))
    assert any(isinstance(one, Unreadable) and "not a web archive" in one.why for one in found if "b.warc" in one.name)
    assert any(isinstance(one, SourceRecord) for one in found)
