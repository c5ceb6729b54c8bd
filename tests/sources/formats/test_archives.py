import gzip
import io
import zipfile
from pathlib import Path

import pytest
from news_pages import article, page
from odd_feeds import SENTENCE, rss_20

from pipeline.sources import Found, Skipped, SourceRecord, Unreadable, read_paths
from pipeline.sources.formats import archives

LINES = b'{"text":"1"}\n{"text":"2"}\n'


def read(path: Path | str, stdin: bytes = b"") -> list[Found]:
    return list(read_paths([str(path)], stdin=io.BytesIO(stdin)))


def values(found: list[Found]) -> list[bytes]:
    return [one.value for one in found if isinstance(one, SourceRecord)]


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, value in members.items():
            archive.writestr(name, value)
    return file.getvalue()


@pytest.mark.parametrize("name", ["a.jsonl.gz", "A.JSONL.GZ", "lines.gz"])
def test_a_compressed_file_is_what_it_was(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(LINES) + gzip.compress(b'{"text":"3"}\n'))
    assert values(read(tmp_path / name)) == [b'{"text":"1"}', b'{"text":"2"}', b'{"text":"3"}']


def test_a_zip_holds_what_a_directory_may_hold_but_for_another_zip(tmp_path: Path) -> None:
    members = {
        "news/feed.xml": rss_20(SENTENCE).encode(),
        "lines.jsonl.gz": gzip.compress(LINES),
        ".hidden/a.txt": b"No.",
        "page.html": page(article()).encode(),
        "z.zip": zipped({"y.zip": zipped({"x.zip": zipped({"a.txt": b"Deep."})})}),
        "picture.png": b"\x89PNG\0",
    }
    (tmp_path / "a.zip").write_bytes(zipped(members))
    found = read(tmp_path / "a.zip")
    names = [one.name.removeprefix(f"{tmp_path}/a.zip!") for one in found]
    assert names[:4] == ["news/feed.xml#1", "news/feed.xml#2", "lines.jsonl.gz:1", "lines.jsonl.gz:2"]
    assert [one.why for one in found if isinstance(one, Skipped)] == [
        "hidden",
        "an archive inside an archive",
        "unknown format",
    ]
    assert len(values(found)) == 5


def test_archives_are_known_by_their_first_bytes_also_on_a_pipe() -> None:
    assert values(read("-", gzip.compress(b"One."))) == [b'{"text":"One."}']
    assert values(read("-", zipped({"a.txt": b"One."}))) == [b'{"text":"One."}']


def test_no_member_leads_out_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    archive = tmp_path / "in" / "a.zip"
    archive.write_bytes(zipped({"../../evil.txt": b"One.", "/abs.txt": b"Two."}))
    before = sorted(tmp_path.rglob("*"))
    assert len(values(read(archive))) == 2
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.zip", "a.csv.gz", "a.txt.gz"])
def test_a_bomb_is_left_alone_and_what_follows_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(archives, "_FREE_BYTES", 100_000)
    bomb = b"text,title\n" + b"0" * 3_000_000
    packed = zipped({"a.jsonl": bomb, "b.jsonl": bomb}) if name.endswith("zip") else gzip.compress(bomb)
    (tmp_path / name).write_bytes(packed)
    (tmp_path / "b.txt").write_text("One.")
    found = read(tmp_path)
    assert all("as a zip bomb" in one.why for one in found if isinstance(one, Unreadable))
    assert any(isinstance(one, Unreadable) for one in found)
    assert values(found)[-1] == b'{"text":"One."}'
    assert sum(map(len, values(found))) < 1000


def test_a_damaged_archive_is_named_and_what_was_read_stays(tmp_path: Path) -> None:
    lines = b"".join(b'{"text":"%d"}\n' % number for number in range(20_000))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines)[:-2000])
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "c.gz").write_bytes(b"\x1f\x8b nor this")
    found = read(tmp_path)
    assert len(values(found)) > 1000
    assert len([one for one in found if isinstance(one, Unreadable)]) == 3
