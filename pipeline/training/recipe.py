"""The steps from bases and data to the shipped model, in order, each with its time and its score on dev logged."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import orjson
from thinc.api import NumpyOps, set_current_ops

from pipeline.nlp.cascade import Cascade
from pipeline.nlp.model import load_spacy, use_one_core
from pipeline.nlp.network import Network
from pipeline.training import claims, entities, sentences
from pipeline.training.base import load_base, write_spacy
from pipeline.training.datasets import Example, news_part, read_claimbuster, without_leaks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spacy.language import Language

    from pipeline.training.splits import Part

NAME, VERSION = "claimwire-en", "0.2.0"

_BATCH_DOCS = 32

_log = logging.getLogger(__name__)


def rebuild(data: Path, base: Path, out: Path) -> None:
    """Write a model folder from the base pipeline and the data; the card and the licences are written by hand."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    use_one_core()
    out.mkdir(parents=True, exist_ok=True)
    train_spacy(data, base, out)
    start = time.perf_counter()
    if (out / "claims" / "network.onnx").exists():
        _log.info("network: kept; delete it to make it again")
    else:
        from pipeline.training.distil import make_network  # noqa: PLC0415  (only this step needs torch)

        make_network(data, base, out / "claims")
        _step("network", start, {})
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
    """Train the linear classifier on news and on the debates before 2012."""
    start = time.perf_counter()
    nlp = load_spacy(out / "spacy")
    train_set = label([*news_part(data, "train"), *early_debates(data)], nlp)
    linear = claims.train(train_set)
    config = claims.calibrate(linear, Network.read(out / "claims"), label(news_part(data, "dev"), nlp))
    claims.write(linear, config, out / "claims")
    _step("claims", start, {})
    for name, figures in measure_claims(data, out, "dev").items():
        _step(f"claims, {name}", start, figures)


def measure_claims(data: Path, out: Path, part: Part) -> dict[str, dict[str, float]]:
    """Measure the claims of a part of news and of the debates."""
    nlp, cascade = load_spacy(out / "spacy"), Cascade.read(out / "claims")
    debates = [example for example in read_claimbuster(data) if example.part == part]
    return {
        "news": claims.measure(cascade, label(news_part(data, part), nlp)),
        "debates": claims.measure(cascade, label(debates, nlp)),
    }


def early_debates(data: Path) -> list[Example]:
    """Give ClaimBuster's train part, without sentences that stand in later debates too."""
    debates = read_claimbuster(data)
    later = [example for example in debates if example.part != "train"]
    return without_leaks([example for example in debates if example.part == "train"], later)


def label(examples: Sequence[Example], nlp: Language) -> list[claims.Labelled]:
    """Add to each example the entity labels that the tagger finds in it."""
    others = [name for name in nlp.component_names if name != "ner"]
    docs = nlp.pipe([example.text for example in examples], disable=others, batch_size=_BATCH_DOCS)
    return [
        claims.Labelled(example, tuple(entity.label_ for entity in doc.ents))
        for example, doc in zip(examples, docs, strict=True)
    ]


def _step(name: str, start: float, figures: dict[str, float]) -> None:
    scores = " ".join(f"{key} {value:.1f}" for key, value in figures.items())
    _log.info("%s: %.0f s %s", name, time.perf_counter() - start, scores)
