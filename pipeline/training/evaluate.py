"""A model and the data in, all its figures out: what the model card and ``scores.json`` say, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.nlp.attributions import find_attributions
from pipeline.nlp.entities import tag_entities
from pipeline.nlp.names import name_words
from pipeline.nlp.spans import Sentence
from pipeline.training import claims, entities, sentences
from pipeline.training.datasets import news_part, read_claimbuster, read_news_docs
from pipeline.training.scoring import f1

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Attribution
    from pipeline.training.datasets import Example, Report
    from pipeline.training.splits import Part

_Key = tuple[int, tuple[int, int] | None, tuple[int, int] | None]
_ARTICLES = ("the ", "a ", "an ")


@dataclass(frozen=True, slots=True)
class Article:
    """Annotated sentences of one article as one text, a line each, so that speakers can be resolved across them."""

    text: str
    units: tuple[Sentence, ...]
    examples: tuple[Example, ...]


def evaluate(model: Model, data: Path, part: Part) -> dict[str, dict[str, float]]:
    """Measure everything on a part: ``dev`` while working, ``test`` for the figures that are published."""
    news = news_part(data, part)
    debates = [example for example in read_claimbuster(data) if example.part == part]
    documents = [example for example in read_news_docs(data) if example.part == part]
    return {
        "entities, news": entities.score(model.nlp, news),
        "claims, news": claims.measure(model.claims, label(news, model)),
        "claims, debates": claims.measure(model.claims, label(debates, model)),
        "attributions, news": score_attributions(model, [as_article([example]) for example in news]),
        "speakers, news": score_speakers(model, articles(documents)),
        "sentences": score_sentences(model, data),
    }


def label(examples: Sequence[Example], model: Model) -> list[claims.Labelled]:
    """Add to each example the labels of the entities that the model finds in it."""
    docs = entities.predict(model.nlp, (example.text for example in examples))
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
    found = gold = right = cues_found = cues_gold = cues_right = exact = 0
    for article in articles:
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
        found, gold, right = found + len(names), gold + len(wanted), right + len(both)
        cues_found, cues_gold = cues_found + len(cues[0]), cues_gold + len(cues[1])
        cues_right += len(cues[0] & cues[1])
        exact += sum(_content(names[key], offsets) == wanted[key].content for key in both)
    return {
        "source_cue_f1": f1(right, found, gold),
        "precision": 100.0 * right / max(1, found),
        "recall": 100.0 * right / max(1, gold),
        "cue_f1": f1(cues_right, cues_found, cues_gold),
        "content_exact": 100.0 * exact / max(1, right),
    }


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
