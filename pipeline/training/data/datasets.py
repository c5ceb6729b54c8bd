"""Data folders in, examples out: one shape for news_gold, news_docs, news_papers, news_ner and ClaimBuster."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from pipeline.training.data.spacing import Spaced, respace
from pipeline.training.data.splits import Part, document_of, part_of, part_of_debate, part_of_document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_NOT_ALNUM = re.compile(r"[\W_]+")
VERDICTS = {"-1": "NFS", "0": "UFS", "1": "CFS"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A labelled name; ``canonical`` is its fullest form in the article, where annotated."""

    start: int
    end: int
    label: str
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class StepReport:
    """An annotated attribution: spans of source, cue and content; ``speaker`` where annotated."""

    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    content: tuple[int, int] | None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated sentence. ``article`` groups consecutive sentences of one article; None where it stands alone."""

    id: str
    text: str
    domain: str
    part: Part
    claim: str
    types: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    reports: tuple[StepReport, ...] = ()
    article: str | None = None

    @property
    def key(self) -> str:
        """What two copies of a sentence share: its letters and digits."""
        return key_of(self.text)


def key_of(text: str) -> str:
    """Return a text's letters and digits, by which copies of a sentence are found."""
    return _NOT_ALNUM.sub("", text.lower())


def read_news_gold(data: Path) -> list[Example]:
    """Read the sentences of ``news_gold``, spaced as raw news, in the order of the file."""
    return [news_example(row, part_of(row["id"]), None) for row in _rows(data / "news_gold" / "train.jsonl")]


def read_news_docs(data: Path) -> list[Example]:
    """Read ``news_docs``, in order; a window of sentences is never parted."""
    rows = _rows(data / "news_docs" / "train.jsonl")
    return [news_example(row, part_of(row["window"]), f"{row['window']}/{row['article']}") for row in rows]


def read_news_papers(data: Path) -> list[Example]:
    """Read ``news_papers``, in order; a document is never parted."""
    return [press_example(row) for row in _rows(data / "news_papers" / "train.jsonl")]


def read_news_ner(data: Path) -> list[Example]:
    """Read ``news_ner``: single sentences, each in the domain of its source; a document is never parted."""
    return [press_example(row) for row in _rows(data / "news_ner" / "train.jsonl")]


def press_example(row: dict[str, Any]) -> Example:
    """Read a row of ``news_papers`` or ``news_ner``, which has no articles but sources."""
    article = f"{row['doc']}/{row['article']}" if "doc" in row else None
    return news_example(row, part_of_document(document_of(row["id"])), article, row.get("source", "newspaper"))


def read_claimbuster(data: Path) -> list[Example]:
    """Read both labelled files of ClaimBuster; where they disagree on a sentence, neither is kept."""
    examples: dict[str, Example] = {}
    conflicting = set()
    for name in ("groundtruth.csv", "crowdsourced.csv"):
        with (data / "claims_claimbuster" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                example = Example(
                    f"cb-{row['Sentence_id']}",
                    row["Text"],
                    "debate",
                    part_of_debate(row["File_id"]),
                    VERDICTS[row["Verdict"]],
                )
                known = examples.setdefault(example.key, example)
                if known.claim != example.claim:
                    conflicting.add(example.key)
    return [example for key, example in examples.items() if key not in conflicting]


def reserved_sentences(data: Path) -> set[str]:
    """Return the ids of GMB sentences that are held out of everything."""
    text = (data / "ner_gmb" / "RESERVED_SENTENCES.txt").read_text(encoding="utf-8")
    return {f"gmb-{number}" for number in re.findall(r"\d+", text)}


def without_leaks(train: Iterable[Example], held_out: Iterable[Example]) -> list[Example]:
    """Drop from ``train`` what also stands in ``held_out``, and second copies."""
    seen = {example.key for example in held_out}
    kept = []
    for example in train:
        if example.key not in seen:
            seen.add(example.key)
            kept.append(example)
    return kept


def news_part(data: Path, part: Part) -> list[Example]:
    """Return a part of both news sets: dev and test are news_gold's and news_docs' own, train is free of them."""
    everything = [*read_news_gold(data), *read_news_docs(data)]
    own = [example for example in everything if example.part == part]
    if part != "train":
        return without_leaks(own, ())
    return without_leaks(own, (example for example in everything if example.part != "train"))


def names_part(data: Path, part: Part) -> list[Example]:
    """Return a part of all sets with annotated names: ``news_part`` and, of train and dev, newspapers and press."""
    others = [*read_news_papers(data), *read_news_ner(data)]
    own = [*news_part(data, part), *(example for example in others if example.part == part)]
    if part != "train":
        return without_leaks(own, ())
    held_out = [*news_part(data, "dev"), *news_part(data, "test"), *(one for one in others if one.part != "train")]
    return without_leaks(own, held_out)


def debates_part(data: Path, part: Part) -> list[Example]:
    """Return a part of ClaimBuster."""
    return [example for example in read_claimbuster(data) if example.part == part]


def early_debates(data: Path) -> list[Example]:
    """Return ClaimBuster's train part, without sentences that stand in later debates too."""
    debates = read_claimbuster(data)
    later = [example for example in debates if example.part != "train"]
    return without_leaks([example for example in debates if example.part == "train"], later)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def news_example(row: dict[str, Any], part: Part, article: str | None, domain: str = "news") -> Example:
    """Read a row in the format of news_gold, spaced as raw news; the claim is empty where it is not annotated."""
    spaced = respace(row["text"])
    return Example(
        row["id"],
        spaced.text,
        domain,
        part,
        row.get("claim", ""),
        tuple(row.get("types", ())),
        tuple(_mention(spaced, entity) for entity in row["ents"]),
        tuple(_report(spaced, attribution) for attribution in row["attr"]),
        article,
    )


def _mention(spaced: Spaced, entity: list[Any]) -> Mention:
    start, end = spaced.move(entity[0], entity[1])
    return Mention(start, end, entity[2], entity[3] if len(entity) > 3 else None)  # noqa: PLR2004


def _report(spaced: Spaced, attribution: dict[str, Any]) -> StepReport:
    source, cue, content = (
        spaced.move(*attribution[name]) if attribution[name] else None for name in ("source", "cue", "content")
    )
    return StepReport(source, cue, content, attribution.get("speaker"))
