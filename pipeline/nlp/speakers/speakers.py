"""Who is meant by the sources of an article, asked in the order of the text: each answer tells of later ones."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import is_person
from pipeline.nlp.speakers.discourse import Discourse, Spoken
from pipeline.nlp.speakers.pronouns import PRONOUNS
from pipeline.nlp.speakers.roles import ANOTHER, DEFINITE
from pipeline.nlp.speakers.sieve import Resolution, referent, resolve
from pipeline.nlp.speakers.speaker import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Entity, Sentence, Span
    from pipeline.nlp.text.quotes import Quotes

_CUT_LOOSE = re.compile(r"[\"'\u2019\u201d\u00bb]\.$")


class Speakers:
    """The speakers of one article, and what is known from those that were asked for before."""

    def __init__(self, text: str, sentences: Sequence[Sentence], entities: Sequence[Entity], quotes: Quotes) -> None:
        self._discourse = Discourse(text, sentences, entities, quotes)
        self._resolved: dict[Span, Resolution] = {}  # a source of several cues is resolved once
        self._unresolved = -1  # the last sentence with a pronoun that nobody is known for

    @property
    def names(self) -> dict[Entity, str]:
        """The fullest form of each name."""
        return self._discourse.names

    def speaker_of(self, source: Span, sentence: int, *, inner: bool = False) -> Resolution:
        """Return whom a source means.

        ``inner`` marks a report within what another one of the sentence says, whose speaker later sentences mean.
        """
        if source not in self._resolved:
            self._resolved[source] = resolve(self._discourse, source, sentence)
        resolution, spoke = self._resolved[source], self._discourse.spoke
        speaker = resolution.speaker
        if speaker == NOBODY:
            self._note_unnamed(source, sentence)
            return resolution
        outer = spoke[-1] if inner and spoke and spoke[-1].sentence == sentence else None
        of_somebody = inner and self._unresolved == sentence and speaker.label == "PERSON"  # "he said Jane Doe thought"
        if not of_somebody and (outer is None or (outer.label == "PERSON") != (speaker.label == "PERSON")):
            spoke.append(Spoken(*speaker, sentence))
        return resolution

    def meant_by(self, pronoun: str, span: Span, sentence: int) -> str | None:
        """Return the name that a pronoun safely means, None where the sentence names somebody before it."""
        return referent(self._discourse, pronoun, span, sentence)

    def floating(self, quote: Span, sentence: int) -> Resolution:
        """Return whose words a quote without source and cue is: who spoke, or was the only one named, just before it.

        Nobody's where its full stop stands behind the marks: such a quote was part of a sentence that is lost.
        """
        speaker = None
        if not _CUT_LOOSE.search(unescape(quote.text)):
            spoke = self._discourse.spoke_before(sentence, within=1)
            speaker = next((one.who for one in spoke if one.label == "PERSON"), None)
            speaker = speaker or self._discourse.only_person(quote.start, sentence)
        if speaker is None or not speaker.name:
            return Resolution(NOBODY, "speakers.floating")
        self._discourse.spoke.append(Spoken(*speaker, sentence))
        return Resolution(speaker, "speakers.floating")

    def go_on(self, speaker: str, sentence: int) -> None:
        """Note that somebody who spoke goes on in a sentence: later pronouns mean who spoke last."""
        label = next((one.label for one in self._discourse.latest() if one.name == speaker), "PERSON")
        self._discourse.spoke.append(Spoken(speaker, label, sentence))

    def _note_unnamed(self, source: Span, sentence: int) -> None:
        """Note that somebody unnamed spoke, who is meant by the next pronoun: "a spokesman", "another official"."""
        if source.text.lower() in PRONOUNS:
            self._unresolved = sentence
        elif is_person(source.text) and (not DEFINITE.match(source.text) or ANOTHER.match(source.text)):
            self._discourse.spoke.append(Spoken("", "PERSON", sentence))
