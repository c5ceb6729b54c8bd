"""A gold standard and a model in, a report of every figure out: by class with intervals, by domain, calibration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.labels import LABELS
from pipeline.nlp.claims.classify import assertion
from pipeline.nlp.names.borders import NameSpan
from pipeline.training import attribution_scores as attributions
from pipeline.training import entity_scores, revision_scores, sentences
from pipeline.training.data.gold import ONTONOTES_AS_SHARED, Gold
from pipeline.training.scoring import Bin, Figure, MatchCount, calibration_bins, expected_calibration_error, figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Assertion
    from pipeline.training.data.datasets import Example

WORTHY = ("Yes", "No")
_YES_FROM = 0.5  # of the calibrated probability


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the score of CFS is a probability: expected calibration error in percent, and the bins behind it."""

    ece: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that was measured: figures by class, and the overall one by domain where the data has several."""

    name: str
    unit: str
    units: int
    classes: dict[str, Figure]
    domains: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Judged:
    """All that was measured. ``confusion``: for each gold label how often each label was found."""

    model: str
    model_hash: str
    format: str
    tasks: tuple[Task, ...]
    confusion: dict[str, dict[str, int]] | None = None
    calibration: Calibration | None = None
    ignored: tuple[str, ...] = ()


Units = list[tuple[str, dict[str, MatchCount]]]


def judge(gold: Gold, model: Model) -> Judged:
    """Measure all that the data has labels for. Everything is a percentage; intervals are of 95 %."""
    tasks: list[Task] = []
    confusion = calibration = None
    if gold.splits:
        units = [(domain, {"all": sentences.count(split, model)}) for domain, split in gold.splits]
        tasks.append(_task("sentences, exact spans", "documents", units))
    if gold.documents:
        units = [(document.domain, attributions.overlap(model, document)) for document in gold.documents]
        tasks.append(_task("attributions, overlap", "documents", units, overall="source and cue"))
    for name, counts in revision_scores.count(gold.versions, model).items():
        tasks.append(_task(name, "versions", [("", one) for one in counts]))
    if gold.format in {"news_gold", "IOB"}:
        tasks.append(_task("entities, strict", "sentences", _count_entities(gold, model)))
    if gold.format == "news_gold" and (people := entity_scores.of_people(model, gold.examples)):
        tasks.append(_people(people))
    labelled = tuple(example for example in gold.examples if example.claim)
    if labelled and gold.format in {"news_gold", "news_claims", "ClaimBuster", "CheckThat!"}:
        found = _classify(labelled, model)
        claims, confusion, calibration = _judge_claims(replace(gold, examples=labelled), found)
        tasks.append(claims)
        if gold.format in {"news_gold", "news_claims"}:
            tasks.append(_task("claim types", "sentences", _count_types(labelled, found)))
    if gold.format == "news_gold":
        units = _count_attributions(gold.examples, model)
        tasks.append(_task("attributions, exact", "articles", units, overall="source and cue"))
        if units := _count_speakers(gold.examples, model):
            tasks.append(_task("speakers, canonical name", "articles", units))
    name = f"{model.name}-{model.version}"
    return Judged(name, model.hash, gold.format, tuple(tasks), confusion, calibration, gold.ignored)


def _task(name: str, unit: str, units: Units, *, macro: Sequence[str] = (), overall: str = "all") -> Task:
    by_domain: dict[str, list[Mapping[str, MatchCount]]] = {}
    for domain, counts in units:
        by_domain.setdefault(domain, []).append(counts)
    overalls = {
        domain: figure
        for domain, counts in sorted(by_domain.items())
        if (figure := figures(counts, macro=macro).get(overall)) is not None
    }
    classes = figures([counts for _, counts in units], macro=macro)
    return Task(name, unit, len(units), classes, overalls if len(by_domain) > 1 else {})


def _count_entities(gold: Gold, model: Model) -> Units:
    units: Units = []
    for example, found in entity_scores.find(model, gold.examples):
        names = found
        if gold.shared_labels:
            names = {
                NameSpan(name.start, name.end, ONTONOTES_AS_SHARED[name.label])
                for name in found
                if name.label in ONTONOTES_AS_SHARED
            }
        units.append((example.domain, entity_scores.count(names, entity_scores.wanted(example))))
    return units


def _people(people: Mapping[str, Sequence[Mapping[str, MatchCount]]]) -> Task:
    """Return the figures of people in the same texts, by the culture whose names stand in them."""
    by_culture = {culture: figures(units)["PERSON"] for culture, units in people.items()}
    return Task("people, by whose names stand in the texts", "sentences", len(people["as they are"]), by_culture, {})


def _classify(examples: Sequence[Example], model: Model) -> list[Assertion]:
    docs = entity_scores.predict(model.nlp, (example.text for example in examples))
    labels = (tuple(span.label_ for span in doc.ents) for doc in docs)
    judged = model.claims.judge([(example.text, found) for example, found in zip(examples, labels, strict=True)])
    return [assertion(one) for one in judged]


def _judge_claims(gold: Gold, found: Sequence[Assertion]) -> tuple[Task, dict[str, dict[str, int]], Calibration]:
    labels: Sequence[str] = LABELS
    answers: list[str] = [one.label for one in found]
    if gold.format == "CheckThat!":
        labels, answers = WORTHY, ["Yes" if one.score >= _YES_FROM else "No" for one in found]
    wanted = [example.claim for example in gold.examples]
    units = [
        (
            example.domain,
            {
                label: MatchCount(label == one == example.claim, label == one, label == example.claim)
                for label in {one, example.claim}
            },
        )
        for example, one in zip(gold.examples, answers, strict=True)
    ]
    confusion = {
        label: {other: sum(pair == (label, other) for pair in zip(wanted, answers, strict=True)) for other in labels}
        for label in labels
    }
    chances, true = [one.score for one in found], [label in {"CFS", "Yes"} for label in wanted]
    calibration = Calibration(
        round(expected_calibration_error(chances, true), 2), tuple(calibration_bins(chances, true))
    )
    return _task("claims", "sentences", units, macro=labels, overall="macro"), confusion, calibration


def _count_types(examples: Sequence[Example], found: Sequence[Assertion]) -> Units:
    units: Units = []
    for example, one in zip(examples, found, strict=True):
        types, wanted = set(one.types), set(example.types)
        counts = {name: MatchCount(name in types & wanted, name in types, name in wanted) for name in types | wanted}
        counts["all"] = MatchCount(len(types & wanted), len(types), len(wanted))
        units.append((example.domain, counts))
    return units


def _count_attributions(examples: Sequence[Example], model: Model) -> Units:
    articles = attributions.articles(examples)
    return [(article.examples[0].domain, attributions.compare(model, article)) for article in articles]


def _count_speakers(examples: Sequence[Example], model: Model) -> Units:
    articles = [article for article in attributions.articles(examples) if article.names_speakers]
    return [(article.examples[0].domain, attributions.compare_speakers(model, article)) for article in articles]
