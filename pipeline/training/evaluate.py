"""A model and the data in, all its figures out: what the model card and ``scores.json`` say, in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.training import brat, claims, entity_scores, sentences
from pipeline.training.attributions import articles, as_article, score_attributions, score_overlap, score_speakers
from pipeline.training.claim_sets import claims_part
from pipeline.training.datasets import names_part, news_part, read_news_docs
from pipeline.training.scoring import figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.nlp.model import Model
    from pipeline.training.datasets import Example
    from pipeline.training.splits import Part


def evaluate(model: Model, data: Path, part: Part) -> dict[str, dict[str, float]]:
    """Measure everything on a part: ``dev`` while working, ``test`` for the figures that are published."""
    news = news_part(data, part)
    documents = [example for example in read_news_docs(data) if example.part == part]
    return {
        **{f"entities, {source}": score_names(model, own) for source, own in by_source(data, part).items()},
        "people, recall by whose names stand in the texts": score_people(model, names_part(data, part)),
        **{f"claims, {kind}": claims.measure(model.claims, own) for kind, own in claims_part(data, part).items()},
        "attributions, news": score_attributions(model, [as_article([example]) for example in news]),
        "speakers, news": score_speakers(model, articles(documents)),
        "attributions, PolNeAR dev": score_overlap(model, brat.read(data / "attribution_polnear_dev_evalonly")),
        "sentences": score_sentences(model, data),
    }


def by_source(data: Path, part: Part) -> dict[str, list[Example]]:
    """Give a part of what has annotated names by its source: wires, newspapers, the press and others."""
    sources: dict[str, list[Example]] = {}
    for example in names_part(data, part):
        sources.setdefault(entity_scores.source_of(example), []).append(example)
    return sources


def score_names(model: Model, examples: Sequence[Example]) -> dict[str, float]:
    """Give the strict F1 of each label and of ``all``, with what 95 % of resampled data have, as the program tags."""
    units = [
        entity_scores.count(names, entity_scores.wanted(one)) for one, names in entity_scores.find(model, examples)
    ]
    found = figures(units)
    return {
        **{name: one.f1 for name, one in found.items() if one.gold},
        "low": found["all"].low,
        "high": found["all"].high,
    }


def score_people(model: Model, examples: Sequence[Example]) -> dict[str, float]:
    """Give the share of the people that are found in the same texts with names of one culture each."""
    return {
        culture: figures(units)["PERSON"].recall for culture, units in entity_scores.of_people(model, examples).items()
    }


def score_sentences(model: Model, data: Path) -> dict[str, float]:
    """Measure sentences on held-out treebank documents and on the golden rules (all of them: none was trained on)."""
    gum = [data / "sent_ud_gum" / "dep_open" / f"{name}.conllu" for name in sentences.GUM_DEV]
    rules = sentences.read_golden(data / "sent_pysbd_golden" / "golden_en.jsonl")
    return {
        "gum_f1": sentences.score([document for path in gum for document in sentences.read_ud(path)], model),
        "ewt_dev_f1": sentences.score(sentences.read_ud(data / "sent_ud_ewt" / "en_ewt-ud-dev.conllu"), model),
        "golden_rules_of_48": float(sentences.passed(rules, model)),
    }
