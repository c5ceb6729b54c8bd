import io
import os
import threading
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.sources import Found, Skipped, SourceRecord, Unreadable, read_paths


def read(*paths: Path | str, stdin: bytes = b"") -> list[Found]:
    return list(read_paths([str(path) for path in paths], stdin=io.BytesIO(stdin)))


def names(found: list[Found], kind: type[Found]) -> list[str]:
    return [Path(entry.name).name for entry in found if isinstance(entry, kind)]


def test_a_directory_is_read_to_its_bottom_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.json", "a/y.txt", "c.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"text":"One."}')
    assert names(read(tmp_path), SourceRecord) == ["y.txt", "z.json", "b.txt", "c.jsonl:1"]


def test_what_a_directory_holds_besides_is_listed(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.txt").write_text("No article.")
    (tmp_path / "a.pdf").write_text("%PDF")
    (tmp_path / "link").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    found = read(tmp_path)
    assert names(found, Skipped) == [".git", "a.pdf", "link", "pipe.txt"]
    assert len(found) == 4


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "none")
    assert names(read(tmp_path), Unreadable) == ["a.txt"]
    assert names(read(tmp_path / "a.txt"), Unreadable) == ["a.txt"]


def test_a_file_that_the_user_named_is_not_skipped_but_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("%PDF")
    (found,) = read(tmp_path / "a.pdf")
    assert isinstance(found, Unreadable)


def test_nothing_is_read_when_a_path_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    with pytest.raises(UsageError, match=r"no such file or directory: .*none"):
        read_paths([str(tmp_path / "a.txt"), str(tmp_path / "none")], stdin=io.BytesIO())


def test_a_dash_is_standard_input(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    assert names(read("-", tmp_path / "a.txt", stdin=b"Two."), SourceRecord) == ["stdin", "a.txt"]


def test_a_pipe_is_read_like_standard_input(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[b'{"text":"1"}\n{"text":"2"}\n'])
    writer.start()
    found = read(pipe)
    writer.join()
    assert names(found, SourceRecord) == ["pipe:1", "pipe:2"]
