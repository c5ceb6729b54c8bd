"""One watcher for each path: two with states of their own would push each new article twice."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from pipeline.contract.ids import text_hash
from pipeline.errors import UsageError
from pipeline.sources.fetch import is_url


@contextmanager
def locked(paths: Sequence[str], *, topic: str) -> Iterator[None]:
    """Keep other watchers of this user and machine away from ``paths``, and from what is inside them, for a block.

    ``topic`` names the topic and its cluster: watchers of different topics may share a path.

    Raises:
        UsageError: another watcher has one of the paths.
    """
    ours = [path if is_url(path) else str(Path(path).resolve()) for path in paths]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it is a folder of this user in /tmp, which is as good
        folder = platformdirs.user_runtime_path("claimwire", ensure_exists=True) / f"watch-{text_hash(topic)}"
    folder.mkdir(exist_ok=True)
    name = folder / uuid.uuid4().hex
    own = FileLock(name.with_suffix(".lock"))
    with FileLock(folder / "all"):
        for theirs in _held(folder):
            shared = [path for path in ours for other in theirs if _overlap(path, other)]
            if shared:
                raise UsageError(
                    f"another push --watch watches {shared[0]} already, and both would push every new article: stop it"
                    " first, or watch all paths with one command"
                )
        own.acquire(timeout=0)
        name.with_suffix(".paths").write_text("\n".join(ours), encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        name.with_suffix(".paths").unlink(missing_ok=True)
        own.release()
        name.with_suffix(".lock").unlink(missing_ok=True)


def _held(folder: Path) -> Iterator[list[str]]:
    """The paths of each running watcher; what a killed one has left is removed."""
    for lock in sorted(folder.glob("*.lock")):
        paths = lock.with_suffix(".paths")
        try:
            with FileLock(lock, timeout=0):
                paths.unlink(missing_ok=True)
            lock.unlink(missing_ok=True)
        except Timeout:
            yield paths.read_text(encoding="utf-8", errors="surrogateescape").split("\n") if paths.exists() else []


def _overlap(one: str, other: str) -> bool:
    if is_url(one) or is_url(other):
        return one == other
    return Path(one).is_relative_to(other) or Path(other).is_relative_to(one)
