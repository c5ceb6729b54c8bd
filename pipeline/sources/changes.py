"""Files and directories in, the files that are new or changed and at rest out; nothing is read here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.sources.documents import readable_name
from pipeline.sources.found import Skipped, Unreadable
from pipeline.sources.paths import entries_of


class Change(NamedTuple):
    """A file to read. Its ``mark`` (size, time, inode) is another one as soon as somebody has written to it."""

    path: Path
    mark: str
    named: bool  # by the user, not found in a directory


class Changes:
    """Which files are to be read. A file is at rest once it has not changed for ``settle_s``; an empty one never is."""

    def __init__(
        self, paths: Sequence[str], *, settle_s: float, settled: dict[str, str], clock: Callable[[], float]
    ) -> None:
        """``settled``: the marks of the files that were read to their end, by path; kept up to date here."""
        self._paths = [Path(path) for path in paths]
        self._settle_s = settle_s
        self._settled = settled
        self._clock = clock
        self._since: dict[str, tuple[str, float]] = {}
        self._said: set[tuple[str, str]] = set()

    @property
    def unsettled(self) -> bool:
        """Whether a file has been seen that is still to be read: look again soon."""
        return bool(self._since)

    def look(self) -> Iterator[Change | Skipped | Unreadable]:
        """The files that are to be read now; of what is passed over, each thing once."""
        before, self._since = self._since, {}
        for entry in self._entries():
            if isinstance(entry, Change):
                if self._at_rest(entry, before):
                    yield entry
            elif (entry.name, entry.why) not in self._said:
                self._said.add((entry.name, entry.why))
                yield entry

    def settle(self, change: Change) -> None:
        """It was read to its end, and what was in it is pushed."""
        name = readable_name(change.path)
        self._settled[name] = change.mark
        self._since.pop(name, None)

    def gone(self) -> list[str]:
        """Forget, and name, the settled files that are there no more; one whose directory is away may come back."""
        found = [name for name in self._settled if not Path(name).exists() and Path(name).parent.is_dir()]
        for name in found:
            del self._settled[name]
        return found

    def _entries(self) -> Iterator[Change | Skipped | Unreadable]:
        for path in self._paths:
            if path.is_dir():
                for entry in entries_of(path):
                    yield from self._changed(entry, named=False) if isinstance(entry, Path) else [entry]
            else:
                yield from self._changed(path, named=True)

    def _changed(self, path: Path, *, named: bool) -> Iterator[Change]:
        name = readable_name(path)
        try:
            status = path.stat()
        except OSError:  # removed, renamed, or not there yet
            return
        mark = f"{status.st_size}/{status.st_mtime_ns}/{status.st_ino}"
        if status.st_size and self._settled.get(name) != mark:
            yield Change(path, mark, named)

    def _at_rest(self, change: Change, before: Mapping[str, tuple[str, float]]) -> bool:
        name, now = readable_name(change.path), self._clock()
        mark, since = before.get(name, ("", now))
        self._since[name] = (change.mark, since if mark == change.mark else now)
        return now - self._since[name][1] >= self._settle_s
