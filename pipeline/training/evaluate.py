"""A model and the data in, all its figures out: what the model card and ``scores.json`` say, in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.training import claims, entity_scores, sentences
from pipeline.training.attribution_scores import articles, as_article, score_attributions, score_overlap, score_speakers
from pipeline.training.data import brat
from pipeline.training.data.claim_sets import claims_part
from pipeline.training.data.datasets import names_part, news_part, read_news_docs, read_news_papers
from pipeline.training.scoring import figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.nlp.model import Model
    from pipeline.training.data.datasets import Example
    from pipeline.training.data.splits import Part


def evaluate(model: Model, data: Path, part: Part) -> dict[str, dict[str, float]]:
    """Measure everything on a part: ``dev`` while working, ``test`` for the figures that are published."""
    news = news_part(data, part)
    by_kind = claims_part(data, part)
    documents = [example for example in read_news_docs(data) if example.part == part]
    return {
        **{f"entities, {source}": score_names(model, own) for source, own in by_source(data, part).items()},
        "people, recall by whose names stand in the texts": score_people(model, names_part(data, part)),
        **{f"claims, {kind}": claims.measure(model.claims, label(own, model)) for kind, own in by_kind.items()},
        "attributions, news": score_attributions(model, [as_article([example]) for example in news]),
        "speakers, news": score_speakers(model, articles(documents)),
        **papers_scores(model, data, part),
        "attributions, PolNeAR dev": score_overlap(model, brat.read(data / "attribution_polnear_dev_evalonly")),
        "sentences": score_sentences(model, data),
    }


def by_source(data: Path, part: Part) -> dict[str, list[Example]]:
    """Return a part of what has annotated names by its source: wires, newspapers, the press and others."""
    sources: dict[str, list[Example]] = {}
    for example in names_part(data, part):
        sources.setdefault(entity_scores.source_of(example), []).append(example)
    return sources


def score_names(model: Model, examples: Sequence[Example]) -> dict[str, float]:
    """Return the strict F1 of each label and of ``all``, with what 95 % of resampled data have, as the program tags."""
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
    """Return the share of the people that are found in the same texts with names of one culture each."""
    return {
        culture: figures(units)["PERSON"].recall for culture, units in entity_scores.of_people(model, examples).items()
    }


def papers_scores(model: Model, data: Path, part: Part) -> dict[str, dict[str, float]]:
    """Return how well who says what is found in newspapers; nothing for test, which is held out elsewhere."""
    papers = articles(example for example in read_news_papers(data) if example.part == part)
    if not papers:
        return {}
    return {
        "attributions, papers": score_attributions(model, papers),
        "speakers, papers": score_speakers(model, papers),
    }


def label(examples: Sequence[Example], model: Model) -> list[claims.Labelled]:
    """Add to each example the labels of the entities that the model finds in it."""
    docs = entity_scores.predict(model.nlp, (example.text for example in examples))
    return [
        claims.Labelled(example, tuple(span.label_ for span in doc.ents))
        for example, doc in zip(examples, docs, strict=True)
    ]


def score_sentences(model: Model, data: Path) -> dict[str, float]:
    """Measure sentences on held-out treebank documents and on the golden rules (all of them: none was trained on)."""
    gum = [data / "sent_ud_gum" / "dep_open" / f"{name}.conllu" for name in sentences.GUM_DEV]
    rules = sentences.read_golden(data / "sent_pysbd_golden" / "golden_en.jsonl")
    return {
        "gum_f1": sentences.score([document for path in gum for document in sentences.read_ud(path)], model),
        "ewt_dev_f1": sentences.score(sentences.read_ud(data / "sent_ud_ewt" / "en_ewt-ud-dev.conllu"), model),
        "golden_rules_of_48": float(sentences.passed(rules, model)),
    }
