"""Annotated sentences and a model in, how many of their names are found out: by label, source and culture."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from pipeline.nlp.names.borders import Found, tidy
from pipeline.nlp.names.entities import tag_entities
from pipeline.nlp.text.characters import plain
from pipeline.training.attributions import articles
from pipeline.training.cultures import measured
from pipeline.training.scoring import SEED, Count, f1, figures
from pipeline.training.swaps import rename

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from spacy.language import Language
    from spacy.tokens import Doc

    from pipeline.nlp.model import Model
    from pipeline.training.datasets import Example
    from pipeline.training.scoring import Figure

_NOT_ANNOTATED = frozenset({"ORDINAL", "LANGUAGE"})  # in news_gold


def score_sources(nlp: Language, examples: Sequence[Example]) -> dict[str, float]:
    """Give the strict F1 over all labels of each source (wires, newspapers, press) and the ``mean`` of them."""
    sources: dict[str, list[Example]] = {}
    for example in examples:
        sources.setdefault(example.domain if example.domain in {"news", "newspaper"} else "press", []).append(example)
    result = {source: round(score(nlp, own)["all"], 2) for source, own in sources.items()}
    return {**result, "mean": round(sum(result.values()) / len(result), 2)}


def score(nlp: Language, examples: Sequence[Example]) -> dict[str, float]:
    """Give the strict F1 (span and label) of each label and of ``all``, after ``tidy``."""
    totals: dict[str, list[int]] = {}
    for example, doc in zip(examples, predict(nlp, (example.text for example in examples)), strict=True):
        wanted = {Found(mention.start, mention.end, mention.label) for mention in example.mentions}
        for label, counts in count(names_of(doc), wanted).items():
            total = totals.setdefault(label, [0, 0, 0])
            totals[label] = [one + other for one, other in zip(total, counts, strict=True)]
    return {label: f1(*counts) for label, counts in totals.items() if counts[2]}


def count(names: AbstractSet[Found], wanted: AbstractSet[Found]) -> dict[str, Count]:
    """Count names of one sentence by label and in ``all``; right is what has the same span and label."""
    labels = {span.label for span in names | wanted}
    sides = (names & wanted, names, wanted)
    counts = {label: Count(*(sum(span.label == label for span in side) for side in sides)) for label in labels}
    return {**counts, "all": Count(*map(len, sides))}


def predict(nlp: Language, texts: Iterable[str]) -> Iterator[Doc]:
    """Tag texts as the program does: each sentence a document, in plain characters."""
    others = [name for name in nlp.component_names if name != "ner"]
    return nlp.pipe((plain(text) for text in texts), disable=others, batch_size=32)


def find(model: Model, examples: Iterable[Example]) -> Iterator[tuple[Example, set[Found]]]:
    """Find names as the program does, with all that it knows of a whole article; in the order of the articles."""
    for article in articles(examples):
        (entities,) = tag_entities([article.text], [article.units], model.nlp, model.tagger)
        names: list[set[Found]] = [set() for _ in article.examples]
        for one in entities:
            if one.label not in _NOT_ANNOTATED:
                first = article.units[one.sentence].start
                names[one.sentence].add(Found(one.start - first, one.end - first, one.label))
        yield from zip(article.examples, names, strict=True)


def names_of(doc: Doc) -> set[Found]:
    """Give a document's names in news_gold's convention; ordinals and languages are not annotated there."""
    spans = [Found(span.start_char, span.end_char, span.label_) for span in doc.ents]
    return {span for span in tidy(doc.text, spans) if span.label not in _NOT_ANNOTATED}


def recall_by_culture(model: Model, examples: Sequence[Example]) -> dict[str, Figure]:
    """Give the figures of PERSON where all people of the same texts have names of one culture, and as they are."""
    named = [
        one
        for article in articles(examples)
        if any(mention.label == "PERSON" for one in article.examples for mention in one.mentions)
        for one in article.examples
    ]
    result = {"as they are": _of_people(model, named)}
    for name, culture in measured().items():
        random = Random(SEED)  # noqa: S311  (no secret)
        result[name] = _of_people(model, rename(named, lambda: culture.person(random)))  # noqa: B023
    return result


def _of_people(model: Model, examples: Sequence[Example]) -> Figure:
    units = []
    for example, names in find(model, examples):
        wanted = {Found(one.start, one.end, one.label) for one in example.mentions}
        units.append({"PERSON": count(names, wanted).get("PERSON", Count(0, 0, 0))})
    return figures(units)["PERSON"]
