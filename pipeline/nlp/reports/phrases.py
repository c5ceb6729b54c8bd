"""A parsed sentence in, reports by other cues than a verb's clause out: phrases, nouns, adverbs, adjectives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.layers.docs import text_of, tokens_of, word_hashes
from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.reports.clauses import (
    Range,
    agent_of,
    child,
    clause_of,
    cue_of,
    end,
    is_passive,
    left,
    name_of,
    object_of,
    right,
    strip,
    subject_of,
    with_marks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spacy.tokens import Doc, Token

_ADVERBS = frozenset({"reportedly", "allegedly"})
_PASSIVES = frozenset({"accused", "suspected"})
_NOUNS, _NOUNS_OF, _FEELINGS = (words_of("report_nouns", trait) for trait in ("that", "of", "feeling"))
_FEELING = ("concerned", "confident", "worried", "hopeful")
_WITH_OUT = ("ruled", "rules", "ruling", "rule", "pointed", "points", "pointing", "point")
_IN_THE = 2  # words
_BE = words_of("function_words", "be")


class Report(NamedTuple):
    """Spans of a sentence; ``source`` is None where nobody is named as saying it."""

    source: Range | None
    cue: Range
    content: Range


def phrase_reports(doc: Doc) -> Iterator[Report]:
    """Read every phrase that reports, wherever it stands."""
    for token in tokens_of(doc, _READ):
        report = _READERS[token.lower_](token)
        if report is not None and report.content[1] > report.content[0]:
            yield report


def _phrasal(token: Token) -> Report | None:
    """Read `X ruled out Y`, `X pointed out that Y`: the particle belongs to the cue."""
    out = child(token, "prt")
    about = clause_of(token) or object_of(token)
    if out is None or out.lower_ != "out" or about is None or is_passive(token) or not token.tag_.startswith("VB"):
        return None
    start = max(left(about), end(out))
    source = name_of(token, subject_of(token))
    content = strip(text_of(token.doc), (start, right(about)))
    return Report(source, (cue_of(token)[0], end(out)), content) if source else None


def _in_the_words_of(token: Token) -> Report | None:
    """Read `A, in the words of X`."""
    doc, at = token.doc, token.i
    if (
        at < _IN_THE
        or doc[at - _IN_THE : at].text.lower() != "in the"
        or at + 1 >= len(doc)
        or doc[at + 1].lower_ != "of"
    ):
        return None
    thing = child(doc[at + 1], "pobj")
    return _beside(doc, doc[at - _IN_THE], doc[at + 1], thing) if thing is not None else None


def _according_to(token: Token) -> Report | None:
    """Read `A, according to X`: the longer side of the sentence is the content."""
    doc = token.doc
    following = doc[token.i + 1] if token.i + 2 < len(doc) else None
    thing = child(following, "pobj") if following is not None and following.lower_ == "to" else None
    if following is None or thing is None:
        return None
    return _beside(doc, token, following, thing)


def _beside(doc: Doc, first: Token, last: Token, thing: Token) -> Report:
    """Return the report whose cue goes from ``first`` to ``last`` and whose content is the longer side of it."""
    mark = text_of(doc).find('"', end(last), right(thing))
    source = strip(text_of(doc), (left(thing), right(thing) if mark <= left(thing) else mark))
    before, after = (0, first.idx), (source[1], len(text_of(doc)))
    content = strip(text_of(doc), max(before, after, key=lambda part: part[1] - part[0]))
    return Report(source, (first.idx, end(last)), content)


def _quoted_as_saying(token: Token) -> Report | None:
    """Read `X quoted Y as saying Z`: Y says Z, and X quotes it."""
    doc = token.doc
    saying = next((inner for inner in doc[token.i :] if inner.lower_ in {"saying", "telling"}), None)
    if saying is None or doc[saying.i - 1].lower_ != "as":
        return None
    clause = clause_of(saying)
    stop = right(clause) if clause is not None else right(saying)
    source = object_of(token) if not is_passive(token) else subject_of(token)
    if source is None or stop <= end(saying):
        return None
    span = (left(source), min(right(source), doc[saying.i - 1].idx))
    content = strip(text_of(doc), (end(saying), stop))
    return Report(strip(text_of(doc), span), (saying.idx, end(saying)), content)


def _expressed(token: Token) -> Report | None:
    """Read `X expressed concern that Y`: the noun belongs to the cue, what it is about is the content."""
    noun, subject = object_of(token), subject_of(token)
    if noun is None or subject is None or noun.lower_ not in _FEELINGS or is_passive(token):
        return None
    start, stop = end(noun), right(noun)
    about = clause_of(token)
    stop = max(stop, right(about)) if about is not None else stop
    content = with_marks(text_of(token.doc), strip(text_of(token.doc), (start, stop)))
    return Report(name_of(token, subject), (token.idx, start), content)


def _adverb(token: Token) -> Report | None:
    """Read `The army reportedly fired`: nobody is named."""
    if token.dep_ != "advmod" or token.head.i < token.i:
        return None
    return _unnamed(token, (end(token), right(token.head)))


def _accused_of(token: Token) -> Report | None:
    """Read `X is accused of Y`: nobody is named."""
    if token.tag_ != "VBN" or not is_passive(token) or agent_of(token) is not None:
        return None
    part = next((one for one in token.children if one.dep_ == "prep" and one.lower_ == "of"), None)
    return _unnamed(token, (part.idx, right(part))) if part is not None else None


def _noun(token: Token) -> Report | None:
    """Read `X's claim that Y`, `allegations of Y`."""
    part = _about(token) if token.tag_ in {"NN", "NNS"} else None
    if part is None:
        return None
    owner = child(token, "poss")
    source = strip(text_of(token.doc), (left(owner), end(owner))) if owner is not None else None
    return _unnamed(token, (left(part), right(part)))._replace(source=source)


def _about(noun: Token) -> Token | None:
    for one in noun.children:
        that = one.dep_ in {"acl", "ccomp"} and any(
            part.dep_ == "mark" and part.lower_ == "that" for part in one.children
        )
        of = one.dep_ == "prep" and one.lower_ == "of" and noun.lower_ in _NOUNS_OF
        if that or of:
            return one
    return None


def _feeling(token: Token) -> Report | None:
    """Read `X is concerned that Y`."""
    verb = token.head
    about = child(token, "ccomp") or (child(verb, "ccomp") if token.dep_ == "acomp" else None)
    if about is None or about.i < token.i:
        return None
    helped = verb.lower_ in _BE and verb.i < token.i
    subject = subject_of(verb if token.dep_ == "acomp" else token)
    source = name_of(token, subject)
    cue = (verb.idx if helped else token.idx, end(token))
    content = with_marks(text_of(token.doc), strip(text_of(token.doc), (max(left(about), end(token)), right(about))))
    return Report(source, cue, content) if source is not None else None


def _unnamed(token: Token, content: Range) -> Report:
    return Report(None, (token.idx, end(token)), strip(text_of(token.doc), content))


_READERS: dict[str, Callable[[Token], Report | None]] = {
    "according": _according_to,
    "words": _in_the_words_of,
    **dict.fromkeys(_WITH_OUT, _phrasal),
    **dict.fromkeys(("quote", "quotes", "quoted", "quoting", "cite", "cites", "cited", "citing"), _quoted_as_saying),
    **dict.fromkeys(("express", "expressed", "expresses", "expressing"), _expressed),
    **dict.fromkeys(_ADVERBS, _adverb),
    **dict.fromkeys(_PASSIVES, _accused_of),
    **dict.fromkeys(_NOUNS, _noun),
    **dict.fromkeys(_FEELING, _feeling),
}
PHRASE_WORDS = frozenset(_READERS)
_READ = word_hashes(PHRASE_WORDS)
