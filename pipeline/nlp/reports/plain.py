"""Reports that the order of words shows where a parse missed them: `X said A`, `A, X, a nurse, said on Monday`.

A name that the parser does not know, or an apposition, hides a subject from it; the words around the verb are plain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.layers.docs import text_of, tokens_of, word_hashes
from pipeline.nlp.lexicon.month_names import WEEKDAY
from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.reports.clauses import end
from pipeline.nlp.reports.phrases import Report
from pipeline.nlp.reports.verbs import PLAIN_FORMS, SAY_FORMS
from pipeline.nlp.text.characters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Token

_CAPITAL = f"[{CAPITALS}]"
_SAYING = word_hashes(PLAIN_FORMS)
_LEAST_WORDS = 4  # of a clause that is said
_ADVERBS = r"(?: (?:also|then|later|now|once|still|has|have|had|[a-z]+ly))*"
_DAY = rf"(?:on |late |early )*{WEEKDAY}(?: \w+)?"
_WHEN = rf"(?: (?:{_DAY}|yesterday|today|in a statement))*"
_NAME = (
    rf"{_CAPITAL}[\w.'\u2019-]*(?: (?:of|the|and|for|&|d[aeio]s?|al|bin|van|von|el|la|le|{_CAPITAL}[\w.'\u2019-]*))*"
)
_SOURCE = rf"(?:(?:[Tt]he|[Aa]n?) (?:[a-z-]+ ){{0,3}})?{_NAME}"
_SET_OFF = r"(?:, [^,;:\"\u201c\u201d]{1,100},)?"
_HEAD = re.compile(
    rf"(?:(?:But|And|Yet|However,|Meanwhile,|Still,|On {_CAPITAL}\w+day,) )?(?P<source>{_SOURCE}{_SET_OFF})"
    rf"{_ADVERBS}{_WHEN} "
)
_TAIL = re.compile(rf", (?P<source>(?:[Tt]he )?{_NAME}{_SET_OFF}){_ADVERBS} $")
_BEHIND_TAIL = re.compile(rf"{_WHEN}\.?\s*$")
_CLAUSE = re.compile(
    rf"{_WHEN} (?:(?:that|there|the|an?|its?|his|her|their|he|she|they|it|this|these|those|no|some|most|many|about)\b"
    rf"|more\b|\d|{_CAPITAL}|[a-z]+s (?:[a-z]+ed|were|was|are|have|had|will|would)\b)"
)
# Behind other verbs than "said" a clause must show its verb: "added 300 jobs", "admitted 40 patients" say nothing.
_WHOLE_CLAUSE = re.compile(
    rf"{_WHEN} (?:that\b|(?:[^\s,;:]+ ){{1,5}}(?:is|was|are|were|has|have|had|will|would|can|could|may|might|must)\b)"
)
_QUOTES = re.compile(r"[\"\u201c\u201d]")
_NO_SOURCES = words_of("function_words") - {"he", "she", "they", "it", "do"}
_MOST_CHARS = 1_000


def missed_reports(doc: Doc, reports: Sequence[Report]) -> Iterator[Report]:
    """Yield what the words around a verb of saying show where the parse shows no report with a source."""
    read = {report.cue[1]: report for report in reports if report.source}
    for token in tokens_of(doc, _SAYING):
        report, parsed = _plain_report(token), read.get(end(token))
        if report is not None and (parsed is None or _is_cut_within(parsed, report)):
            yield report


def _is_cut_within(parsed: Report, plain: Report) -> bool:
    """Return whether a parse takes the end of what is said for the source: `Shops lack 40, Jane Doe, a nurse, said`."""
    assert parsed.source is not None  # noqa: S101  (for mypy: asked of such reports only)
    assert plain.source is not None  # noqa: S101
    return parsed.source[0] < plain.content[1] < plain.source[0] < parsed.source[1]


def _plain_report(token: Token) -> Report | None:
    """Return what the words around a verb of saying show; None where they are not as plain as that."""
    text, cue = text_of(token.doc), (token.idx, token.idx + len(token))
    if len(text) > _MOST_CHARS or not token.text.islower():
        return None
    return _source_first(text, cue) or _source_behind(text, cue)


def _source_first(text: str, cue: tuple[int, int]) -> Report | None:
    head = _HEAD.fullmatch(text, 0, cue[0])
    clause = _CLAUSE if text[slice(*cue)] in SAY_FORMS else _WHOLE_CLAUSE
    if head is None or not clause.match(text, cue[1]) or not _is_source(head["source"]):
        return None
    start, end = cue[1] + 1, len(text.rstrip(" ."))
    return _report(text, head, cue, (start, end))


def _source_behind(text: str, cue: tuple[int, int]) -> Report | None:
    tail = _TAIL.search(text, 0, cue[0])
    if tail is None or tail.end() != cue[0] or not _BEHIND_TAIL.match(text, cue[1]) or not _is_source(tail["source"]):
        return None
    return _report(text, tail, cue, (0, tail.start()))


def _report(text: str, found: re.Match[str], cue: tuple[int, int], content: tuple[int, int]) -> Report | None:
    said = text[slice(*content)]
    if len(said.split()) < _LEAST_WORDS or _QUOTES.search(said):
        return None
    start, end = found.span("source")
    return Report((start, end - text[start:end].endswith(",")), cue, content)


def _is_source(source: str) -> bool:
    return source.split(maxsplit=1)[0].strip(",").lower() not in _NO_SOURCES - {"the", "a", "an"}
