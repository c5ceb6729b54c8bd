"""Wait for what a test needs; the patience is for a test that hangs, and measures nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 200.0  # for a machine with ten times more to do than cores


def wait_until(look: Callable[[], T], *, says: Callable[[], object] = str, patience_s: float = PATIENCE_S) -> T:
    """Ask again until the answer is true, and return it; after ``patience_s`` fail with what ``says`` returns."""
    deadline = time.monotonic() + patience_s
    while not (found := look()):
        assert time.monotonic() < deadline, says()
        time.sleep(0.05)
    return found
