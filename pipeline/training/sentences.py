"""Treebanks and golden rules in, how well sentences are found out; and the sentence finder fine-tuned on treebanks."""

from __future__ import annotations

import gzip
import logging
import random
import re
import time
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson
from spacy.training import Example as SpacyExample
from thinc.api import Adam, fix_random_seed

from pipeline.nlp.text.characters import plain
from pipeline.training.scoring import MatchCount, f1

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from spacy.language import Language

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Sentence

SEED = 0
_EPOCHS = 14
_RATE = 1e-3
_DROPOUT = 0.1
_BATCH_DOCS = 16
_JOINED = 0.15  # share of line ends that are lost in training

CharRange = tuple[int, int]

_log = logging.getLogger(__name__)

GUM_DEV = (
    "GUM_news_warhol",
    "GUM_news_taxes",
    "GUM_news_crane",
    "GUM_interview_cyclone",
    "GUM_interview_gaming",
    "GUM_speech_impeachment",
    "GUM_speech_inauguration",
)


@dataclass(frozen=True, slots=True)
class SentenceSplit:
    """A text and where its sentences stand."""

    text: str
    sentences: tuple[CharRange, ...]


def read_ud(path: Path) -> list[SentenceSplit]:
    """Read a CoNLL-U file as documents: sentences as the file spaces them, paragraphs on lines of their own."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    documents: list[list[tuple[bool, str, bool]]] = []
    for block in blocks:
        lines = block.split("\n")
        text = next((line[len("# text = ") :] for line in lines if line.startswith("# text = ")), None)
        if text is None:
            continue
        if any(line.startswith("# newdoc") for line in lines) or not documents:
            documents.append([])
        new_paragraph = any(line.startswith(("# newpar", "# newdoc")) for line in lines)
        documents[-1].append((new_paragraph, text, "SpaceAfter=No" not in lines[-1]))
    return [_join(document) for document in documents]


def _join(document: Sequence[tuple[bool, str, bool]]) -> SentenceSplit:
    text, spans, spaced = "", [], True
    for new_paragraph, sentence, space_after in document:
        text += "" if not text else "\n\n" if new_paragraph else " " if spaced else ""
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence
        spaced = space_after
    return SentenceSplit(text, tuple(spans))


def read_train(data: Path) -> list[SentenceSplit]:
    """Read EWT's train part and GUM's open documents but those of its dev part and of ``GUM_DEV``."""
    gum = data / "sent_ud_gum"
    dev_part = (gum / "splits.md").read_text(encoding="utf-8").partition("## test")[0]
    held_out = {*GUM_DEV, *re.findall(r"GUM_\w+", dev_part)}
    paths = [path for path in sorted((gum / "dep_open").glob("*.conllu")) if path.stem not in held_out]
    paths.append(data / "sent_ud_ewt" / "en_ewt-ud-train.conllu.gz")
    return [document for path in paths for document in read_ud(path)]


def read_golden(path: Path) -> list[SentenceSplit]:
    """Read golden rules as (text, sentences); spans are found from left to right."""
    rules = []
    for line in path.read_text(encoding="utf-8").splitlines():
        rule = orjson.loads(line)
        spans, at = [], 0
        for sentence in rule["sentences"]:
            start = rule["text"].find(sentence, at)
            spans.append((start, start + len(sentence)))
            at = start + len(sentence)
        rules.append(SentenceSplit(rule["text"], tuple(spans)))
    return rules


def score(documents: Sequence[SentenceSplit], model: Model) -> float:
    """Return the F1 of exact sentence spans over all documents."""
    counts = [count(document, model) for document in documents]
    return f1(*(sum(column) for column in zip(*counts, strict=True)))


def count(document: SentenceSplit, model: Model) -> MatchCount:
    """Count exact sentence spans; a speaker counts with the sentence behind, as in treebanks."""
    spans = set(_as_treebank(model.split_sentences([document.text])[0]))
    wanted = set(document.sentences)
    return MatchCount(len(spans & wanted), len(spans), len(wanted))


def borders(nlp: Language, documents: Sequence[SentenceSplit]) -> float:
    """Return the F1 of sentence starts inside lines by the ``senter`` alone: what it learns, before rules mend it."""
    senter: Any = nlp.get_pipe("senter")
    right = found = gold = 0
    for document in documents:
        for paragraph in _paragraphs(document, None):
            doc = nlp.make_doc(paragraph.text)
            (scores,) = senter.model.predict([doc])
            starts = {token.idx for token, score in zip(doc, scores, strict=True) if token.i and score[1] > score[0]}
            wanted = {start for start, _ in paragraph.sentences if start}
            right, found, gold = right + len(starts & wanted), found + len(starts), gold + len(wanted)
    return f1(right, found, gold)


def passed(rules: Sequence[SentenceSplit], model: Model) -> int:
    """Return how many golden rules come out exactly."""
    return sum(_spans(model.split_sentences([rule.text])[0]) == list(rule.sentences) for rule in rules)


def _spans(units: Sequence[Sentence]) -> list[CharRange]:
    return [(unit.start, unit.end) for unit in units]


def _as_treebank(units: Sequence[Sentence]) -> Iterator[CharRange]:
    for _, group in groupby(units, key=lambda unit: unit.paragraph):
        spans = list(group)
        if spans[0].kind in {"speaker", "label"} and len(spans) > 1:
            yield spans[0].start, spans[1].end
            spans = spans[2:]
        yield from _spans(spans)


def train(nlp: Language, train_set: Sequence[SentenceSplit]) -> None:
    """Fine-tune ``nlp``'s ``senter`` in place on paragraphs; some are joined with the next, as in raw text."""
    fix_random_seed(SEED)
    shuffle = random.Random(SEED)  # noqa: S311  (no secret)
    senter: Any = nlp.get_pipe("senter")
    optimizer = Adam(_RATE, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    for epoch in range(_EPOCHS):
        start = time.perf_counter()
        losses: dict[str, float] = {}
        optimizer.learn_rate = _RATE * (1 - 0.9 * epoch / (_EPOCHS - 1))
        examples = [_example(nlp, split) for document in train_set for split in _paragraphs(document, shuffle)]
        shuffle.shuffle(examples)
        for at in range(0, len(examples), _BATCH_DOCS):
            senter.update(examples[at : at + _BATCH_DOCS], drop=_DROPOUT, sgd=optimizer, losses=losses)
        _log.info("senter epoch %d: loss %.0f, %.0f s", epoch, losses["senter"], time.perf_counter() - start)
    with senter.model.use_params(optimizer.averages):
        averaged = senter.to_bytes()
    senter.from_bytes(averaged)


def _paragraphs(document: SentenceSplit, shuffle: random.Random | None) -> Iterator[SentenceSplit]:
    """Cut a document into its lines; with ``shuffle`` some go on with the next, since raw text loses line ends."""
    text, spans = "", []
    for at, (start, end) in enumerate(document.sentences):
        spans.append((len(text), len(text) + end - start))
        text += document.text[start:end]
        last = at + 1 == len(document.sentences)
        gap = "" if last else document.text[end : document.sentences[at + 1][0]]
        if last or ("\n" in gap and (shuffle is None or shuffle.random() >= _JOINED)):
            yield SentenceSplit(plain(text), tuple(spans))
            text, spans = "", []
        else:
            text += " " if gap else ""


def _example(nlp: Language, split: SentenceSplit) -> SpacyExample:
    doc = nlp.make_doc(split.text)
    starts = {start for start, _ in split.sentences}
    reference = doc.copy()
    for token in reference:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return SpacyExample(doc, reference)
