"""Who is said to speak, as it stands in the text, with what the article has told so far: what every pass is given."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import ROLE_TAIL, head_noun
from pipeline.nlp.names.canonical import VALUES
from pipeline.nlp.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.nlp.speakers.discourse import Discourse
    from pipeline.nlp.speakers.speaker import Speaker

    Resolve = Callable[["Source"], Speaker]


class Source:
    """A source of the sentence with index ``sentence``; ``names`` are the entities in it, without dates and amounts.

    ``resolve`` asks all passes for another source of the article.
    """

    def __init__(self, discourse: Discourse, span: Span, sentence: int, resolve: Resolve) -> None:
        self.discourse, self._resolve = discourse, resolve
        self.span, self.text, self.start, self.end = span, span.text, span.start, span.end
        self.sentence = sentence
        near = discourse.near(sentence)
        self.names = [
            one for one in near if span.start <= one.start and one.end <= span.end and one.label not in VALUES
        ]

    @cached_property
    def noun(self) -> str:
        """The noun that a description is of, in small letters."""
        return head_noun(self.text).lower()

    @cached_property
    def core_end(self) -> int:
        """Where a description ends and what follows its noun begins: "the group" of "the group led by John Doe"."""
        return self.start + len(ROLE_TAIL.sub("", self.text))

    def other(self, start: int, end: int, sentence: int) -> Source:
        """Return ``text[start:end]`` of a sentence as another source of the same article."""
        return Source(self.discourse, Span(start, end, self.discourse.text[start:end]), sentence, self._resolve)

    def speaker_of(self, start: int, end: int, *, sentence: int | None = None) -> Speaker:
        """Return whom all passes take another stretch for, of the same ``sentence`` if no other is given."""
        return self._resolve(self.other(start, end, self.sentence if sentence is None else sentence))

    def before(self, place: int) -> str:
        """Return what stands in the source before a place in the text."""
        return self.discourse.text[self.start : place]

    def after(self, place: int) -> str:
        """Return what stands in the source behind a place in the text."""
        return self.discourse.text[place : self.end]
