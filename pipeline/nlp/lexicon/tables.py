"""Word lists: tables of words and their traits, one word or phrase a line, read once.

A line is the word, then a tab and its traits, divided by blanks; a line that starts with "#" is a comment.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER = Path(__file__).parent


@cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """Return the words of a table with their traits, in the order of its file."""
    lines = (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {word: tuple(" ".join(traits).split()) for word, *traits in rows}


def words_of(name: str, *traits: str) -> frozenset[str]:
    """Return the words of a table that have one of the traits; all of them where none is asked for."""
    wanted = frozenset(traits)
    return frozenset(word for word, own in table(name).items() if not wanted or not wanted.isdisjoint(own))


def alternation(words: Iterable[str]) -> str:
    """Return a regular expression, without a group of its own, for any of the words, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
