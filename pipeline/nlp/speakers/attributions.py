"""Find attributions: who is said to have said, written or thought what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.layers.docs import word_zone
from pipeline.nlp.names.companies import as_companies
from pipeline.nlp.reports.parse import read_reports
from pipeline.nlp.spans import Attribution, Resolved, Span
from pipeline.nlp.speakers.missed import missed_names
from pipeline.nlp.speakers.pronouns import PRONOUNS
from pipeline.nlp.speakers.quoting import (
    Said,
    goes_on,
    is_closed,
    is_quote,
    kind_of,
    quotes_said,
    within_quotes,
)
from pipeline.nlp.speakers.references import meant_before, references_of
from pipeline.nlp.speakers.speakers import Speakers
from pipeline.nlp.speakers.turns import turns_of
from pipeline.nlp.text.quotes import Quotes, find_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spacy.language import Language

    from pipeline.nlp.layers.parser import Parser
    from pipeline.nlp.reports.phrases import Report
    from pipeline.nlp.spans import Entity, Reference, Sentence
    from pipeline.nlp.speakers.sieve import Resolution

    Range = tuple[int, int]

_READ = frozenset({"sentence", "headline"})
_SPEECHLESS = frozenset({"WORK_OF_ART", "EVENT", "PRODUCT", "LAW"})
_BETWEEN = " ,;:\u2013\u2014-"
_OWN_WORDS = "I"


def find_attributions(
    texts: Sequence[str],
    sentences: Sequence[Sequence[Sentence]],
    entities: Sequence[Sequence[Entity]],
    nlp: Language,
    parser: Parser,
) -> list[Resolved]:
    """Return the attributions of each text, by the sentence where their content starts, and what pronouns mean."""
    with word_zone(nlp):
        return [
            _attribute(_Article(text, own, names, read_reports(text, own, nlp, parser)))
            for text, own, names in zip(texts, sentences, entities, strict=True)
        ]


class _Article:
    """What the attributions of one text are made from; ``turns`` are those of its transcript, by paragraph."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sentence],
        entities: Sequence[Entity],
        reports: Mapping[int, Sequence[Report]],
    ) -> None:
        self.text, self.sentences, self.reports = text, sentences, reports
        self.quotes = Quotes(find_quotes(text))
        read = (one.index for one in sentences if one.kind in _READ)
        self.said = {index: quotes_said(text, sentences, index, self.quotes) for index in read}
        sources = list(_sources(sentences, reports, self.said))
        told = [one for one in entities if sentences[one.sentence].kind != "dateline"]  # town and agency say nothing
        names = as_companies(_without_mistaken(told, sources), text)
        missed = missed_names(text, sentences, names, sources)
        everybody = sorted([*names, *missed], key=lambda one: one.start)
        self.speakers = Speakers(text, sentences, everybody, self.quotes)
        self.turns = turns_of(text, sentences, self.speakers)

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.text[start:end])


def _attribute(article: _Article) -> Resolved:
    """Return what is said in a text and what its pronouns mean, sentence by sentence and pass by pass."""
    attributions: list[Attribution] = []
    references: list[Reference] = []
    for sentence in article.sentences:
        own: list[Attribution] = []
        meant = meant_before(article.text, sentence, article.speakers, article.quotes)
        for complete in (_of_reports, _of_quotes_said, _of_first_person, _of_other_halves, _of_quotes_left):
            own = complete(article, sentence, own)
        own = own or _without_report(article, sentence, attributions)
        references += references_of(article.text, sentence, meant, own)
        attributions += own
    attributions = _of_later_cues(attributions, article.sentences)
    return Resolved(sorted(attributions, key=lambda one: (one.content.start, one.content.end)), references)


def _of_reports(article: _Article, sentence: Sentence, _: Sequence[Attribution]) -> list[Attribution]:
    """Return what the reports of a sentence say; a sentence that is all quote reports what others said, not who did."""
    if is_quote(article.text, sentence, article.quotes):
        return []
    reports = article.reports.get(sentence.index, ())
    made = (_attribution(article, sentence, one, inner=_is_inner(one, reports)) for one in reports)
    return [one for one in made if one is not None]


