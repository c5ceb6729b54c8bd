"""Speaker resolution as a multi-pass sieve: sure passes first, and the first that answers is believed.

After Raghunathan et al. (EMNLP 2010), and for quotes Muzny et al. (EACL 2017). A pass takes a source and answers with a
speaker, with ``NOBODY`` (no later pass is asked), or with None: not its kind of source. Its name stands in the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.lexicon.nouns import is_person
from pipeline.nlp.speakers import descriptions, named, pronouns, roles
from pipeline.nlp.speakers.source import Source
from pipeline.nlp.speakers.speaker import NOBODY, Speaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.nlp.spans import Span
    from pipeline.nlp.speakers.discourse import Discourse

    Pass = Callable[[Source], Speaker | None]


class Resolution(NamedTuple):
    """Whom a source means, ``NOBODY`` where the article does not safely say it; and which pass answered so."""

    speaker: Speaker
    by: str

    @property
    def name(self) -> str | None:
        """The speaker's name; None for nobody."""
        return self.speaker.name or None


NO_PASS = "no pass"  # noqa: S105  (nothing secret: none of the passes answered)


def resolve(discourse: Discourse, span: Span, sentence: int) -> Resolution:
    """Ask the passes in turn for a source of the sentence with this index."""
    return _ask(_source(discourse, span, sentence))


def referent(discourse: Discourse, pronoun: str, span: Span, sentence: int) -> str | None:
    """Return the name that "he", "she" or "it" safely means, be it no source: ``span`` may be "his"."""
    speaker = pronouns.referent(_source(discourse, span, sentence), pronoun)
    return speaker.name or None if speaker else None


def _source(discourse: Discourse, span: Span, sentence: int) -> Source:
    return Source(discourse, span, sentence, lambda other: _ask(other).speaker)


def _ask(source: Source) -> Resolution:
    for name, answer in (*_NAMED, *(_PEOPLE if is_person(source.text) else _BODIES)):
        speaker = answer(source)
        if speaker is not None:
            return Resolution(speaker, name)
    return Resolution(NOBODY, NO_PASS)


def _named(*passes: Pass) -> tuple[tuple[str, Pass], ...]:
    """Return passes with their names: "roles.last_person" stands in roles.py."""
    return tuple((f"{one.__module__.rpartition('.')[2]}.{one.__name__}", one) for one in passes)


_NAMED = _named(named.signed_name, named.named_person, named.bare_surname, named.issuer_named)
_PEOPLE = _named(*roles.PASSES)
_BODIES = _named(
    descriptions.spoken_as,
    descriptions.body_of_word,
    descriptions.introduced_body,
    descriptions.last_body_described,
    descriptions.named_body,
    descriptions.issuer_described,
    descriptions.body_of_kind,
    descriptions.sender,
    descriptions.last_body_meant,
    pronouns.pronoun,
)
