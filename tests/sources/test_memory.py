import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.sources.fetch import Validators
from pipeline.sources.memory import Memory, News, StateError, digest_of

ONE, TWO = digest_of(b"k", b"one"), digest_of(b"k", b"two")


def test_what_was_remembered_is_known_by_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state"
    with Memory(path, topic="t") as memory:
        name = memory.id
        memory.remember(
            News(digests={ONE}, files={"a": "1"}, pages={"http://x/": Validators("e", None)}, places={0: 7})
        )
        memory.remember(News(digests={ONE}, files={"b": "2"}))
    with Memory(path, topic="t") as memory:
        assert memory.id == name
        assert (memory.knows(ONE), memory.knows(TWO)) == (True, False)
        assert memory.files() == {"a": "1", "b": "2"}
        assert memory.validators("http://x/") == Validators("e", None)
        assert memory.validators("http://y/") == Validators()
        assert memory.places() == {0: 7}


def test_a_file_that_is_gone_is_forgotten_and_what_was_in_it_is_not(tmp_path: Path) -> None:
    with Memory(tmp_path / "state", topic="t") as memory:
        memory.remember(News(digests={ONE}, files={"a": "1"}))
        memory.forget(["a"])
        assert memory.files() == {}
        assert memory.knows(ONE)
        memory.forget_all()
        assert not memory.knows(ONE)


def test_what_cannot_be_written_is_not_there_in_part(tmp_path: Path) -> None:
    with Memory(tmp_path / "state", topic="t") as memory:
        with pytest.raises(StateError):
            memory.remember(News(digests={ONE}, places={0: None}))  # type: ignore[dict-item]
        assert not memory.knows(ONE)


def test_it_has_one_owner_at_a_time(tmp_path: Path) -> None:
    with Memory(tmp_path / "state", topic="t"), pytest.raises(StateError, match="another `claimwire push --watch`"):
        Memory(tmp_path / "state", topic="t")


@pytest.mark.parametrize("content", [b"no database, and long enough for one to be looked for in it" * 20, b"x"])
def test_what_is_no_state_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state"
    path.write_bytes(content)
    with pytest.raises(StateError, match="--state"):
        Memory(path, topic="t")
    assert path.read_bytes() == content


def test_another_topics_state_is_refused(tmp_path: Path) -> None:
    Memory(tmp_path / "state", topic="t").close()
    with pytest.raises(StateError, match="belongs to another topic, t"):
        Memory(tmp_path / "state", topic="u")


def test_key_and_value_are_told_apart() -> None:
    assert len({digest_of(b"a", b"bc"), digest_of(b"ab", b"c"), digest_of(b"", b"abc"), digest_of(b"abc", b"")}) == 4
    assert digest_of(None, None) == digest_of(b"", b"")


def test_it_is_a_database_that_others_can_look_into(tmp_path: Path) -> None:
    with Memory(tmp_path / "state", topic="t") as memory:
        memory.remember(News(digests={ONE}))
    assert sqlite3.connect(tmp_path / "state").execute("SELECT count(*) FROM pushed").fetchone() == (1,)


@pytest.mark.parametrize(
    "write",
    [
        lambda memory: memory.remember(News(digests={b"b" * 16})),
        lambda memory: memory.forget(["a.txt"]),
        lambda memory: memory.forget_all(),
    ],
    ids=["remember", "forget", "forget_all"],
)
def test_a_full_disk_is_one_line_and_costs_nothing_that_is_known(
    tmp_path: Path, write: Callable[[Memory], None]
) -> None:
    news = News(digests={b"a" * 16}, files={"a.txt": "1"})
    with Memory(tmp_path / "s.sqlite", topic="t") as memory:
        memory.remember(news)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
        try:
            with pytest.raises(StateError, match=r"the state .*s\.sqlite cannot be written: "):
                write(memory)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert memory.knows(b"a" * 16)
        assert memory.files() == {"a.txt": "1"}
