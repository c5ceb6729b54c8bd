"""The peers that `make bench-peers` measures; running them needs their libraries, so that here they are only read."""

import ast
import re
from collections import Counter

import pytest
from bench.peers.compare import HERE, PEERS, Peer, missing_and_repeated

PINNED = re.compile(r"[a-z-]+(\[[a-z]+\])?==\d[\w.]*")
SHARED = {"compare", "work"}


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_runs_the_shared_batch_function_with_pinned_libraries(peer: Peer) -> None:
    program = ast.parse((HERE / f"{peer.name}.py").read_text())
    assert any(isinstance(node, ast.ImportFrom) and node.module == "bench.peers.work" for node in program.body)
    lines = (HERE / f"{peer.name}.txt").read_text().splitlines()
    assert lines
    assert all(PINNED.fullmatch(line) for line in lines)


def test_no_peer_is_left_out() -> None:
    names = {peer.name for peer in PEERS}
    assert {path.stem for path in HERE.glob("*.py")} - SHARED == names
    assert {path.stem for path in HERE.glob("*.txt")} == names


def test_articles_that_never_came_and_records_beyond_the_first_are_counted() -> None:
    copies = Counter({b"once": 1, b"twice": 2, b"five times": 5, b"of the warm-up": 9})
    assert missing_and_repeated(copies, [b"once", b"twice", b"five times", b"never"]) == (1, 5)
