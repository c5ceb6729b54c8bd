"""A parsed sentence in, who said what in it out: source, cue and content by characters of the sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.abbreviations import ends_in_acronym
from pipeline.nlp.reporting import (
    ACCUSE_FORMS,
    CALL_FORMS,
    CLAUSE_FORMS,
    FORMS,
    OBJECT_FORMS,
    ORDER_FORMS,
    PREPOSITION_FORMS,
    PREPOSITIONS,
)
from pipeline.nlp.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Token

_CONJUNCTION = re.compile(r"[ ,;]+(?:and|but|or)$")
Range = tuple[int, int]  # of characters, end excluded

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_CLAUSES = frozenset({"ccomp", "xcomp"})
_RELATIVES = frozenset({"WDT", "WP", "WRB"})
_ACTS = frozenset({"agree", "agrees", "agreed", "agreeing"})  # to do something is no speech
_DAY = re.compile(r",? (?:(?:on|late|early) )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: \w+)?$")
_APPOSITION = re.compile(r"(, [A-Z][\w.'-]+(?: (?:al-)?[A-Z][\w.'-]*){0,3}),? ")
_ADVERBS = frozenset({"reportedly", "allegedly"})
_PASSIVES = frozenset({"accused", "suspected"})
_NOUNS_OF = frozenset({"allegations", "accusations", "suspicions", "rumors"})
_NOUNS = _NOUNS_OF | listed(
    "allegation accusation speculation fears reports claims assertion assertions view belief hopes"
)
_FEELINGS = listed("concern concerns hope hopes confidence doubt doubts regret fear fears support optimism outrage")
_HAVE = frozenset({"has", "have", "had", "having", "'ve", "'s", "'d"})
_OUTER = " ,;:.-\u2013\u2014"


class Report(NamedTuple):
    """Spans of a sentence; ``source`` is None where nobody is named as saying it."""

    source: Range | None
    cue: Range
    content: Range


def find_reports(doc: Doc) -> list[Report]:
    """Find every report of a sentence that its parse shows, in the order of the cues."""
    tokens = list(doc)
    reports = [*_quoted_as_saying(doc, tokens), *_according_to(doc, tokens), *_expressed(doc, tokens)]
    reports += [*_unnamed(doc, tokens), *(report for token in tokens for report in _reports(token))]
    return sorted(_without_doubles(reports), key=lambda report: report.cue)


def _reports(token: Token) -> Iterator[Report]:
    form = token.lower_
    if form not in FORMS or not token.tag_.startswith("VB"):
        return
    clause = _clause(token)
    passive = _is_passive(token)
    is_act = form in _ACTS and clause is not None and clause.dep_ == "xcomp"
    if is_act or (passive and (clause is None or clause.dep_ == "xcomp" or _agent(token) is None)):
        return
    subject = _subject(token)
    cue, content = _cue_and_content(token, clause, subject)
    if content is None:
        return
    content = _with_marks(token.doc.text, _strip(token.doc.text, content))
    source = _source(token, _agent(token) if passive else subject)
    if content[1] - content[0] > 1 and (source is None or source[1] <= content[0] or source[0] >= content[1]):
        yield Report(source, cue, content)


def _cue_and_content(token: Token, clause: Token | None, subject: Token | None) -> tuple[Range, Range | None]:
    """Give what is said: whom one asks to do it, a clause, what a preposition brings, a thing, or what is around."""
    form, cue = token.lower_, _cue(token)
    thing = _object(token)
    if form in ORDER_FORMS and thing is not None and _has_infinitive(token):
        return cue, (_left(thing), _end(token))
    if clause is not None and form in CLAUSE_FORMS:
        return cue, _clause_range(token, clause, subject)
    preposition = _preposition(token)
    if preposition is not None:
        if form in CALL_FORMS:
            cue = (token.idx, preposition.idx + len(preposition))
        return cue, (cue[1], _right(preposition)) if form in CALL_FORMS else (preposition.idx, _right(preposition))
    if form in OBJECT_FORMS and thing is not None:
        return cue, (_left(thing), _end(token) if form in ACCUSE_FORMS else _right(thing))
    if form in CLAUSE_FORMS and token.dep_ in {"parataxis", "ccomp", "advcl", "dep"} and subject is not None:
        return cue, _around(token, subject)
    return cue, None


def _outer_cue(token: Token) -> Token | None:
    """Give the cue that a second one goes with where the parse hangs it on what was said.

    In `X said A was B and called for C` it is X who called.
    """
    clause = token.head
    if token.dep_ != "conj" or clause.dep_ != "ccomp" or clause.lower_ in FORMS:
        return None
    cue = clause.head
    own = any(child.dep_ in _SUBJECTS for child in token.children)
    fits = cue.lower_ in FORMS and cue.i < clause.i and cue.tag_ == token.tag_
    return cue if fits and not own and token.lower_ in FORMS else None


def _subject(token: Token) -> Token | None:
    """Give who does the saying: the verb's own subject, or that of the clause that the verb depends on."""
    token = _outer_cue(token) or token
    for step in (token, *token.ancestors):
        for child in step.children:
            if child.dep_ in _SUBJECTS and (child.i < token.i or step is token):
                return child
        if step.dep_ in {"acl", "relcl"}:
            return step.head
        if step.dep_ not in {"conj", "xcomp", "advcl", "pcomp", "prep", "aux"}:
            return None
    return None


