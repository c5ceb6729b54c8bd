"""A text of an article in, the same text for the eye out: nothing in it hides or reorders what stands around it.

Explicit bidirectional controls (UAX 9, 2.1 to 2.4) can make a text read as what it does not say (Boucher and Anderson,
"Trojan Source", 2021): their names are shown in their places. The marks LRM, RLM and ALM only help and stay.
"""

from __future__ import annotations

_BIDI = {
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}
_LINES = frozenset("\t\n\r")
_CONTROL_PICTURES = 0x2400  # U+2400 is the picture of U+0000
_TABLE: dict[int, str] = {
    **{code: chr(_CONTROL_PICTURES + code) for code in range(0x20) if chr(code) not in _LINES},
    0x7F: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys(range(0x80, 0xA0), "\N{REPLACEMENT CHARACTER}"),
    **dict.fromkeys(range(0xFFF9, 0xFFFC), "\N{REPLACEMENT CHARACTER}"),  # hide the text of an annotation
    **{code: f"⟦{name}⟧" for code, name in _BIDI.items()},
}


def visible(text: str) -> str:
    """The text with every control character shown; tabs and ends of lines stay."""
    return text.translate(_TABLE)


def shortened(text: str, most: int) -> str:
    """The text, or its first ``most`` characters and how many more there are."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most:,} more characters)"
