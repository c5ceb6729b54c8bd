"""What is known of articles, by their ids, in an SQLite file: in memory it would be as large as all their texts."""

from __future__ import annotations

import sqlite3
import zlib

import orjson

from pipeline.closing import Closing
from pipeline.memory.lines import Line, Mention
from pipeline.memory.versions import Known, Order

_TEMPORARY = ""  # SQLite's name for a file of its own that goes with the connection
_QUICK = 1  # zlib's level: most of the gain for a third of the time


class VersionStore(Closing):
    """Keeps the newest version of each article for as long as it is open. Not thread safe."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(_TEMPORARY, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")  # nobody opens it again after a crash
        self._database.execute("CREATE TABLE versions (article TEXT PRIMARY KEY, known BLOB NOT NULL) WITHOUT ROWID")

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def get(self, article: str) -> Known | None:
        """Return what is known of an article."""
        row = self._database.execute("SELECT known FROM versions WHERE article = ?", (article,)).fetchone()
        return _decoded(row[0]) if row else None

    def put(self, article: str, known: Known) -> None:
        """Remember the newest version of an article."""
        self._database.execute("REPLACE INTO versions VALUES (?, ?)", (article, _encoded(known)))


def _encoded(known: Known) -> bytes:
    fields = known._asdict()
    fields["lineages"] = list(known.lineages.items())
    return zlib.compress(orjson.dumps(fields, default=tuple), _QUICK)


def _decoded(value: bytes) -> Known:
    fields = orjson.loads(zlib.decompress(value))
    lines = (
        Line(text, tuple(Mention(*mention) for mention in mentions), *rest) for text, mentions, *rest in fields["lines"]
    )
    return Known(
        **{**fields, "order": Order(*fields["order"]), "lines": tuple(lines), "lineages": dict(fields["lineages"])}
    )
