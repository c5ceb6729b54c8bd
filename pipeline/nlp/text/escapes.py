"""A text with HTML entities in, what a reader sees out, with the place of each character in the text as it came."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

ESCAPE = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z]{2,8}[1-4]?);")


class Unescaped(NamedTuple):
    """``places[i]`` is where the character ``text[i]`` starts in the original; the last one is the original's end."""

    text: str
    places: list[int]


def unescaped(text: str) -> Unescaped | None:
    """Read "&ldquo;" as the mark it stands for; None where the text has nothing of the kind."""
    matches = list(ESCAPE.finditer(text)) if "&" in text else []
    if not matches:
        return None
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for match in matches:
        parts += (text[at : match.start()], unescape(match.group()))
        places += [*range(at, match.start()), *[match.start()] * len(parts[-1])]
        at = match.end()
    return Unescaped("".join([*parts, text[at:]]), [*places, *range(at, len(text) + 1)])
