"""How far a reading is: files in, bytes read and bytes in all out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class Meter:
    """Counts the bytes of the files that are read, packed as they are. ``total_bytes`` is None where nobody knows."""

    def __init__(self) -> None:
        self.total_bytes: int | None = None
        self._finished = 0
        self._current: BinaryIO | None = None

    def plan(self, paths: Sequence[str]) -> None:
        """Sum up what lies ahead; what cannot be looked at counts nothing."""
        self.total_bytes = sum(_size(Path(path)) for path in paths)

    @contextmanager
    def reading(self, file: BinaryIO) -> Iterator[None]:
        """While this file is read."""
        self._current = file if file.seekable() else None
        try:
            yield
        finally:
            self._finished, self._current = self.done_bytes, None

    @property
    def done_bytes(self) -> int:
        """Bytes read so far."""
        return self._finished + (self._current.tell() if self._current and not self._current.closed else 0)


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        return path.stat().st_size
    except OSError:
        return 0