def _source(token: Token, subject: Token | None) -> Range | None:
    if subject is None:
        return None
    if subject.tag_ in _RELATIVES:
        verb = subject.head
        while verb.dep_ == "conj":
            verb = verb.head
        if verb.dep_ not in {"relcl", "acl"}:
            return None
        subject = verb.head
    if subject.lower_ in {"it", "there"} and subject.dep_ == "nsubjpass":
        return None
    start, end = _left(subject), _right(subject)
    if start <= token.idx < end:  # the report stands in a clause on the name ("a report that found ...")
        later = [child for child in subject.children if child.left_edge.i > subject.i and child.right_edge.i >= token.i]
        end = min((_before_clause(child, token) for child in later), default=end)
    start, end = _strip(token.doc.text, (start, end))
    end = _with_apposition(token, end)
    day = _DAY.search(token.doc.text, start, end)
    return start, day.start() if day else end


def _before_clause(child: Token, token: Token) -> int:
    """Give where a name ends: before a clause on it, or before the cue itself where the parse took it for one."""
    if child.left_edge.tag_ in _RELATIVES or child is token or child.left_edge.lower_ == "that":
        return int(child.left_edge.idx)
    return int(_cue(token)[0])


def _with_apposition(token: Token, end: int) -> int:
    """Take in a name that the parse left out: "A spokesman, Jane Doe, said"."""
    match = _APPOSITION.fullmatch(token.doc.text, end, max(end, _cue(token)[0]))
    return end + len(match.group(1)) if match and end < token.idx else end


def _clause(token: Token) -> Token | None:
    for child in token.children:
        if child.dep_ == "ccomp" or (child.dep_ == "xcomp" and token.lower_ not in {"saying", "said", "says", "say"}):
            return child
    return None


def _cue(token: Token) -> Range:
    """Give the verb; with its auxiliaries where it is denied ("did not say")."""
    start = token.idx
    helpers = [child for child in token.children if child.dep_ in {"aux", "neg"} and child.i < token.i]
    if any(child.dep_ == "neg" for child in helpers):
        start = min(child.idx for child in helpers)
    return start, token.idx + len(token)


def _is_passive(token: Token) -> bool:
    helpers = [child for child in token.children if child.dep_ in {"aux", "auxpass"}]
    has_done = any(child.dep_ == "aux" and child.lower_ in _HAVE for child in helpers)
    return token.tag_ == "VBN" and (not has_done or any(child.dep_ == "auxpass" for child in helpers))


def _agent(token: Token) -> Token | None:
    by = next((child for child in token.children if child.dep_ == "agent"), None)
    return next((child for child in by.children if child.dep_ == "pobj"), None) if by is not None else None


def _clause_range(token: Token, clause: Token, subject: Token | None) -> Range:
    if clause.i > token.i:
        second = next((part for part in clause.children if _outer_cue(part) is token), None)
        end = _right(clause) if second is None else second.left_edge.idx
        return (_left(clause), max(end, token.idx + len(token)))
    first = min(token.i, subject.left_edge.i) if subject is not None and subject.i > clause.i else token.i
    return (_left(clause), token.doc[first].idx)


def _object(token: Token) -> Token | None:
    return next((child for child in token.children if child.dep_ in {"dobj", "dative"}), None)


def _has_infinitive(token: Token) -> bool:
    clauses = (child for child in token.children if child.dep_ in _CLAUSES and child.i > token.i)
    return any(part.tag_ == "TO" for clause in clauses for part in clause.children)


def _preposition(token: Token) -> Token | None:
    wanted = PREPOSITIONS.get(PREPOSITION_FORMS.get(token.lower_, ""), frozenset())
    return next((child for child in token.children if child.dep_ == "prep" and child.lower_ in wanted), None)


def _around(token: Token, subject: Token) -> Range:
    """Give the longer side of a sentence that a cue stands inside or behind, as in `The plan, he said, was dead`."""
    inner = sorted([token.i, *(left.i for left in subject.subtree)])
    text = token.doc.text
    before = (0, token.doc[inner[0]].idx)
    last = token.doc[inner[-1]]
    after = (last.idx + len(last), len(text))
    return max(before, after, key=lambda part: part[1] - part[0])


