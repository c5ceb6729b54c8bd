"""What was pushed already, in a file that outlives the process: records and files in, whether they are known out.

SQLite: what is written together is there together or not at all, whatever is killed. One process at a time has it.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from pipeline.closing import Closing
from pipeline.errors import UsageError
from pipeline.sources.fetch import Validators

_DIGEST_BYTES = 16  # among 10^9 records two equal digests have a chance of 1 in 10^20
_MAGIC = b"SQLite format 3\0"
_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pushed (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, mark TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (url TEXT PRIMARY KEY, etag TEXT, modified TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS places (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL) WITHOUT ROWID;
"""


def digest_of(key: bytes | None, value: bytes | None) -> bytes:
    """What a record is known by: its key and its bytes, wherever they came from."""
    key = key or b""
    return blake2b(len(key).to_bytes(8, "big") + key + (value or b""), digest_size=_DIGEST_BYTES).digest()


class StateError(UsageError):
    """The file cannot be used; the text says why and what to do."""


@dataclass
class News:
    """What is to be remembered at once. ``files`` by path, ``pages`` by address, ``places`` by partition."""

    digests: set[bytes] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Validators] = field(default_factory=dict)
    places: Mapping[int, int] = field(default_factory=dict)


def _is_something_else(path: Path) -> bool:
    """SQLite would write over a file that is shorter than its own header."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) not in {b"", _MAGIC}


class Memory(Closing):
    """The file. ``id`` is its own and stays; ``topic`` is what it speaks of, the cluster's id included."""

    def __init__(self, path: Path, *, topic: str) -> None:
        """Open the file, or make it.

        Raises:
            StateError: another process has it, it is another topic's, or it is none.
        """
        self._path, self.topic = path, topic
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if _is_something_else(path):
                raise StateError(f"{path} is not a state file: name another file with --state")
            self._database = sqlite3.connect(path, timeout=0, isolation_level=None)
        except (OSError, sqlite3.Error) as exc:
            raise StateError(f"the state {path} cannot be opened: {exc}") from exc
        try:
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")  # until it is closed, or the process is gone
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.executescript(f"BEGIN EXCLUSIVE; {_TABLES} COMMIT;")
            self.id = self._about("id", uuid.uuid4().hex)
            known = self._about("topic", topic)
        except sqlite3.Error as exc:
            self._database.close()
            raise self._unusable(exc) from exc
        if known != topic:
            self._database.close()
            raise StateError(f"the state {path} belongs to another topic, {known}: name another file with --state")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def knows(self, digest: bytes) -> bool:
        """Whether such a record was pushed."""
        return self._database.execute("SELECT 1 FROM pushed WHERE digest = ?", [digest]).fetchone() is not None

    def files(self) -> dict[str, str]:
        """The files that are settled, each with the mark that it had."""
        return dict(self._database.execute("SELECT path, mark FROM files").fetchall())

    def validators(self, url: str) -> Validators:
        """What the server gave with an address's document; nothing where it gave nothing."""
        row = self._database.execute("SELECT etag, modified FROM pages WHERE url = ?", [url]).fetchone()
        return Validators(*row) if row else Validators()

    def places(self) -> dict[int, int]:
        """Up to which offset of each partition everything that was pushed is known here."""
        return dict(self._database.execute("SELECT partition, offset FROM places").fetchall())

    def remember(self, news: News) -> None:
        """Write all of it or nothing.

        Raises:
            StateError: the file cannot be written.
        """
        with self._writing():
            self._database.executemany("INSERT OR IGNORE INTO pushed VALUES (?)", [(one,) for one in news.digests])
            self._database.executemany("INSERT OR REPLACE INTO files VALUES (?, ?)", news.files.items())
            rows = [(url, known.etag, known.modified) for url, known in news.pages.items()]
            self._database.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", rows)
            self._database.executemany("INSERT OR REPLACE INTO places VALUES (?, ?)", news.places.items())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction.

        Raises:
            StateError: the file cannot be written, such as on a full disk; nothing of the transaction is kept.
        """
        try:
            with self._database:
                self._database.execute("BEGIN")
                yield
        except sqlite3.Error as exc:
            raise StateError(f"the state {self._path} cannot be written: {exc}") from exc

    def forget(self, files: Iterable[str]) -> None:
        """Files that are gone; what was in them stays known."""
        with self._writing():
            self._database.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in files])

    def forget_all(self) -> None:
        """Everything but its id: the topic that it spoke of is not there any more."""
        with self._writing():
            for table in ("pushed", "files", "pages", "places"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608  (names of ours)

    def _about(self, name: str, value: str) -> str:
        """What the file says of itself; ``value`` where it says nothing yet."""
        self._database.execute("INSERT OR IGNORE INTO about VALUES (?, ?)", [name, value])
        found: str = self._database.execute("SELECT value FROM about WHERE name = ?", [name]).fetchone()[0]
        return found

    def _unusable(self, error: sqlite3.Error) -> StateError:
        if "locked" in str(error):
            return StateError(
                f"another `claimwire push --watch` has the state {self._path}: add your paths to it, or name another"
                " file with --state"
            )
        return StateError(f"the state {self._path} cannot be used ({error}): name another file with --state")