def _attribution(article: _Article, sentence: Sentence, report: Report, *, inner: bool) -> Attribution | None:
    spans = (article.span(sentence.start + span[0], sentence.start + span[1]) if span else None for span in report)
    source, cue, content = spans
    assert cue is not None  # noqa: S101  (for mypy: only a report's source may be None)
    assert content is not None  # noqa: S101
    start, end = within_quotes(article.text, content.start, content.end, cue.start, article.quotes)
    if end <= start:
        return None
    content = article.span(start, end)
    kind = kind_of(article.text, content, article.quotes)
    attribution = Attribution(source, cue, content, kind, None, sentence.index)
    if source is None:
        return attribution
    if source.text == _OWN_WORDS and not article.quotes.touching(source.start, source.end):
        turn = article.turns.get(sentence.paragraph)
        return replace(attribution, speaker=turn.speaker if turn else None, resolved_by="attributions.turn")
    return _by(attribution, article.speakers.speaker_of(source, sentence.index, inner=inner))


def _of_quotes_said(article: _Article, sentence: Sentence, own: Sequence[Attribution]) -> list[Attribution]:
    """Add, or set right, what is said in quotes by somebody beside them: it is the quote, no more and no less."""
    own = list(own)
    for quote in article.said.get(sentence.index, ()):
        if quote.beside is None:
            continue
        source, cue = quote.beside
        content = article.span(quote.start, quote.end)
        same = [one for one in own if cue and one.cue and one.cue.start < cue[1] and cue[0] < one.cue.end]
        own = [one for one in own if one not in same]
        read = next((one for one in same if one.source and one.source.start <= source[0] < one.source.end), None)
        if read is not None:
            around = read.content.end <= content.start or content.end <= read.content.start
            if read.source and source[1] > read.source.end:
                read = replace(read, source=article.span(*source))
            own.append(read if around else replace(read, content=content, kind="direct"))
            continue
        span = article.span(*source)
        found = Attribution(span, cue and article.span(*cue), content, "direct", None, sentence.index)
        own.append(_by(found, article.speakers.speaker_of(span, _beside(sentence, source))))
    return own


def _beside(sentence: Sentence, source: Range) -> int:
    """Return the index of the sentence that the source of a quote stands in: its own, the one before or the next."""
    return sentence.index - (source[0] < sentence.start) + (source[0] >= sentence.end)


def _of_quotes_left(article: _Article, sentence: Sentence, own: Sequence[Attribution]) -> list[Attribution]:
    """Add the whole quoted sentences that nobody stands beside: they are quotes, whoever speaks."""
    left = [
        Attribution(None, None, article.span(quote.start, quote.end), "direct", None, sentence.index)
        for quote in article.said.get(sentence.index, ())
        if all(quote.end <= one.content.start or one.content.end <= quote.start for one in own)
    ]
    whole = is_quote(article.text, sentence, article.quotes)  # told with the sentences around it
    return [*own, *(() if whole else left)]


def _is_inner(report: Report, reports: Sequence[Report]) -> bool:
    """Return whether a report is within what another says: "Russia hopes" in "the document says Russia hopes to go"."""
    start, end = report.source or report.cue
    return any(one.source != report.source and one.content[0] <= start and end <= one.content[1] for one in reports)


def _of_first_person(_: _Article, __: Sentence, own: Sequence[Attribution]) -> list[Attribution]:
    """Return what "I" says in a quote to the quote's speaker: `"I hope so," said Jane Doe`; "he" is somebody else."""
    return [_of_another(_in_own_words(one, own), own) for one in own]


def _of_another(one: Attribution, own: Sequence[Attribution]) -> Attribution:
    """Leave out the speaker of a quote as who "he" is in it, and who is named behind it: `He left, Jane Doe said`."""
    if one.source is None or one.source.text.lower() not in PRONOUNS:
        return one
    start = one.source.start
    others = [other for other in own if other.source and other.source != one.source and other.speaker == one.speaker]
    around = (other for other in others if other.content.start <= start < other.content.end)
    same = any(other.kind != "indirect" or (other.source and other.source.start > start) for other in around)
    return replace(one, speaker=None, resolved_by="attributions.of_another") if same else one


