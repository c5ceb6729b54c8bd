"""A token of a parsed sentence in, the parts of its clause out: who does it, what it takes, from where to where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.layers.docs import text_of
from pipeline.nlp.text.abbreviations import ends_in_abbreviation, ends_in_acronym

if TYPE_CHECKING:
    from spacy.tokens import Token

Range = tuple[int, int]  # of characters, end excluded

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
RELATIVES = frozenset({"WDT", "WP", "WRB"})
_PASSED_ON = frozenset({"conj", "xcomp", "advcl", "pcomp", "prep", "aux"})  # such a verb has its head's subject
_HAVE = frozenset({"has", "have", "had", "having", "'ve", "'s", "'d"})
_DAY = re.compile(r",? (?:(?:on|late|early) )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: \w+)?$")
_ISSUED = re.compile(r"(?:ed|made|held|sent|given|place|said)$")  # what precedes a day that belongs to the source
_YESTERDAY = re.compile(r" (?:yesterday|today)$")
_TAIL = re.compile(r"(?P<and> (?:Co|Sons|Bros)\b)|, (?:[A-Z]\.[A-Z]\.|(?:Calif|Mass|Conn|Ill|Md|Pa|Tex|Fla|Mich)\b)")
_CLOSING = re.compile(r"[.,]?\"")
_APPOSITION = re.compile(r"(,? [A-Z][\w.'-]+(?: (?:al-|of |and |du )?[A-Z][\w.'-]*){0,3}),? ")
_CONJUNCTION = re.compile(r"[ ,;]+(?:and|but|or)$")
_OUTER = " ,;:.-\u2013\u2014"


def left(token: Token) -> int:
    """Return where the phrase of a token starts."""
    return int(token.left_edge.idx)


def right(token: Token) -> int:
    """Return where the phrase of a token ends."""
    return end(token.right_edge)


def end(token: Token) -> int:
    """Return where a token itself ends."""
    return int(token.idx + len(token))


def child(token: Token, *labels: str) -> Token | None:
    """Return the first child with one of these dependency labels."""
    return next((one for one in token.children if one.dep_ in labels), None)


def own_subject(token: Token) -> Token | None:
    """Return a verb's own subject."""
    return child(token, "nsubj", "nsubjpass")


def subject_of(token: Token) -> Token | None:
    """Return who does it: the verb's own subject, or that of the clause that the verb depends on."""
    for step in (token, *token.ancestors):
        subjects = [one for one in step.children if one.dep_ in SUBJECTS and (one.i < token.i or step.i == token.i)]
        if subjects:  # "the tax, which he says is high": he, not the tax
            return next((one for one in subjects if one.tag_ not in RELATIVES), subjects[0])
        if step.dep_ in {"acl", "relcl"}:
            return step.head
        if step.dep_ not in _PASSED_ON:
            return None
    return None


def clause_of(token: Token) -> Token | None:
    """Return the clause that a verb takes."""
    for one in token.children:
        if one.dep_ == "ccomp" or (one.dep_ == "xcomp" and token.lower_ not in {"saying", "said", "says", "say"}):
            return one
    return None


def object_of(token: Token) -> Token | None:
    """Return the thing or person that a verb takes."""
    return child(token, "dobj", "dative")


def has_infinitive(token: Token) -> bool:
    """Return whether a verb takes one with "to" behind it."""
    clauses = (one for one in token.children if one.dep_ in {"ccomp", "xcomp"} and one.i > token.i)
    return any(part.tag_ == "TO" for clause in clauses for part in clause.children)


def is_passive(token: Token) -> bool:
    """Return whether a participle is passive."""
    helpers = [one for one in token.children if one.dep_ in {"aux", "auxpass"}]
    has_done = any(one.dep_ == "aux" and one.lower_ in _HAVE for one in helpers)
    return token.tag_ == "VBN" and (not has_done or any(one.dep_ == "auxpass" for one in helpers))


