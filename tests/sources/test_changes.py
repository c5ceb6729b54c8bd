import os
from pathlib import Path

from pipeline.sources.changes import Change, Changes
from pipeline.sources.found import Skipped


class Folder:
    """A watched folder, and a clock that goes when it is told to."""

    def __init__(self, path: Path, *, settled: dict[str, str] | None = None) -> None:
        self.path, self.now = path, 0.0
        self.settled = settled if settled is not None else {}
        self.changes = Changes([str(path)], settle_s=2.0, settled=self.settled, clock=lambda: self.now)

    def waits(self) -> bool:
        return self.changes.unsettled

    def look(self, *, after_s: float = 0.0) -> list[str]:
        """The names of what is to be read, which is then read."""
        self.now += after_s
        found = [entry for entry in self.changes.look() if isinstance(entry, Change)]
        for entry in found:
            self.changes.settle(entry)
        return [entry.path.name for entry in found]


def test_a_file_is_read_once_it_is_at_rest_and_again_once_it_has_changed(tmp_path: Path) -> None:
    folder, file = Folder(tmp_path), tmp_path / "a.txt"
    file.write_text("One")
    assert folder.look() == []
    assert folder.waits()
    file.write_text("One, two")
    assert folder.look(after_s=1.9) == []
    assert folder.look(after_s=1.9) == []
    assert folder.look(after_s=0.1) == ["a.txt"]
    assert folder.look(after_s=60) == []
    assert not folder.waits()
    file.write_text("One, two, three")
    assert folder.look() == []
    assert folder.look(after_s=2) == ["a.txt"]


def test_a_file_of_the_same_size_and_time_is_another_one_where_it_was_put_in_its_place(tmp_path: Path) -> None:
    folder, file = Folder(tmp_path), tmp_path / "a.txt"
    file.write_text("One.")
    folder.look()
    assert folder.look(after_s=2) == ["a.txt"]
    status = file.stat()
    other = tmp_path / ".a.txt"
    other.write_text("Two.")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)
    folder.look()
    assert folder.look(after_s=2) == ["a.txt"]


def test_an_empty_file_is_not_written_yet(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "a.txt").touch()
    folder.look()
    assert folder.look(after_s=60) == []
    assert not folder.waits()


def test_what_was_settled_before_stays_so_and_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    first = Folder(tmp_path)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("One.")
    first.look()
    assert first.look(after_s=2) == ["a.txt", "b.txt"]
    second = Folder(tmp_path, settled=first.settled)
    second.look()
    assert second.look(after_s=2) == []
    (tmp_path / "a.txt").unlink()
    assert [Path(name).name for name in second.changes.gone()] == ["a.txt"]
    assert [Path(name).name for name in second.settled] == ["b.txt"]


def test_a_directory_that_is_away_takes_nothing_with_it(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "a.txt").write_text("One.")
    folder = Folder(disk)
    folder.look()
    assert folder.look(after_s=2) == ["a.txt"]
    disk.rename(tmp_path / "unmounted")
    assert folder.look() == []
    assert folder.changes.gone() == []
    (tmp_path / "unmounted").rename(disk)
    folder.look()
    assert folder.look(after_s=2) == []


def test_what_is_passed_over_is_said_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / ".hidden").write_text("x")
    said = [[entry for entry in folder.changes.look() if isinstance(entry, Skipped)] for _ in range(2)]
    assert [len(found) for found in said] == [1, 0]