def _in_own_words(one: Attribution, own: Sequence[Attribution]) -> Attribution:
    if one.source is None or one.source.text != _OWN_WORDS or one.speaker is not None:
        return one
    at = one.source.start
    quoted = (other for other in own if other.kind != "indirect" and other.source != one.source)
    speaker = next((other.speaker for other in quoted if other.content.start <= at < other.content.end), None)
    return replace(one, speaker=speaker, resolved_by="attributions.first_person")


def _of_other_halves(article: _Article, sentence: Sentence, own: Sequence[Attribution]) -> list[Attribution]:
    """Add the shorter part of a quote that its cue interrupts, as in `"Who," asked X, "was there?"`.

    A content is one span: such a quote has two attributions of the same source and cue.
    """
    return [*own, *(half for one in own for half in _other_halves(article, sentence, one, own))]


def _other_halves(
    article: _Article, sentence: Sentence, one: Attribution, own: Sequence[Attribution]
) -> Iterator[Attribution]:
    if one.kind != "direct" or one.cue is None:
        return
    parts = [one.cue, *([one.source] if one.source is not None else [])]
    first, last = min(part.start for part in parts), max(part.end for part in parts)
    for quote in article.quotes.touching(sentence.start, sentence.end):
        start, end = max(quote.start, sentence.start), min(quote.end, sentence.end)
        free = all(end <= other.content.start or other.content.end <= start for other in own)
        between = article.text[end:first] if end <= first else article.text[last:start]
        if free and not between.strip(_BETWEEN) and (end <= first or start >= last):
            yield replace(one, content=article.span(start, end))


def _without_report(article: _Article, sentence: Sentence, earlier: Sequence[Attribution]) -> list[Attribution]:
    """Return whose words a sentence without a report of its own is: a transcript's speaker's, or a quote's."""
    if sentence.kind != "sentence":
        return []
    content = article.span(sentence.start, sentence.end)
    turn = article.turns.get(sentence.paragraph)
    if turn is not None and turn.sentence < sentence.index:
        return [replace(turn, content=content, sentence=sentence.index)]
    if not is_quote(article.text, sentence, article.quotes):
        return []
    attribution = Attribution(None, None, content, "direct", None, sentence.index)
    last = earlier[-1] if earlier else None
    if last and last.kind != "indirect" and goes_on(article.text, article.sentences, last, sentence, article.quotes):
        # A quote that goes on after the one before it has the same speaker.
        if last.speaker is not None:
            article.speakers.go_on(last.speaker, sentence.index)
        return [replace(attribution, speaker=last.speaker, resolved_by="attributions.quote_before")]
    return [_by(attribution, article.speakers.floating(content, sentence.index))]


def _of_later_cues(attributions: Sequence[Attribution], sentences: Sequence[Sentence]) -> list[Attribution]:
    """Return a quote's first sentences the speaker who is named behind its last, as in `"A. B," she said`."""
    joined: list[Attribution] = []
    later: Attribution | None = None
    for one in reversed(attributions):
        if later is not None and sentences[later.sentence].paragraph != sentences[one.sentence].paragraph:
            later = None
        unclaimed = one.cue is None and one.source is None and one.speaker is None
        if one.cue is not None:
            later = one
        elif unclaimed and later is not None and later.kind != "indirect" and not is_closed(one.content.text):
            joined.append(replace(later, content=one.content, kind="direct", sentence=one.sentence))
            continue
        joined.append(one)
    return joined


def _by(attribution: Attribution, resolution: Resolution) -> Attribution:
    return replace(attribution, speaker=resolution.name, resolved_by=resolution.by)


def _sources(
    sentences: Sequence[Sentence], reports: Mapping[int, Sequence[Report]], said: Mapping[int, Sequence[Said]]
) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and sentence of each source."""
    for sentence in sentences:
        for report in reports.get(sentence.index, ()):
            if report.source is not None:
                yield sentence.start + report.source[0], sentence.start + report.source[1], sentence.index
        for quote in said.get(sentence.index, ()):
            if quote.beside is not None:
                yield *quote.beside.source, _beside(sentence, quote.beside.source)


def _without_mistaken(entities: Sequence[Entity], sources: Sequence[tuple[int, int, int]]) -> list[Entity]:
    """Leave out works and events that are said to speak: "Jane Doe" is none, whatever the tagger took her for."""
    speaking = {source[:2] for source in sources}
    return [one for one in entities if one.label not in _SPEECHLESS or (one.start, one.end) not in speaking]