def agent_of(token: Token) -> Token | None:
    """Return by whom a passive is done."""
    by = child(token, "agent")
    return child(by, "pobj") if by is not None else None


def cue_of(token: Token) -> Range:
    """Return the verb; with its auxiliaries where it is denied ("did not say")."""
    helpers = [one for one in token.children if one.dep_ in {"aux", "neg"} and one.i < token.i]
    denied = any(one.dep_ == "neg" for one in helpers)
    return min((one.idx for one in helpers), default=token.idx) if denied else token.idx, end(token)


def name_of(token: Token, subject: Token | None) -> Range | None:
    """Return the noun phrase of who does it, up to a clause on it that holds the verb itself; None for "it is ..."."""
    if subject is None:
        return None
    if subject.tag_ in RELATIVES:
        verb = subject.head
        while verb.dep_ == "conj":
            verb = verb.head
        if verb.dep_ not in {"relcl", "acl"}:
            return None
        subject = verb.head
    if subject.lower_ in {"it", "there"} and subject.dep_ == "nsubjpass":
        return None
    start, stop = left(subject), right(subject)
    if start <= token.idx < stop:  # the report stands in a clause on the name ("a report that found ...")
        later = [one for one in subject.children if one.left_edge.i > subject.i and one.right_edge.i >= token.i]
        stop = min((_before_clause(one, token) for one in later), default=stop)
    text = text_of(token.doc)
    start, stop = strip(text, (start, stop))
    stop = _with_apposition(token, stop)
    day = _DAY.search(text, start, stop) or _YESTERDAY.search(text, start, stop)
    return start, day.start() if day and not _ISSUED.search(text, start, day.start()) else _whole(text, start, stop)


def _whole(text: str, start: int, stop: int) -> int:
    """Return the end of a name with what the parse cut off: "& Co.", "Oslo, Calif.", the end of a title in quotes."""
    tail = _TAIL.match(text, stop)
    stop = tail.end() if tail and (text[stop - 1] == "&" or not tail["and"]) else stop
    if text.startswith(".", stop) and text[stop - 2] not in "'\u2019" and ends_in_abbreviation(text[start : stop + 1]):
        stop += 1
    closing = _CLOSING.match(text, stop)
    return closing.end() if closing and text[start:stop].count('"') % 2 else stop


def _before_clause(one: Token, token: Token) -> int:
    """Return where a name ends: before a clause on it, or before the cue itself where the parse took it for one."""
    if one.left_edge.tag_ in RELATIVES or one.i == token.i or one.left_edge.lower_ == "that":
        return int(one.left_edge.idx)
    return cue_of(token)[0]


def _with_apposition(token: Token, stop: int) -> int:
    """Take in a name that the parse left out: "A spokesman, Jane Doe, said", "The magazine Focus said"."""
    match = _APPOSITION.fullmatch(text_of(token.doc), stop, max(stop, cue_of(token)[0]))
    return stop + len(match.group(1)) if match and stop < token.idx else stop


def with_marks(text: str, span: Range) -> Range:
    """Widen a content to the quotation marks at its ends: a quote keeps its marks, and the full stop in them."""
    start, stop = span
    if start and text[start - 1] == '"' and text[:start].count('"') % 2 == 1:
        start -= 1
    tail = text[stop : stop + 2]
    if text[start:stop].count('"') % 2 == 1:
        stop += 1 if tail[:1] == '"' else 2 if tail[1:] == '"' and tail[0] in ".,!?" else 0
    return start, stop


def strip(text: str, span: Range) -> Range:
    """Leave out blanks, commas, dashes, full stops and a conjunction at the ends."""
    start, stop = span
    while start < stop and text[start] in _OUTER:
        start += 1
    while stop > start and text[stop - 1] in _OUTER and not ends_in_acronym(text[start:stop]):
        stop -= 1
    tail = _CONJUNCTION.search(text[start:stop])
    return (start, start + tail.start()) if tail else (start, stop)
