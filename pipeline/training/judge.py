"""A gold standard and a model in, a report of every figure out: by class with intervals, by domain, calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.nlp.attributions import find_attributions
from pipeline.nlp.claims import assertion
from pipeline.nlp.entities import Found, tag_entities
from pipeline.nlp.sentences import split_sentences
from pipeline.nlp.spans import LABELS
from pipeline.training import attributions, entities, sentences
from pipeline.training.gold import ONTONOTES_AS_SHARED, Gold
from pipeline.training.scoring import Bin, Count, Figure, calibration_bins, expected_calibration_error, figures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Assertion, Attribution, Span
    from pipeline.training.brat import Document, Quoted, Ranges
    from pipeline.training.datasets import Example

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
class Report:
    """All that was measured. ``confusion``: for each gold label how often each label was found."""

    model: str
    model_hash: str
    format: str
    tasks: tuple[Task, ...]
    confusion: dict[str, dict[str, int]] | None = None
    calibration: Calibration | None = None
    ignored: tuple[str, ...] = ()


Units = list[tuple[str, dict[str, Count]]]


def judge(gold: Gold, model: Model) -> Report:
    """Measure all that the data has labels for. Everything is a percentage; intervals are of 95 %."""
    tasks: list[Task] = []
    confusion = calibration = None
    if gold.splits:
        units = [(domain, {"all": sentences.count(split, model)}) for domain, split in gold.splits]
        tasks.append(_task("sentences, exact spans", "documents", units))
    if gold.documents:
        units = [(document.domain, _overlaps(document, model)) for document in gold.documents]
        tasks.append(_task("attributions, overlap", "documents", units))
    if gold.format in {"news_gold", "IOB"}:
        tasks.append(_task("entities, strict", "sentences", _count_entities(gold, model)))
    if gold.format in {"news_gold", "ClaimBuster", "CheckThat!"}:
        found = _classify(gold.examples, model)
        claims, confusion, calibration = _judge_claims(gold, found)
        tasks.append(claims)
        if gold.format == "news_gold":
            units = _count_types(gold.examples, found)
            tasks.append(_task("claim types", "sentences", units))
    if gold.format == "news_gold":
        units = _count_attributions(gold.examples, model)
        tasks.append(_task("attributions, exact", "articles", units, overall="source and cue"))
    name = f"{model.name}-{model.version}"
    return Report(name, model.hash, gold.format, tuple(tasks), confusion, calibration, gold.ignored)


def _task(name: str, unit: str, units: Units, *, macro: Sequence[str] = (), overall: str = "all") -> Task:
    by_domain: dict[str, list[Mapping[str, Count]]] = {}
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
    docs = entities.predict(model.nlp, (example.text for example in gold.examples))
    units: Units = []
    for example, doc in zip(gold.examples, docs, strict=True):
        names = entities.names_of(doc)
        if gold.shared_labels:
            names = {
                Found(name.start, name.end, ONTONOTES_AS_SHARED[name.label])
                for name in names
                if name.label in ONTONOTES_AS_SHARED
            }
        wanted = {Found(mention.start, mention.end, mention.label) for mention in example.mentions}
        units.append((example.domain, entities.count(names, wanted)))
    return units


def _classify(examples: Sequence[Example], model: Model) -> list[Assertion]:
    docs = entities.predict(model.nlp, (example.text for example in examples))
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
                label: Count(label == one == example.claim, label == one, label == example.claim)
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
        counts = {name: Count(name in types & wanted, name in types, name in wanted) for name in types | wanted}
        counts["all"] = Count(len(types & wanted), len(types), len(wanted))
        units.append((example.domain, counts))
    return units


def _count_attributions(examples: Sequence[Example], model: Model) -> Units:
    articles = attributions.articles(examples)
    return [(article.examples[0].domain, attributions.compare(model, article)) for article in articles]


def _overlaps(document: Document, model: Model) -> dict[str, Count]:
    """Count attributions that overlap one annotated attribution: in source and cue, and in the content as well."""
    units = split_sentences([document.text], model)
    found = find_attributions([document.text], units, tag_entities([document.text], units, model), model)[0]
    gold = document.attributions
    both = _matched(found, gold, lambda one, other: _touch(one.source, other.source) and _touch(one.cue, other.cue))
    return {
        "source and cue": Count(both, len(found), len(gold)),
        "all": Count(_matched(found, gold, _alike), len(found), len(gold)),
    }


def _matched(found: Sequence[Attribution], gold: Sequence[Quoted], alike: Callable[[Attribution, Quoted], bool]) -> int:
    """Count the attributions that are like an annotated one, each of which counts once."""
    left = list(gold)
    for one in found:
        match = next((other for other in left if alike(one, other)), None)
        if match is not None:
            left.remove(match)
    return len(gold) - len(left)


def _alike(one: Attribution, other: Quoted) -> bool:
    pairs = ((one.source, other.source), (one.cue, other.cue), (one.content, other.content))
    return all(_touch(span, ranges) for span, ranges in pairs)


def _touch(span: Span | None, ranges: Ranges) -> bool:
    if span is None or not ranges:
        return span is None and not ranges
    return any(span.start < end and start < span.end for start, end in ranges)
