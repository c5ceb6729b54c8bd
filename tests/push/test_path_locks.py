"""Two watchers on one path: the second is refused, whatever name it has for the path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.push.path_locks import locked

TOPIC = "news.articles on the cluster test"
HOLDER = """
import sys, time
from pipeline.push.path_locks import locked
with locked([sys.argv[1]], topic=sys.argv[2]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    (tmp_path / "runtime").mkdir()


def paths_of(folder: Path) -> list[str]:
    (folder / "in" / "deep").mkdir(parents=True)
    (folder / "alias").symlink_to(folder / "in")
    return [str(folder / "in"), str(folder / "in" / "deep"), str(folder), f"{folder}/in/../in", str(folder / "alias")]


@pytest.mark.parametrize("which", range(5))
def test_a_path_that_another_has_is_refused(tmp_path: Path, which: int) -> None:
    paths = paths_of(tmp_path)
    with (
        locked([paths[0], "https://example.org/feed"], topic=TOPIC),
        pytest.raises(UsageError, match="another push --watch watches"),
        locked([paths[which]], topic=TOPIC),
    ):
        pass
    with locked([paths[which]], topic=TOPIC):
        pass


def test_an_address_that_another_has_is_refused_and_other_ones_are_not(tmp_path: Path) -> None:
    with locked(["https://example.org/feed", str(tmp_path / "a")], topic=TOPIC):
        with pytest.raises(UsageError, match=r"example\.org"), locked(["https://example.org/feed"], topic=TOPIC):
            pass
        with locked(["https://example.org/feed2", str(tmp_path / "ab")], topic=TOPIC):
            pass


def test_watchers_of_two_topics_may_share_a_path(tmp_path: Path) -> None:
    with locked([str(tmp_path)], topic=TOPIC), locked([str(tmp_path)], topic="another"):
        pass


def test_what_a_killed_watcher_had_is_free(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path), TOPIC], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(UsageError), locked([str(tmp_path)], topic=TOPIC):
            pass
        holder.kill()
    with locked([str(tmp_path)], topic=TOPIC):
        pass
