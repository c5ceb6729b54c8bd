"""Annotated sentences and a model in, how many of their names are found out: by label, source and culture."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from pipeline.nlp.names.borders import NameSpan, tidy
from pipeline.nlp.names.entities import tag_entities
from pipeline.nlp.text.characters import plain
from pipeline.training.attribution_scores import articles
from pipeline.training.cultures import measured
from pipeline.training.scoring import SEED, MatchCount, f1
from pipeline.training.swaps import rename

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from spacy.language import Language
    from spacy.tokens import Doc

    from pipeline.nlp.model import Model
    from pipeline.training.data.datasets import Example

_NOT_ANNOTATED = frozenset({"ORDINAL", "LANGUAGE"})  # in news_gold


def source_of(example: Example) -> str:
    """Return where a sentence is from: ``news`` (wires), ``newspaper``, or ``press`` with blogs and papers."""
    return example.domain if example.domain in {"news", "newspaper"} else "press"


def wanted(example: Example) -> set[NameSpan]:
    """Return the annotated names of a sentence."""
    return {NameSpan(mention.start, mention.end, mention.label) for mention in example.mentions}


def score(nlp: Language, examples: Sequence[Example]) -> dict[str, float]:
    """Return the strict F1 (span and label) of each label and of ``all``, after ``tidy``."""
    totals: dict[str, list[int]] = {}
    for example, doc in zip(examples, predict(nlp, (example.text for example in examples)), strict=True):
        for label, counts in count(names_of(doc), wanted(example)).items():
            total = totals.setdefault(label, [0, 0, 0])
            totals[label] = [one + other for one, other in zip(total, counts, strict=True)]
    return {label: f1(*counts) for label, counts in totals.items() if counts[2]}


def count(names: AbstractSet[NameSpan], wanted: AbstractSet[NameSpan]) -> dict[str, MatchCount]:
    """Count names of one sentence by label and in ``all``; right is what has the same span and label."""
    labels = {span.label for span in names | wanted}
    sides = (names & wanted, names, wanted)
    counts = {label: MatchCount(*(sum(span.label == label for span in side) for side in sides)) for label in labels}
    return {**counts, "all": MatchCount(*map(len, sides))}


def predict(nlp: Language, texts: Iterable[str]) -> Iterator[Doc]:
    """Tag texts as the program does: each sentence a document, in plain characters."""
    others = [name for name in nlp.component_names if name != "ner"]
    return nlp.pipe((plain(text) for text in texts), disable=others, batch_size=32)


def find(model: Model, examples: Iterable[Example]) -> Iterator[tuple[Example, set[NameSpan]]]:
    """Find names as the program does, with all that it knows of a whole article; in the order of the articles."""
    for article in articles(examples):
        (entities,) = tag_entities([article.text], [article.units], model.nlp, model.tagger)
        names: list[set[NameSpan]] = [set() for _ in article.examples]
        for one in entities:
            if one.label not in _NOT_ANNOTATED:
                first = article.units[one.sentence].start
                names[one.sentence].add(NameSpan(one.start - first, one.end - first, one.label))
        yield from zip(article.examples, names, strict=True)


def names_of(doc: Doc) -> set[NameSpan]:
    """Return a document's names in news_gold's convention; ordinals and languages are not annotated there."""
    spans = [NameSpan(span.start_char, span.end_char, span.label_) for span in doc.ents]
    return {span for span in tidy(doc.text, spans) if span.label not in _NOT_ANNOTATED}


def of_people(model: Model, examples: Sequence[Example]) -> dict[str, list[dict[str, MatchCount]]]:
    """Count PERSON in the articles that name people: ``as they are``, and where all have names of one culture."""
    named = [
        one
        for article in articles(examples)
        if any(mention.label == "PERSON" for one in article.examples for mention in one.mentions)
        for one in article.examples
    ]
    counts = {"as they are": _count_people(model, named)} if named else {}
    for name, culture in measured().items() if named else ():
        draw = partial(culture.person, Random(SEED))  # noqa: S311  (no secret)
        counts[name] = _count_people(model, rename(named, draw))
    return counts


def _count_people(model: Model, examples: Sequence[Example]) -> list[dict[str, MatchCount]]:
    units = []
    for example, names in find(model, examples):
        units.append({"PERSON": count(names, wanted(example)).get("PERSON", MatchCount(0, 0, 0))})
    return units
