"""How quotation marks stand to sentences and contents: what is a quote as a whole, and what goes on with one."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.reports.quoted import Beside, before, behind
from pipeline.nlp.text.quotes import is_scare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.labels import AttributionKind
    from pipeline.nlp.spans import Attribution, Sentence, Span
    from pipeline.nlp.text.quotes import Quotes

_WHOLE = 0.9  # share of a content's characters inside a quote that makes it a quote as a whole
_REOPENERS = '"\u201c\u00ab\u201e'
_OPENERS = "\"'\u201c\u2018\u00ab\u201e "
_DASHES = "-\u2013\u2014"
_CLOSERS = "\"'\u201d\u2019\u00bb "
_ENDS = frozenset(".,!?\u2026-\u2014")
# A quote within a quote: the other kind of marks, of words as a whole.
_INNER = re.compile(
    r"`(?=\w)[^`'\n]*?(?:(?<=\w)'(?=\w)[^`'\n]*?)*'(?!\w)|"
    r"\u2018(?=\w)[^\u2018\n]*?(?<=[\w.,!?])\u2019(?!\w)|\u201c[^\u201c\u201d\n]*\u201d"
    r"|(?<![\w'])'(?=\w)[^'\n]*?(?:(?<=\w)'(?=\w)[^'\n]*?)*(?<=[\w.,!?])'(?!\w)"
)
_REOPENER_CHARS = 8  # of "&#8220;"


def kind_of(text: str, content: Span, quotes: Quotes) -> AttributionKind:
    """Return whether a content is a direct quote (all in marks), mixed (some words in marks) or reported speech."""
    touching = quotes.touching(content.start, content.end)
    covered = sum(min(quote.end, content.end) - max(quote.start, content.start) for quote in touching)
    if covered >= _WHOLE * (content.end - content.start):
        return "direct"
    return "mixed" if any(not is_scare(text, quote) for quote in touching) else "indirect"


def is_quote(text: str, sentence: Sentence, quotes: Quotes) -> bool:
    """Return whether a sentence is a quote as a whole: no letter stands outside of the marks."""
    at, outside = sentence.start, ""
    for quote in quotes.touching(sentence.start, sentence.end):
        outside += text[at : quote.start]
        at = max(at, quote.end)
    outside += text[at : sentence.end]
    return at > sentence.start and not any(map(str.isalnum, outside))


def is_closed(content: str) -> bool:
    """Return whether a sentence ends with a closing mark: its quote does not go on behind it."""
    content = unescape(content)
    return content.endswith(("\u201d", "\u00bb")) or (content.endswith('"') and content.count('"') % 2 == 0)


class Said(NamedTuple):
    """A whole quoted sentence, or several, within one: its stretch with the marks, and who stands beside it, if any."""

    start: int
    end: int
    beside: Beside | None


def quotes_said(text: str, sentences: Sequence[Sentence], index: int, quotes: Quotes) -> list[Said]:
    """Return the quotes of a sentence that are speech by themselves, not words of the sentence in marks.

    Who speaks may stand on the line before (`The report says:`) or behind (`- Jane Doe`).
    """
    sentence = sentences[index]
    said: list[Said] = []
    spans = [
        (max(quote.start, sentence.start), min(quote.end, sentence.end))
        for quote in quotes.touching(sentence.start, sentence.end)
        if not is_scare(text, quote)
    ]
    borders = [sentence.start, *(at for span in spans for at in span), sentence.end]
    for number, (start, end) in enumerate(spans):
        first, last = borders[2 * number], borders[2 * number + 3]
        headless = not any(map(str.isalnum, text[first:start]))
        ended = text[start:end].rstrip(_CLOSERS)[-1:] in _ENDS or text[end : end + 1] == ","
        begins = text[start:end].lstrip(_OPENERS)[:1].isupper()
        by = behind(text, end, last) if headless and ended else None
        by = by or (before(text, first, start) if begins else None)
        if by or (headless and ended and begins):
            said.append(Said(start, end, by))
    if len(spans) == 1 and is_quote(text, sentence, quotes):
        (start, end), around = spans[0], sentences[max(0, index - 1) : index + 2]
        earlier, later = around[0], around[-1]
        by = None
        if later.index > index and text[later.start] in _DASHES:
            by = behind(text, end, later.end)
        if by is None and earlier.index < index and text[earlier.end - 1] == ":":
            by = before(text, earlier.start, start)
        return [Said(start, end, by)] if by else said
    return said


def within_quotes(text: str, start: int, end: int, cue: int, quotes: Quotes) -> tuple[int, int]:
    """Return a content cut where it would cross the end of a quote; ``cue`` is where its cue starts.

    Nothing is left of it, and its end stands before its start, where a quoted cue has its content outside of the quote.
    """
    for quote in quotes.touching(min(start, cue), max(end, cue + 1)):
        if quote.start < cue < quote.end and not quote.open:  # within the quote, and within one in it
            start, end = max(start, quote.start + 1), min(end, quote.end - 1)
            for inner in _INNER.finditer(text, quote.start + 1, quote.end - 1):
                start, end = _cut(start, end, *inner.span())
        else:
            start, end = _cut(start, end, quote.start, quote.end)
    return start, end


def _cut(start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Return a stretch that does not cross one end of another: it ends with it, or takes all of it in."""
    if first <= start < last < end:
        return start, last
    return (start, last) if start < first < end < last else (start, end)


def goes_on(text: str, sentences: Sequence[Sentence], last: Attribution, sentence: Sentence, quotes: Quotes) -> bool:
    """Return whether a sentence may be of the quote before it: in its paragraph, or with marks reopened in the next."""
    before = sentences[last.sentence]
    if before.paragraph == sentence.paragraph:
        return True
    left_open = any(quote.open for quote in quotes.touching(before.start, before.end))
    head = unescape(text[sentence.start : sentence.start + _REOPENER_CHARS])
    return left_open and sentence.index == last.sentence + 1 and head[0] in _REOPENERS
