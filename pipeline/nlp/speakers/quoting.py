"""How quotation marks stand to sentences and contents: what is a quote as a whole, and what goes on with one."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from pipeline.nlp.text.quotes import is_scare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.labels import AttributionKind
    from pipeline.nlp.spans import Attribution, Sentence, Span
    from pipeline.nlp.text.quotes import Quotes

_WHOLE = 0.9  # share of a content's characters inside a quote that makes it a quote as a whole
_REOPENERS = '"\u201c\u00ab\u201e'
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


def goes_on(text: str, sentences: Sequence[Sentence], last: Attribution, sentence: Sentence, quotes: Quotes) -> bool:
    """Return whether a sentence may be of the quote before it: in its paragraph, or with marks reopened in the next."""
    before = sentences[last.sentence]
    if before.paragraph == sentence.paragraph:
        return True
    left_open = any(quote.open for quote in quotes.touching(before.start, before.end))
    head = unescape(text[sentence.start : sentence.start + _REOPENER_CHARS])
    return left_open and sentence.index == last.sentence + 1 and head[0] in _REOPENERS
