"""The data folder in, all that the claim network is made from out: labelled sentences by kind of text, and raw ones."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING, Any

import orjson

from pipeline.training.datasets import (
    Example,
    debates_part,
    early_debates,
    key_of,
    news_part,
    reserved_sentences,
    without_leaks,
)
from pipeline.training.sentences import read_train
from pipeline.training.spacing import respace
from pipeline.training.splits import part_of_claim

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.training.splits import Part

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
DEBATES = "debates"
KINDS = ("VOA", *_KINDS, DEBATES)

_LEAST_CHARS, _MOST_CHARS = 15, 700
_LEAST_WORDS = 4


def read_news_claims(data: Path) -> list[Example]:
    """Read ``news_claims``; the domain of a sentence is its kind of text."""
    rows = (orjson.loads(line) for line in (data / "news_claims" / "train.jsonl").read_bytes().splitlines())
    return [claims_example(row, _KIND_OF[row["source"]]) for row in rows]


def claims_example(row: dict[str, Any], domain: str) -> Example:
    """Read a row of ``news_claims``; its texts are spaced as raw text already."""
    part = part_of_claim(row["id"], row["source"])
    return Example(row["id"], row["text"], domain, part, row["claim"], tuple(row["types"]))


def claims_part(data: Path, part: Part) -> dict[str, list[Example]]:
    """Give a part of all labelled claims by kind of text, ``KINDS``; train is free of what stands in the others."""
    own = {"VOA": news_part(data, part)}
    for example in read_news_claims(data):
        if example.part == part:
            own.setdefault(example.domain, []).append(example)
    if part != "train":
        return {**own, DEBATES: debates_part(data, part)}
    held_out = [one for other in ("dev", "test") for kind in claims_part(data, other).values() for one in kind]
    free = without_leaks((one for kind in own.values() for one in kind), held_out)
    by_kind: dict[str, list[Example]] = {}
    for example in free:
        by_kind.setdefault("VOA" if example.domain == "news" else example.domain, []).append(example)
    seen = [*held_out, *free]
    return {**by_kind, DEBATES: without_leaks(early_debates(data), seen)}


def unlabelled(data: Path, labelled: set[str]) -> list[str]:
    """Give sentences of all kinds of text for a teacher's opinion, each once.

    Args:
        data: the data folder.
        labelled: keys of sentences to leave out: all that have a label, held out or not.
    """
    seen = set(labelled)
    texts = []
    for text in (*_gmb(data), *_masc(data), *_treebanks(data), *_others(data), *_opinions(data)):
        key = key_of(text)
        if _LEAST_CHARS <= len(text) <= _MOST_CHARS and key not in seen:
            seen.add(key)
            texts.append(text)
    return texts


def _gmb(data: Path) -> Iterator[str]:
    reserved = reserved_sentences(data)
    number = ""
    words: list[str] = []
    with gzip.open(data / "ner_gmb" / "ner_dataset.csv.gz", "rt", encoding="latin-1", newline="") as file:
        for row in [*csv.reader(file), ["Sentence: "]]:
            if row[0].startswith("Sentence: "):
                if words and number not in reserved:
                    yield respace(" ".join(words)).text
                number, words = f"gmb-{row[0].removeprefix('Sentence: ')}", []
            if number != "gmb-" and len(row) > 1:
                words.append(row[1])


def _masc(data: Path) -> Iterator[str]:
    """Give the sentences of MASC: newspapers, essays, letters, blogs, speech."""
    for path in sorted((data / "sent_masc" / "masc_tagged").glob("*/**/*.txt")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            words = [word.rpartition("_")[0] for word in line.split()]
            if len(words) >= _LEAST_WORDS:
                yield respace(" ".join(words)).text


def _treebanks(data: Path) -> Iterator[str]:
    for document in read_train(data):
        for start, end in document.sentences:
            yield document.text[start:end]


def _others(data: Path) -> Iterator[str]:
    for line in (data / "news_claims" / "others.jsonl").read_bytes().splitlines():
        yield orjson.loads(line)["text"]


def _opinions(data: Path) -> Iterator[str]:
    for name in ("train", "val", "test"):
        with (data / "claims_newssd_eng" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield next(value for column, value in row.items() if column.lower() in {"sentence", "text"})
