import re

import pytest

from pipeline.web.render import stylesheet

COLOURS = {
    name: dict(zip(("light", "dark"), pair, strict=True))
    for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", stylesheet())
}
GROUNDS = ("paper", "raised", "tint")
CLAIMS = ("claim-1", "claim-2", "claim-3")
GROUPS = ("person", "organisation", "place", "figure", "time", "thing")
# WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for what else must be seen (1.4.11).
TEXT = [
    *((colour, ground) for colour in ("ink", "soft", "accent", "quote") for ground in GROUNDS),
    *((colour, ground) for colour in ("ink", "quote") for ground in CLAIMS),
    ("warn", "warn-tint"),
    ("on-accent", "accent"),
]
MARKS = [
    *((colour, ground) for colour in GROUPS for ground in ("paper", *CLAIMS)),
    ("edge", "paper"),
    ("edge", "raised"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_must_be_read_or_seen_has_the_contrast_of_wcag_aa(theme: str) -> None:
    wanted = [(pair, 4.5) for pair in TEXT] + [(pair, 3.0) for pair in MARKS]
    found = {pair: (contrast(COLOURS[pair[0]][theme], COLOURS[pair[1]][theme]), least) for pair, least in wanted}
    assert {pair: values for pair, values in found.items() if values[0] < values[1]} == {}
