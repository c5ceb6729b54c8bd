"""Annotated attributions and a model in, how many are found with source, cue, content and speaker out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.nlp.spans import Sentence
from pipeline.nlp.speakers.bodies import is_of_members
from pipeline.training.scoring import MatchCount, f1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Attribution, Span
    from pipeline.training.data.brat import BratDocument, Quoted, Ranges
    from pipeline.training.data.datasets import Example, StepReport

_Range = tuple[int, int]
_Key = tuple[_Range | None, _Range | None]  # source and cue, by characters of the text
_ARTICLES = ("the ", "a ", "an ")
_BODIES = frozenset({"ORG", "GPE", "NORP"})


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """Annotated sentences of one article as one text, a line each, so that speakers can be resolved across them."""

    text: str
    units: tuple[Sentence, ...]
    examples: tuple[Example, ...]

    @property
    def names_speakers(self) -> bool:
        """Whether its annotators said who is meant: those of news_docs did, those of news_gold did not."""
        return any(report.speaker for example in self.examples for report in example.reports)


def articles(examples: Iterable[Example]) -> list[AnnotatedArticle]:
    """Put the sentences of each article together."""
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.article or example.id, []).append(example)
    return [as_article(group) for group in groups.values()]


def as_article(examples: Sequence[Example]) -> AnnotatedArticle:
    """Make one text of sentences, each on a line and a unit of its own."""
    units, start = [], 0
    for index, example in enumerate(examples):
        units.append(Sentence(index, start, start + len(example.text), index, "sentence"))
        start += len(example.text) + 1
    return AnnotatedArticle("\n".join(example.text for example in examples), tuple(units), tuple(examples))


def score_attributions(model: Model, articles: Sequence[AnnotatedArticle]) -> dict[str, float]:
    """Return F1 of source with cue, of the cue alone, and the share of contents that are exact where both are right."""
    counts = _sum([compare(model, article) for article in articles])
    both, cues = counts["source and cue"], counts["cue"]
    return {
        "source_cue_f1": f1(*both),
        "precision": 100.0 * both.right / max(1, both.found),
        "recall": 100.0 * both.right / max(1, both.gold),
        "cue_f1": f1(*cues),
        "content_exact": 100.0 * counts["with content"].right / max(1, both.right),
    }


def compare(model: Model, article: AnnotatedArticle) -> dict[str, MatchCount]:
    """Count the attributions of an article: those whose cue is exact, source and cue, and these with the content."""
    names = _by_cue(_attribute(model, article))
    wanted: dict[_Key, StepReport] = {}
    contents: dict[_Key, _Range] = {}
    for start, example in _starts(article):
        for report in example.reports:
            if report.cue and report.content:
                key = (_moved(report.source, start), _moved(report.cue, start))
                wanted[key], contents[key] = report, (report.content[0] + start, report.content[1] + start)
    both = set(names) & set(wanted)
    cues = [{cue for _, cue in side} for side in (names, wanted)]
    exact = sum(_range(names[key].content) == contents[key] for key in both)
    return {
        "cue": MatchCount(len(cues[0] & cues[1]), len(cues[0]), len(cues[1])),
        "source and cue": MatchCount(len(both), len(names), len(wanted)),
        "with content": MatchCount(exact, len(names), len(wanted)),
    }


def _by_cue(found: Iterable[Attribution]) -> dict[_Key, Attribution]:
    """Return one attribution for each source and cue: that of the longest content in the sentence of the cue.

    So the guide of news_gold has it; a quote that its cue interrupts, or that goes before it, has several.
    """
    by_length = sorted(found, key=lambda one: (one.sentence, one.content.end - one.content.start))
    return {(_range(one.source), _range(one.cue)): one for one in by_length if one.cue}


def score_speakers(model: Model, articles: Sequence[AnnotatedArticle]) -> dict[str, float]:
    """Return the share of speakers that are right where one is named and the cue was found, and their number.

    Of every speaker that stands in the data, missed cues among them, ``of_all`` is the share that is right; of those
    that were given, ``wrong`` is the share that is not. See ``compare_speakers``.
    """
    counts = _sum([compare_speakers(model, article) for article in articles])
    named, everyone = counts["where one is named"], counts["all"]
    return {
        "named": float(named.gold),
        "right": 100.0 * named.right / max(1, named.gold),
        "of_all": 100.0 * everyone.right / max(1, everyone.gold),
        "wrong": 100.0 * (everyone.found - everyone.right) / max(1, everyone.found),
        "f1": f1(*everyone),
    }


def compare_speakers(model: Model, article: AnnotatedArticle) -> dict[str, MatchCount]:
    """Count the speakers of an article that are right, where one is named and the cue was found, and among all.

    Right is the canonical name of the data, the fullest form that stands in the article; case, a leading article and
    the blank before a possessive do not count. Of unnamed members of a named body ("NATO officials") the body and
    nobody are both right: annotators differ on them (SOURCE.txt of news_docs).
    """
    found = {cue: one for (_, cue), one in _by_cue(_attribute(model, article)).items()}
    named = right = given = missed = 0
    for start, example in _starts(article):
        for report in example.reports:
            if not report.cue:
                continue
            one = found.get(_moved(report.cue, start))
            speaker = one.speaker if one is not None else None
            either = not (speaker and report.speaker) and _is_of_members_of_a_body(example, report)
            if report.speaker and one is not None:
                named += 1
                right += either or _bare(speaker or "") == _bare(report.speaker)
                given += either or speaker is not None
            elif not either:
                missed += report.speaker is not None
                given += speaker is not None
    return {"where one is named": MatchCount(right, named, named), "all": MatchCount(right, given, named + missed)}


def _is_of_members_of_a_body(example: Example, report: StepReport) -> bool:
    if report.source is None or not is_of_members(example.text[slice(*report.source)]):
        return False
    start, end = report.source
    return any(start <= one.start and one.end <= end and one.label in _BODIES for one in example.mentions)


def overlap(model: Model, document: BratDocument) -> dict[str, MatchCount]:
    """Count attributions that share characters with an annotated one: in source and cue, and in the content as well.

    An attribution counts once for each cue, as PolNeAR annotates them: all have a cue, and each token belongs to one
    attribution at most (Newell et al., LREC 2018), so that a quote's later sentences are content of the first cue.
    """
    units = model.split_sentences([document.text])
    names = model.tag_entities([document.text], units)
    found = list(_by_cue(model.find_attributions([document.text], units, names)[0].attributions).values())
    gold = document.attributions
    both = _matched(found, gold, lambda one, other: _touch(one.source, other.source) and _touch(one.cue, other.cue))
    exact = _matched(found, gold, lambda one, other: _is(one.source, other.source) and _is(one.cue, other.cue))
    return {
        "source and cue": MatchCount(both, len(found), len(gold)),
        "exact": MatchCount(exact, len(found), len(gold)),
        "with content": MatchCount(_matched(found, gold, _alike), len(found), len(gold)),
    }


def score_overlap(model: Model, documents: Iterable[BratDocument]) -> dict[str, float]:
    """Return the F1 of ``overlap`` over all documents."""
    counts = _sum([overlap(model, document) for document in documents])
    return {name: f1(*count) for name, count in counts.items()}


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


def _is(span: Span | None, ranges: Ranges) -> bool:
    return ranges == (((span.start, span.end),) if span is not None else ())


def _sum(counts: Sequence[Mapping[str, MatchCount]]) -> dict[str, MatchCount]:
    names = counts[0] if counts else {}
    return {name: MatchCount(*map(sum, zip(*(one[name] for one in counts), strict=True))) for name in names}


def _attribute(model: Model, article: AnnotatedArticle) -> list[Attribution]:
    names = model.tag_entities([article.text], [article.units])
    return model.find_attributions([article.text], [article.units], names)[0].attributions


def _starts(article: AnnotatedArticle) -> Iterator[tuple[int, Example]]:
    return ((unit.start, example) for unit, example in zip(article.units, article.examples, strict=True))


def _moved(span: _Range | None, start: int) -> _Range | None:
    return (span[0] + start, span[1] + start) if span is not None else None


def _range(span: Span | None) -> _Range | None:
    return (span.start, span.end) if span is not None else None


def _bare(name: str) -> str:
    bare = name.lower().replace(" 's", "'s").strip()
    for article in _ARTICLES:
        bare = bare.removeprefix(article)
    return bare