def _according_to(doc: Doc, tokens: Sequence[Token]) -> Iterator[Report]:
    for token in tokens[:-2]:
        following = token.nbor()
        if token.lower_ != "according" or following.lower_ != "to":
            continue
        thing = next((child for child in following.children if child.dep_ == "pobj"), None)
        if thing is None:
            continue
        source = _strip(doc.text, (_left(thing), _right(thing)))
        before, after = (0, token.idx), (source[1], len(doc.text))
        content = _strip(doc.text, max(before, after, key=lambda part: part[1] - part[0]))
        if content[1] > content[0]:
            yield Report(source, (token.idx, following.idx + len(following)), content)


def _quoted_as_saying(doc: Doc, tokens: Sequence[Token]) -> Iterator[Report]:
    """Read `X quoted Y as saying Z`: Y says Z, and X quotes it."""
    for token in tokens:
        if token.lower_ not in {"quote", "quotes", "quoted", "quoting"}:
            continue
        saying = next((inner for inner in doc[token.i :] if inner.lower_ in {"saying", "telling"}), None)
        if saying is None or saying.nbor(-1).lower_ != "as":
            continue
        clause = _clause(saying)
        end = _right(clause) if clause is not None else _right(saying)
        source = _object(token) if not _is_passive(token) else _subject(token)
        if source is not None and end > saying.idx + len(saying):
            span = (_left(source), min(_right(source), saying.nbor(-1).idx))
            content = _strip(doc.text, (saying.idx + len(saying), end))
            yield Report(_strip(doc.text, span), (saying.idx, saying.idx + len(saying)), content)


def _expressed(doc: Doc, tokens: Sequence[Token]) -> Iterator[Report]:
    """Read `X expressed concern that Y`: the noun belongs to the cue, what it is about is the content."""
    for token in tokens:
        if token.lower_ not in {"express", "expressed", "expresses", "expressing"}:
            continue
        noun = _object(token)
        subject = _subject(token)
        if noun is None or subject is None or noun.lower_ not in _FEELINGS or _is_passive(token):
            continue
        start, end = noun.idx + len(noun), _right(noun)
        about = _clause(token)
        end = max(end, _right(about)) if about is not None else end
        content = _with_marks(doc.text, _strip(doc.text, (start, end)))
        if content[1] > content[0]:
            yield Report(_source(token, subject), (token.idx, start), content)


def _unnamed(doc: Doc, tokens: Sequence[Token]) -> Iterator[Report]:
    """Read reports that name nobody: "reportedly", "accused of", "allegations that"."""
    for token in tokens:
        content = None
        source = None
        if token.lower_ in _ADVERBS and token.dep_ == "advmod" and token.head.i > token.i:
            content = (token.idx + len(token), _right(token.head))
        elif token.lower_ in _PASSIVES and token.tag_ == "VBN" and _is_passive(token) and _agent(token) is None:
            part = next((child for child in token.children if child.dep_ == "prep" and child.lower_ == "of"), None)
            content = (part.idx, _right(part)) if part is not None else None
        elif token.lower_ in _NOUNS and token.tag_ in {"NN", "NNS"}:
            part = _about(token)
            content = (_left(part), _right(part)) if part is not None else None
            owner = next((child for child in token.children if child.dep_ == "poss"), None)
            source = _strip(doc.text, (_left(owner), owner.idx + len(owner))) if owner is not None else None
        if content is not None and (content := _strip(doc.text, content))[1] > content[0]:
            yield Report(source, (token.idx, token.idx + len(token)), content)


def _about(noun: Token) -> Token | None:
    for child in noun.children:
        that = child.dep_ in {"acl", "ccomp"} and any(
            one.dep_ == "mark" and one.lower_ == "that" for one in child.children
        )
        of = child.dep_ == "prep" and child.lower_ == "of" and noun.lower_ in _NOUNS_OF
        if that or of:
            return child
    return None


def _without_doubles(reports: list[Report]) -> list[Report]:
    seen = set()
    kept = []
    for report in reports:
        if report.cue[0] not in seen:
            seen.add(report.cue[0])
            kept.append(report)
    return kept


def _with_marks(text: str, span: Range) -> Range:
    """Widen a content to the quotation marks at its ends: a quote keeps its marks, and the full stop in them."""
    start, end = span
    if start and text[start - 1] == '"' and text[:start].count('"') % 2 == 1:
        start -= 1
    tail = text[end : end + 2]
    if text[start:end].count('"') % 2 == 1:
        end += 1 if tail[:1] == '"' else 2 if tail[1:] == '"' and tail[0] in ".,!?" else 0
    return start, end


def _left(token: Token) -> int:
    return int(token.left_edge.idx)


def _right(token: Token) -> int:
    edge = token.right_edge
    return int(edge.idx + len(edge))


def _end(token: Token) -> int:
    return _right(token)


def _strip(text: str, span: Range) -> Range:
    start, end = span
    while start < end and text[start] in _OUTER:
        start += 1
    while end > start and text[end - 1] in _OUTER and not ends_in_acronym(text[start:end]):
        end -= 1
    tail = _CONJUNCTION.search(text[start:end])
    return (start, start + tail.start()) if tail else (start, end)
