"""The steps from bases and data to the shipped model, in order, each with its time and its score on dev logged."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import orjson
from thinc.api import NumpyOps, set_current_ops

from pipeline.nlp.model import BATCH_DOCS, load_spacy, use_one_core
from pipeline.training import claims, entities, sentences
from pipeline.training.base import load_base, write_spacy
from pipeline.training.datasets import Example, news_part, read_claimbuster, without_leaks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spacy.language import Language

NAME, VERSION = "claimwire-en", "0.1.0"

_log = logging.getLogger(__name__)


def rebuild(data: Path, base: Path, out: Path) -> None:
    """Write a model folder from the base pipeline and the data; the card and the licences are written by hand."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    use_one_core()
    out.mkdir(parents=True, exist_ok=True)
    train_spacy(data, base, out)
    train_claims(data, out)
    meta = {"name": NAME, "version": VERSION, "language": "en"}
    (out / "meta.json").write_bytes(orjson.dumps(meta, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def train_spacy(data: Path, base: Path, out: Path) -> None:
    """Fine-tune the base's sentence finder on treebanks and its entity tagger on news."""
    set_current_ops(NumpyOps(use_blis=False))
    nlp = load_base(base)
    start = time.perf_counter()
    sentences.train(nlp, sentences.read_train(data))
    _step("sentences", start, {})
    start = time.perf_counter()
    best = entities.train(nlp, news_part(data, "train"), news_part(data, "dev"))
    _step("entities", start, {"news dev": best})
    write_spacy(nlp, out / "spacy")


def train_claims(data: Path, out: Path) -> None:
    """Train the claim classifier on news and on the debates before 2012."""
    start = time.perf_counter()
    nlp = load_spacy(out / "spacy")
    debates = read_claimbuster(data)
    later = [example for example in debates if example.part != "train"]
    earlier = without_leaks([example for example in debates if example.part == "train"], later)
    train_set = label([*news_part(data, "train"), *earlier], nlp)
    classifier, figures = claims.train(train_set, label(news_part(data, "dev"), nlp))
    claims.write(classifier, out / "claims")
    _step("claims, news dev", start, figures)
    dev_debates = label([example for example in later if example.part == "dev"], nlp)
    _step("claims, debates of 2012", start, claims.measure(classifier, dev_debates))


def label(examples: Sequence[Example], nlp: Language) -> list[claims.Labelled]:
    """Add to each example the entity labels that the tagger finds in it."""
    others = [name for name in nlp.component_names if name != "ner"]
    docs = nlp.pipe([example.text for example in examples], disable=others, batch_size=BATCH_DOCS)
    return [
        claims.Labelled(example, tuple(entity.label_ for entity in doc.ents))
        for example, doc in zip(examples, docs, strict=True)
    ]


def _step(name: str, start: float, figures: dict[str, float]) -> None:
    scores = " ".join(f"{key} {value:.1f}" for key, value in figures.items())
    _log.info("%s: %.0f s %s", name, time.perf_counter() - start, scores)
