"""Texts, sentences and entities in, attributions out: who is said to have said, written or thought what."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from pipeline.nlp.layers.documents import sentence_docs, word_zone
from pipeline.nlp.names.canonical import last_word
from pipeline.nlp.names.companies import as_companies
from pipeline.nlp.reports.find import find_reports
from pipeline.nlp.reports.phrases import Report
from pipeline.nlp.reports.verbs import may_report
from pipeline.nlp.spans import Attribution, Span
from pipeline.nlp.speakers.missed import missed_names
from pipeline.nlp.speakers.sieve import Speakers
from pipeline.nlp.text.escapes import unescaped
from pipeline.nlp.text.quotes import Quotes, find_quotes, is_scare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spacy.language import Language

    from pipeline.labels import AttributionKind
    from pipeline.nlp.layers.parser import Parser
    from pipeline.nlp.spans import Entity, Sentence

_READ = frozenset({"sentence", "headline"})
_SPEECHLESS = frozenset({"WORK_OF_ART", "EVENT", "PRODUCT", "LAW"})
_WHOLE = 0.9  # share of a sentence's characters inside a quote that makes it a quote as a whole
_SPEAKER_ROLE = re.compile(r"[,(].*")
_BETWEEN = " ,;:\u2013\u2014-"
_REOPENERS = '"\u201c\u00ab\u201e'
_REOPENER_CHARS = 8  # of "&#8220;"
_SPEAKER_TAIL = " :\t"


def find_attributions(
    texts: Sequence[str],
    sentences: Sequence[Sequence[Sentence]],
    entities: Sequence[Sequence[Entity]],
    nlp: Language,
    parser: Parser,
) -> list[list[Attribution]]:
    """Find the attributions of each text, by the sentence where their content starts."""
    with word_zone(nlp):
        return [
            _attribute(text, units, names, _parse(text, units, nlp, parser))
            for text, units, names in zip(texts, sentences, entities, strict=True)
        ]


def _attribute(
    text: str, units: Sequence[Sentence], entities: Sequence[Entity], reports: dict[int, list[Report]]
) -> list[Attribution]:
    quotes = Quotes(find_quotes(text))
    sources = list(_sources(units, reports))
    names = as_companies(_without_mistaken(entities, sources), text)
    missed = missed_names(text, units, names, sources)
    speakers = Speakers(text, units, sorted([*names, *missed], key=lambda one: one.start), quotes)
    turns = _turns(text, units, speakers)
    found: list[Attribution] = []
    for unit in units:
        whole = is_quote(text, unit, quotes)
        told = () if whole else reports.get(unit.index, ())
        turn = turns.get(unit.paragraph)
        own = [_attribution(text, unit, one, quotes, speakers, turn, inner=_is_inner(one, told)) for one in told]
        own = [_in_own_words(one, own) for one in own]
        own += [half for one in own for half in _other_halves(text, unit, one, own, quotes)]
        found += own
        if not own and unit.kind == "sentence":
            last = found[-1] if found and _goes_on(text, units, found[-1], unit, quotes) else None
            found += _unclaimed(text, unit, turn, last if whole else None, speakers, whole=whole)
    return sorted(_join_later(found, units), key=lambda one: (one.content.start, one.content.end))


def _sources(units: Sequence[Sentence], reports: Mapping[int, Sequence[Report]]) -> Iterator[tuple[int, int, int]]:
    """Give start, end and sentence of each source."""
    for unit in units:
        for one in reports.get(unit.index, ()):
            if one.source is not None:
                yield unit.start + one.source[0], unit.start + one.source[1], unit.index


def _without_mistaken(entities: Sequence[Entity], sources: Sequence[tuple[int, int, int]]) -> list[Entity]:
    """Leave out works and events that are said to speak: "Jane Doe" is none, whatever the tagger took her for."""
    speaking = {source[:2] for source in sources}
    return [one for one in entities if one.label not in _SPEECHLESS or (one.start, one.end) not in speaking]


def _turns(text: str, units: Sequence[Sentence], speakers: Speakers) -> dict[int, Attribution]:
    """Give who speaks in each paragraph that a transcript's speaker line begins, as an attribution of that line."""
    lines = [unit for unit in units if unit.kind == "speaker"]
    bare = [text[line.start : line.end].rstrip(_SPEAKER_TAIL) for line in lines]
    names = {last_word(name): name for name in sorted((_SPEAKER_ROLE.sub("", one) for one in bare), key=len)}
    names |= {last_word(full): full for one, full in (speakers.names.items() if lines else ()) if one.label == "PERSON"}
    turns = {}
    for line, name in zip(lines, bare, strict=True):
        source = _span(text, line.start, line.start + len(name))
        speaker = names.get(last_word(_SPEAKER_ROLE.sub("", name)), name)
        turns[line.paragraph] = Attribution(source, None, source, "direct", speaker, line.index)
    return turns


