"""A list of words as a string in, the words out: how the word lists of this package are written down."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """Give the words that stand between blanks."""
    return frozenset(words.split())
