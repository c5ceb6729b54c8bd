"""A description in ("the London-based group", "the ministry", "a statement"), the body that is meant by it out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import ROLE_TAIL, STATE, company_noun, head_noun
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.names.canonical import last_word
from pipeline.nlp.spans import Span
from pipeline.nlp.speakers.bodies import BODY_LABELS, NAMED_BODIES, UMBRELLAS, is_general, issuer_of, kind_meant
from pipeline.nlp.speakers.discourse import NEAR_SENTENCES
from pipeline.nlp.speakers.roles import DEFINITE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pipeline.nlp.spans import Entity
    from pipeline.nlp.speakers.discourse import Discourse, Speaker

    Resolve = Callable[[Span, int], Speaker | None]

START_CHARS = 15  # of a sentence: "But it said"
_PUBLISHED = re.compile(r"an? (?:published|newspaper|news|media|press) report$", re.IGNORECASE)
_DEFINITE_BODY = re.compile(r"[Tt]he (?:\S+ ){1,3}(?:group|organization|agency|company|network|union|firm)$")
_ISSUE_VERBS = alternation(words_of("issue_verbs"))
_ISSUES = re.compile(rf"\b(?:{_ISSUE_VERBS}) $")
_ISSUED_BY_THE = re.compile(
    rf"\b([Tt]he (?:(?!the\b)[a-z][\w-]* ){{0,2}}[a-z][\w-]*) (?:(?:has|have|had|also|later) )*(?:{_ISSUE_VERBS}) $"
)
_THE = re.compile(r"the\s", re.IGNORECASE)
_OF_NOBODY_YET = re.compile(r"an? (?:[\w-]+ )*(?:report|study|survey|article|paper)", re.IGNORECASE)
_AGENCY_WORDS = 3  # "the U.N. agency", not "the U.N. refugee agency"


def body_meant(
    said: Discourse, source: Span, sentence: int, inside: Sequence[Entity], resolve: Resolve
) -> Speaker | None:
    """Give the body that a source names, or that it describes and that was, or is next, named.

    ``sentence`` is the index of the sentence where it stands, ``inside`` the names in it; ``resolve`` gives who another
    source of the sentence is: "the mayor" who issued a statement.
    """
    own = any(one.label == "ORG" and one.text not in UMBRELLAS for one in inside)
    found = (None if own else _described(said, source, sentence, inside)) or said.bodies.named(source, inside)
    if found is None and (issuer := issuer_of(source.text)) and not inside:
        # "a military statement", "an interior ministry statement"
        return (issuer, "ORG") if " " in issuer else _spoken_of(said, issuer.lower(), source, sentence)
    core = ROLE_TAIL.sub("", source.text)  # "the group" of "the group led by John Doe"
    named = any(one.start < source.start + len(core) for one in inside)
    kind = Span(source.start, source.start + len(core), core) if inside else source
    return found or (None if named else _of_kind(said, kind, sentence, resolve))


def last_body(
    said: Discourse,
    sentence: int,
    *,
    within: int = NEAR_SENTENCES + 1,
    unlike: Collection[str] = (),
    labels: Collection[str] = BODY_LABELS,
    but: Collection[str] = (),
) -> Speaker | None:
    """Give the body that spoke last, or that the nearest of the sentences before is about.

    ``within`` counts the sentences looked at; no name is meant that ``unlike`` holds, whose label is none of ``labels``
    or whose last word is in ``but``.
    """

    def fits(name: str, label: str) -> bool:
        return label in labels and name not in unlike and last_word(name) not in but

    last = next((one for one in said.spoke_before(sentence, within=within) if fits(one.name, one.label)), None)
    for where in (sentence, *said.earlier(sentence, within)):
        if last and last.sentence >= where:
            return last.name, last.label
        found = said.body_first(where) if where < sentence else None
        if found and fits(*found):
            return found
    return None


def _described(said: Discourse, source: Span, sentence: int, inside: Sequence[Entity]) -> Speaker | None:
    """Read a description without a name of its own as the body that was, or is next, named."""
    known = {said.names[one] for one in inside} | UMBRELLAS
    return (
        _spoken_as(said, source)
        or said.bodies.described(source)
        or _introduced(said, source, sentence, known)
        or _same_body(said, source, sentence, inside, known)
    )


def _spoken_as(said: Discourse, source: Span) -> Speaker | None:
    """Read "the health ministry" as "Egypt's health ministry" that spoke before."""
    article = _THE.match(source.text)
    words = source.text[article.end() :].lower() if article else ""
    for one in said.latest() if " " in words else ():
        if one.label in BODY_LABELS and one.name.lower().endswith(words):
            return one.name, one.label
    return None


def _introduced(said: Discourse, source: Span, sentence: int, known: set[str]) -> Speaker | None:
    """Read "a rights group", "a published report" in the first sentence as the first body of the next ones."""
    if sentence != said.first or not (is_general(head_noun(source.text).lower()) or _PUBLISHED.match(source.text)):
        return None
    for one in said.near(sentence + 1, after=NEAR_SENTENCES):
        if one.label in NAMED_BODIES and said.names[one] not in known and said.is_early(one):
            return said.names[one], "ORG"
    return None


def _same_body(
    said: Discourse, source: Span, sentence: int, inside: Sequence[Entity], known: set[str]
) -> Speaker | None:
    """Read "the New York-based group", "the U.N. agency" as the body that was spoken of before."""
    of_umbrella = any(one.text in UMBRELLAS for one in inside)
    trade = company_noun(source.text)
    if of_umbrella and len(source.text.split()) > _AGENCY_WORDS:
        return None
    if not (trade or _DEFINITE_BODY.match(source.text)):
        return None
    if found := last_body(said, sentence, within=2 * NEAR_SENTENCES, unlike=known, labels=NAMED_BODIES, but=STATE):
        return found
    named = [one for one in said.near(sentence - 1, before=1) if one.label == "ORG" and said.names[one] not in known]
    return (said.names[named[0]], "ORG") if named else _only_company(said, trade)


def _only_company(said: Discourse, trade: str | None) -> Speaker | None:
    """Read "the company" as the one company that spoke so far."""
    spoke = {one.name for one in said.latest() if one.label == "ORG" and last_word(one.name) not in STATE}
    return (spoke.pop(), "ORG") if trade and len(spoke) == 1 else None


def _of_kind(said: Discourse, source: Span, sentence: int, resolve: Resolve) -> Speaker | None:
    """Read "the statement" or "the military" as the body that spoke or was named so before."""
    kind = kind_meant(source.text)
    if kind is None:
        return None
    found = _spoken_of(said, kind, source, sentence) if kind else _sender(said, source, sentence, resolve)
    general = is_general(kind)
    if found and general and found[0] not in said.all_names:  # "a Dutch newspaper", that has been named since
        found = last_body(said, sentence, labels=NAMED_BODIES, but=STATE) or found
    begun = source.start - said.sentences[sentence].start > START_CHARS and not DEFINITE.match(source.text)
    if found or _OF_NOBODY_YET.fullmatch(source.text) or (begun and not kind):
        return found
    labels, but = (NAMED_BODIES, STATE) if general else (BODY_LABELS, ())
    last = last_body(said, sentence, labels=labels, but=but) or _only_company(said, company_noun(source.text))
    if kind == "government" and not (last and last[1] == "GPE"):
        # "China's top official said ..."
        before = range(sentence - 1, max(0, sentence - NEAR_SENTENCES) - 1, -1)
        return next(filter(None, (said.named_first(where, "GPE", source.start) for where in before)), None)
    return last if not kind or general or kind == "government" else None


def _spoken_of(said: Discourse, kind: str, source: Span, sentence: int) -> Speaker | None:
    """Give the body of a kind that spoke last before a sentence, else that was named so."""
    for one in said.latest():
        if one.label in BODY_LABELS and kind in one.name.lower().split() and one.sentence < sentence:
            return one.name, one.label
    return said.bodies.mentioned(kind, source.start, ahead=sentence == said.first)


def _sender(said: Discourse, source: Span, sentence: int, resolve: Resolve) -> Speaker | None:
    """Read "a letter" in "The mayor Jane Doe wrote a letter calling for ..." as of whom the sentence is about."""
    start = said.sentences[sentence].start
    if _THE.match(source.text) or source.start == start or not _ISSUES.search(said.text, start, source.start):
        return None
    if by := _ISSUED_BY_THE.search(said.text, start, source.start):
        return resolve(Span(by.start(1), by.end(1), by.group(1)), sentence)
    if body := said.body_first(sentence, before=source.start):
        return body
    named = any(one.start < source.start for one in said.near(sentence))
    return said.only_person(source.start, sentence) if named else None