def _parse(text: str, units: Sequence[Sentence], nlp: Language, parser: Parser) -> dict[int, list[Report]]:
    """Parse only the sentences with a word that may report: a third of the characters of 691 news articles.

    HTML entities that a sender left in are read as the characters they stand for.
    """
    simple = unescaped(text)
    if simple is None:
        return _read(text, units, nlp, parser)
    places = simple.places
    moved = [replace(unit, start=bisect_left(places, unit.start), end=bisect_left(places, unit.end)) for unit in units]
    starts = {unit.index: (unit.start, there.start) for unit, there in zip(units, moved, strict=True)}
    return {
        index: [_moved(report, *starts[index], places) for report in reports]
        for index, reports in _read(simple.text, moved, nlp, parser).items()
    }


def _read(text: str, units: Sequence[Sentence], nlp: Language, parser: Parser) -> dict[int, list[Report]]:
    gated = [unit for unit in units if unit.kind in _READ and may_report(text[unit.start : unit.end])]
    docs = parser.parse(sentence_docs(text, gated, nlp))
    return {unit.index: find_reports(doc) for unit, doc in zip(gated, docs, strict=True)}


def _moved(report: Report, start: int, there: int, places: Sequence[int]) -> Report:
    """Move the spans of a report from the text as it is read, where its sentence starts ``there``, to the original."""
    spans = (
        (places[there + span[0]] - start, places[there + span[1]] - start) if span is not None else None
        for span in report
    )
    return Report(*spans)  # type: ignore[arg-type]  # only the source may be None, and stays so


def _is_inner(report: Report, told: Sequence[Report]) -> bool:
    """Tell a report within the content of another: "Russia hopes" in "the document says Russia hopes to build"."""
    start, end = report.source or report.cue
    return any(one.source != report.source and one.content[0] <= start and end <= one.content[1] for one in told)


def _attribution(
    text: str,
    unit: Sentence,
    report: Report,
    quotes: Quotes,
    speakers: Speakers,
    turn: Attribution | None,
    *,
    inner: bool,
) -> Attribution:
    source = _span(text, unit.start + report.source[0], unit.start + report.source[1]) if report.source else None
    cue = _span(text, unit.start + report.cue[0], unit.start + report.cue[1])
    content = _span(text, unit.start + report.content[0], unit.start + report.content[1])
    if source is not None and source.text == "I" and not quotes.touching(source.start, source.end):
        speaker = turn.speaker if turn is not None else None
    else:
        speaker = speakers.speaker_of(source, unit.index, inner=inner) if source is not None else None
    return Attribution(source, cue, content, kind_of(text, content, quotes), speaker, unit.index)


def _in_own_words(one: Attribution, all_of_unit: Sequence[Attribution]) -> Attribution:
    """Give who "I" is in a quote: `"I hope so," said Jane Doe`."""
    if one.source is None or one.source.text != "I" or one.speaker is not None:
        return one
    at = one.source.start
    quoted = (other for other in all_of_unit if other.kind != "indirect" and other.source != one.source)
    speaker = next((other.speaker for other in quoted if other.content.start <= at < other.content.end), None)
    return replace(one, speaker=speaker)


