"""Annotated attributions and a model in, how many are found with source, cue, content and speaker out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.nlp.attributions import find_attributions
from pipeline.nlp.entities import tag_entities
from pipeline.nlp.names import name_words
from pipeline.nlp.spans import Sentence
from pipeline.training.scoring import Count, f1

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Attribution
    from pipeline.training.datasets import Example, Report

_Key = tuple[int, tuple[int, int] | None, tuple[int, int] | None]
_ARTICLES = ("the ", "a ", "an ")


@dataclass(frozen=True, slots=True)
class Article:
    """Annotated sentences of one article as one text, a line each, so that speakers can be resolved across them."""

    text: str
    units: tuple[Sentence, ...]
    examples: tuple[Example, ...]


def articles(examples: Iterable[Example]) -> list[Article]:
    """Put the sentences of each article together."""
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.article or example.id, []).append(example)
    return [as_article(group) for group in groups.values()]


def as_article(examples: Sequence[Example]) -> Article:
    """Make one text of sentences, each on a line and a unit of its own."""
    units, start = [], 0
    for index, example in enumerate(examples):
        units.append(Sentence(index, start, start + len(example.text), index, "sentence"))
        start += len(example.text) + 1
    return Article("\n".join(example.text for example in examples), tuple(units), tuple(examples))


def score_attributions(model: Model, articles: Sequence[Article]) -> dict[str, float]:
    """Give F1 of source with cue, of the cue alone, and the share of contents that are exact where both are right."""
    compared = [compare(model, article) for article in articles]
    both, cues = (_sum([one[name] for one in compared]) for name in ("source and cue", "cue"))
    return {
        "source_cue_f1": f1(*both),
        "precision": 100.0 * both.right / max(1, both.found),
        "recall": 100.0 * both.right / max(1, both.gold),
        "cue_f1": f1(*cues),
        "content_exact": 100.0 * _sum([one["with content"] for one in compared]).right / max(1, both.right),
    }


def compare(model: Model, article: Article) -> dict[str, Count]:
    """Count the attributions of an article: those whose cue is exact, source and cue, and these with the content."""
    offsets = [unit.start for unit in article.units]
    names = {_key(one, offsets): one for one in _attribute(model, article) if one.cue}
    wanted: dict[_Key, Report] = {
        (index, report.source, report.cue): report
        for index, example in enumerate(article.examples)
        for report in example.reports
        if report.cue and report.content
    }
    both = set(names) & set(wanted)
    cues = [{(index, cue) for index, _, cue in side} for side in (names, wanted)]
    exact = sum(_content(names[key], offsets) == wanted[key].content for key in both)
    return {
        "cue": Count(len(cues[0] & cues[1]), len(cues[0]), len(cues[1])),
        "source and cue": Count(len(both), len(names), len(wanted)),
        "with content": Count(exact, len(names), len(wanted)),
    }


def _sum(counts: Sequence[Count]) -> Count:
    return Count(*(sum(column) for column in zip(*counts, strict=True)))


def score_speakers(model: Model, articles: Sequence[Article]) -> dict[str, float]:
    """Give how often the speaker is right where the article names one and the cue was found, exactly and loosely.

    Loosely: one name ends in the last word of the other or holds it ("Xinhua" and "Xinhua news agency").
    """
    named = exact = loose = 0
    for article in articles:
        offsets = [unit.start for unit in article.units]
        by_cue = {
            (key[0], key[2]): one for one in _attribute(model, article) if one.cue for key in [_key(one, offsets)]
        }
        for index, report in _named(article):
            found = by_cue.get((index, report.cue))
            if found is None:
                continue
            named += 1
            exact += found.speaker is not None and _bare(found.speaker) == _bare(report.speaker or "")
            loose += found.speaker is not None and _alike(_bare(found.speaker), _bare(report.speaker or ""))
    return {"named": float(named), "exact": 100.0 * exact / max(1, named), "loose": 100.0 * loose / max(1, named)}


def _named(article: Article) -> list[tuple[int, Report]]:
    return [
        (index, report)
        for index, example in enumerate(article.examples)
        for report in example.reports
        if report.speaker and report.cue
    ]


def _attribute(model: Model, article: Article) -> list[Attribution]:
    names = tag_entities([article.text], [article.units], model)
    return find_attributions([article.text], [article.units], names, model)[0]


def _key(one: Attribution, offsets: Sequence[int]) -> _Key:
    start = offsets[one.sentence]
    source, cue = (
        (span.start - start, span.end - start) if span is not None else None for span in (one.source, one.cue)
    )
    return one.sentence, source, cue


def _content(one: Attribution, offsets: Sequence[int]) -> tuple[int, int]:
    return one.content.start - offsets[one.sentence], one.content.end - offsets[one.sentence]


def _bare(name: str) -> str:
    bare = name.lower().replace(" 's", "'s").strip()
    for article in _ARTICLES:
        bare = bare.removeprefix(article)
    return bare


def _alike(one: str, other: str) -> bool:
    return one in other or other in one or name_words(one)[-1:] == name_words(other)[-1:]
