"""Passes for bodies, named or described ("the London-based group", "the ministry", "a statement")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.nouns import BODY_NOUNS, STATE, company_noun
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.names.canonical import last_word
from pipeline.nlp.speakers.bodies import BODY_LABELS, NAMED_BODIES, UMBRELLAS, is_general, issuer_of, kind_meant
from pipeline.nlp.speakers.discourse import NEAR_SENTENCES
from pipeline.nlp.speakers.roles import DEFINITE
from pipeline.nlp.speakers.speaker import NOBODY, Speaker

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.nlp.speakers.discourse import Discourse
    from pipeline.nlp.speakers.source import Source

_ANY_BODY = frozenset({"group", "organization", "organisation", "body", "company", "firm", "agency"})
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


def last_body(
    discourse: Discourse,
    sentence: int,
    *,
    within: int = NEAR_SENTENCES + 1,
    unlike: Collection[str] = (),
    labels: Collection[str] = BODY_LABELS,
    but: Collection[str] = (),
) -> Speaker | None:
    """Return the body that spoke last, or that the nearest of the sentences before is about.

    ``within`` counts the sentences looked at; no name is meant that ``unlike`` holds, whose label is none of ``labels``
    or whose last word is in ``but``.
    """

    def fits(name: str, label: str) -> bool:
        return label in labels and name not in unlike and last_word(name) not in but

    last = next((one for one in discourse.spoke_before(sentence, within=within) if fits(one.name, one.label)), None)
    for where in (sentence, *discourse.earlier(sentence, within)):
        if last and last.sentence >= where:
            return last.who
        found = discourse.body_first(where) if where < sentence else None
        if found and fits(*found):
            return found
    return None


def spoken_as(source: Source) -> Speaker | None:
    """Answer for "the health ministry" with "Egypt's health ministry" that spoke before."""
    article = _THE.match(source.text)
    words = source.text[article.end() :].lower() if article else ""
    if " " not in words or _has_name(source):
        return None
    latest = (one.who for one in source.discourse.latest() if one.label in BODY_LABELS)
    return next((one for one in latest if one.name.lower().endswith(words)), None)


def body_of_word(source: Source) -> Speaker | None:
    """Answer for "the customs office" with the one body whose name shares a word with it."""
    return None if _has_name(source) else source.discourse.bodies.described(source.text)


def introduced_body(source: Source) -> Speaker | None:
    """Answer for "a rights group", "a published report" in the first sentence with the first body of the next ones."""
    discourse, published = source.discourse, _PUBLISHED.match(source.text)
    if source.sentence != discourse.first or _has_name(source) or not (is_general(source.noun) or published):
        return None
    known = _known(source)
    for one in discourse.near(source.sentence + 1, after=NEAR_SENTENCES):
        if one.label in NAMED_BODIES and discourse.names[one] not in known and discourse.is_early(one):
            return Speaker(discourse.names[one], "ORG")
    return None


def last_body_described(source: Source) -> Speaker | None:
    """Answer for "the New York-based group", "the U.N. agency" with the body that was spoken of before."""
    discourse, trade = source.discourse, company_noun(source.text)
    of_umbrella = any(one.text in UMBRELLAS for one in source.names)
    if _has_name(source) or (of_umbrella and len(source.text.split()) > _AGENCY_WORDS):
        return None
    if not (trade or _DEFINITE_BODY.match(source.text)):
        return None
    known = _known(source)
    within = 2 * NEAR_SENTENCES
    if last := last_body(discourse, source.sentence, within=within, unlike=known, labels=NAMED_BODIES, but=STATE):
        return last
    near = discourse.near(source.sentence - 1, before=1)
    named = [one for one in near if one.label == "ORG" and discourse.names[one] not in known]
    return Speaker(discourse.names[named[0]], "ORG") if named else _only_company(discourse, trade)


def named_body(source: Source) -> Speaker | None:
    """Answer with the body that a source names: itself, what it issued, or a part of it that speaks as one."""
    return source.discourse.bodies.named(source.span, source.names)


def issuer_described(source: Source) -> Speaker | None:
    """Answer for "an interior ministry statement" with the ministry, for "a military statement" with who spoke."""
    issuer = None if source.names else issuer_of(source.text)
    if issuer is None:
        return None
    return Speaker(issuer, "ORG") if " " in issuer else _spoken_of(source, issuer.lower()) or NOBODY


def body_of_kind(source: Source) -> Speaker | None:
    """Answer for "the military" with the body of this kind that spoke last, else that was named so before."""
    kind = _kind(source)
    if not kind:
        return None
    body = _spoken_of(source, kind)
    if body and is_general(kind) and body.name not in source.discourse.all_names:
        # "a Dutch newspaper", that has been named since
        return last_body(source.discourse, source.sentence, labels=NAMED_BODIES, but=STATE) or body
    return body


def sender(source: Source) -> Speaker | None:
    """Answer for "a letter" in "The mayor Jane Doe wrote a letter calling for ..." with whom the sentence is about."""
    discourse, sentence = source.discourse, source.sentence
    start = discourse.sentences[sentence].start
    by_it = source.start != start and _ISSUES.search(discourse.text, start, source.start)
    if _kind(source) != "" or _THE.match(source.text) or not by_it:
        return None
    if by := _ISSUED_BY_THE.search(discourse.text, start, source.start):
        who = source.speaker_of(*by.span(1))
        return who if who.name else None
    if body := discourse.body_first(sentence, before=source.start):
        return body
    named = any(one.start < source.start for one in discourse.near(sentence))
    return discourse.only_person(source.start, sentence) if named else None


def last_body_meant(source: Source) -> Speaker | None:
    """Answer for "the statement", "the group", "the government" with the body that spoke or was spoken of last."""
    discourse, sentence, kind = source.discourse, source.sentence, _kind(source)
    if kind is None or _OF_NOBODY_YET.fullmatch(source.text):
        return None
    begun = source.start - discourse.sentences[sentence].start > START_CHARS and not DEFINITE.match(source.text)
    general = is_general(kind)
    if not kind and begun:
        return None
    others = (
        BODY_NOUNS - {kind} if general and kind not in _ANY_BODY else frozenset()
    )  # no television is "the newspaper"
    labels, but = (NAMED_BODIES, STATE | others) if general else (BODY_LABELS, frozenset())
    last = last_body(discourse, sentence, labels=labels, but=but)
    last = last or _only_company(discourse, company_noun(source.text))
    if kind == "government" and not (last and last.label == "GPE"):
        # "China's top official said ..."
        before = range(sentence - 1, max(0, sentence - NEAR_SENTENCES) - 1, -1)
        return next(filter(None, (discourse.named_first(where, "GPE", source.start) for where in before)), None)
    return last if not kind or general or kind == "government" else None


def _has_name(source: Source) -> bool:
    """Return whether a source has a body's own name in it: it is no mere description then."""
    return any(one.label == "ORG" and one.text not in UMBRELLAS for one in source.names)


def _known(source: Source) -> set[str]:
    """Return the names that a description with them does not mean: "the U.N. agency" is not the U.N."""
    return {source.discourse.names[one] for one in source.names} | UMBRELLAS


def _kind(source: Source) -> str | None:
    """Return the kind of body that a source without a name is, as ``kind_meant`` does."""
    if any(one.start < source.core_end for one in source.names):
        return None
    return kind_meant(source.before(source.core_end) if source.names else source.text)


def _only_company(discourse: Discourse, trade: str | None) -> Speaker | None:
    """Return the one company that spoke so far, where a trade is asked for."""
    spoke = {one.name for one in discourse.latest() if one.label == "ORG" and last_word(one.name) not in STATE}
    return Speaker(spoke.pop(), "ORG") if trade and len(spoke) == 1 else None


def _spoken_of(source: Source, kind: str) -> Speaker | None:
    """Return the body of a kind that spoke last before a sentence, else that was named so."""
    discourse, sentence = source.discourse, source.sentence
    for one in discourse.latest():
        if one.label in BODY_LABELS and kind in one.name.lower().split() and one.sentence < sentence:
            return one.who
    return discourse.bodies.mentioned(kind, source.start, ahead=sentence == discourse.first)
