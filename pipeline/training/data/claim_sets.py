"""The data folder in, all sentences that are labelled for claims out, by kind of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from pipeline.training.data.datasets import (
    Example,
    debates_part,
    early_debates,
    news_part,
    without_leaks,
)
from pipeline.training.data.splits import part_of_claim

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.training.data.splits import Part

# The sources of news_claims by kind of text. A kind is large enough to be measured by itself.
_KINDS = {
    "VOA, unsure": ("gmb",),
    "newspapers": ("masc-newspaper",),
    "press": ("newssd",),
    "weblogs": ("ewt-weblog", "masc-blog"),
    "essays": ("masc-essays", "masc-journal", "masc-letters", "gum-academic", "gum-bio"),
    "government": ("masc-govt-docs", "gum-court"),
    "interviews": ("gum-interview", "gum-vlog"),
    "speeches": ("gum-speech", "masc-debate-transcript"),
}
_KIND_OF = {source: kind for kind, sources in _KINDS.items() for source in sources}
WIRE, DEBATES = "VOA", "debates"
KINDS = (WIRE, *_KINDS, DEBATES)


def read_news_claims(data: Path) -> list[Example]:
    """Read ``news_claims``; the domain of a sentence is its kind of text."""
    rows = (orjson.loads(line) for line in (data / "news_claims" / "train.jsonl").read_bytes().splitlines())
    return [claims_example(row, _KIND_OF[row["source"]]) for row in rows]


def claims_example(row: dict[str, Any], domain: str) -> Example:
    """Read a row of ``news_claims``; its texts are spaced as raw text already."""
    part = part_of_claim(row["id"], row["source"])
    return Example(row["id"], row["text"], domain, part, row["claim"], tuple(row["types"]))


def claims_part(data: Path, part: Part) -> dict[str, list[Example]]:
    """Return a part of all labelled claims by kind of text, ``KINDS``; train is free of what stands in the others."""
    own = {WIRE: news_part(data, part)}
    for example in read_news_claims(data):
        if example.part == part:
            own.setdefault(example.domain, []).append(example)
    if part != "train":
        return {**own, DEBATES: debates_part(data, part)}
    held_out = [one for other in ("dev", "test") for kind in claims_part(data, other).values() for one in kind]
    free = without_leaks((one for kind in own.values() for one in kind), held_out)
    by_kind: dict[str, list[Example]] = {}
    for example in free:
        by_kind.setdefault(WIRE if example.domain == "news" else example.domain, []).append(example)
    seen = [*held_out, *free]
    return {**by_kind, DEBATES: without_leaks(early_debates(data), seen)}