def _other_halves(
    text: str, unit: Sentence, one: Attribution, all_of_unit: Sequence[Attribution], quotes: Quotes
) -> Iterator[Attribution]:
    """Give the shorter part of a quote that its cue interrupts, as in `"Who," asked X, "was there?"`.

    A content is one span: such a quote has two attributions of the same source and cue.
    """
    if one.kind != "direct" or one.cue is None:
        return
    parts = [one.cue, *([one.source] if one.source is not None else [])]
    first, last = min(part.start for part in parts), max(part.end for part in parts)
    for quote in quotes.touching(unit.start, unit.end):
        start, end = max(quote.start, unit.start), min(quote.end, unit.end)
        free = all(end <= other.content.start or other.content.end <= start for other in all_of_unit)
        between = text[end:first] if end <= first else text[last:start]
        if free and not between.strip(_BETWEEN) and (end <= first or start >= last):
            yield replace(one, content=_span(text, start, end))


def _goes_on(text: str, units: Sequence[Sentence], last: Attribution, unit: Sentence, quotes: Quotes) -> bool:
    """Tell whether a sentence may be of the same quote: in its paragraph, or in the next, whose marks are reopened."""
    before = units[last.sentence]
    if before.paragraph == unit.paragraph:
        return True
    left_open = any(quote.open for quote in quotes.touching(before.start, before.end))
    return (
        left_open
        and unit.index == last.sentence + 1
        and unescape(text[unit.start : unit.start + _REOPENER_CHARS])[0] in _REOPENERS
    )


def kind_of(text: str, content: Span, quotes: Quotes) -> AttributionKind:
    """Tell a direct quote (all in marks) from a mixed one (some words in marks) and reported speech (none)."""
    touching = quotes.touching(content.start, content.end)
    covered = sum(min(quote.end, content.end) - max(quote.start, content.start) for quote in touching)
    if covered >= _WHOLE * (content.end - content.start):
        return "direct"
    return "mixed" if any(not is_scare(text, quote) for quote in touching) else "indirect"


def _unclaimed(
    text: str,
    unit: Sentence,
    turn: Attribution | None,
    last: Attribution | None,
    speakers: Speakers,
    *,
    whole: bool,
) -> Iterator[Attribution]:
    """Give whose words a sentence without a report of its own is: a transcript's speaker, or a quote's."""
    content = _span(text, unit.start, unit.end)
    if turn is not None and turn.sentence < unit.index:
        yield replace(turn, content=content, sentence=unit.index)
    elif whole:
        # A quote that goes on after the one before it has the same speaker.
        goes_on = last is not None and last.kind != "indirect"
        speaker = last.speaker if last is not None and goes_on else speakers.floating(content, unit.index)
        if goes_on and speaker is not None:
            speakers.go_on(speaker, unit.index)
        yield Attribution(None, None, content, "direct", speaker, unit.index)


def is_quote(text: str, unit: Sentence, quotes: Quotes) -> bool:
    """Tell a sentence that is a quote as a whole: no letter stands outside of the marks."""
    at, outside = unit.start, ""
    for quote in quotes.touching(unit.start, unit.end):
        outside += text[at : quote.start]
        at = max(at, quote.end)
    outside += text[at : unit.end]
    return at > unit.start and not any(map(str.isalnum, outside))


def is_closed(content: str) -> bool:
    """Tell a sentence that ends with a closing mark from one that its quote goes on behind."""
    content = unescape(content)
    return content.endswith(("\u201d", "\u00bb")) or (content.endswith('"') and content.count('"') % 2 == 0)


def _join_later(found: list[Attribution], units: Sequence[Sentence]) -> list[Attribution]:
    """Give a quote's first sentences the speaker who is named behind its last, as in `"A. B," she said`."""
    joined: list[Attribution] = []
    later: Attribution | None = None
    for one in reversed(found):
        if later is not None and units[later.sentence].paragraph != units[one.sentence].paragraph:
            later = None
        unclaimed = one.cue is None and one.source is None and one.speaker is None
        if one.cue is not None:
            later = one
        elif unclaimed and later is not None and later.kind != "indirect" and not is_closed(one.content.text):
            joined.append(replace(later, content=one.content, kind="direct", sentence=one.sentence))
            continue
        joined.append(one)
    return joined


def _span(text: str, start: int, end: int) -> Span:
    return Span(start, end, text[start:end])
