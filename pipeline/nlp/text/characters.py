"""A text in, a text of the same length out, in the characters that the models know best. Offsets stay true."""

from __future__ import annotations

import unicodedata

_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2212"  # en and em dashes stay: they set clauses apart, hyphens join words

# C0 and C1 controls, and every separator of Unicode (Zs, Zl, Zp): a plain space to the models.
_BLANKS = [chr(code) for code in range(0x3001) if unicodedata.category(chr(code)) in {"Cc", "Zs", "Zl", "Zp"}]

# What a name may begin with, for a set of characters in a pattern: Latin capitals, "\u0130" and "\u0160" among them.
CAPITALS = "A-Z" + "".join(chr(code) for code in range(0x80, 0x250) if unicodedata.category(chr(code)) == "Lu")

_TABLE = str.maketrans(
    dict.fromkeys(_SINGLE_QUOTES, "'")
    | dict.fromkeys(_DOUBLE_QUOTES, '"')
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_BLANKS, " ")
)


def plain(text: str) -> str:
    """Straighten quotes and hyphens and make every blank a space, one character for one character."""
    return text.translate(_TABLE)
