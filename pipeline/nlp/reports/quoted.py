"""Who stands beside a quote: `"...," X said`, `"..." pointed out X`, `X, 54, whose shop burned: "..."`, `"..." - X`.

Beside a whole quoted sentence any verb reports, and a parse is least sure where a sentence is broken by one. So what
stands outside of the marks is read by its order alone: a source, what is set off by commas, a verb.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.reports.verbs import BESIDE_QUOTES
from pipeline.nlp.text.characters import CAPITALS

if TYPE_CHECKING:
    from pipeline.nlp.reports.clauses import Range

_CAPITAL = f"[{CAPITALS}]"
_NO_NOUNS = words_of("function_words") | {"who", "whom", "whose", "which", "to", "of", "in", "for", "with", "by"}
_PRONOUNS = frozenset({"he", "she", "they", "i", "we", "it", "one"})
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|I|[Ww]e|[Ii]t)\b"
_DETERMINER = r"(?i:the|an?|one|another|this|some|many|several|his|her|their|my|our)\b"
_FORMS = alternation(BESIDE_QUOTES)
_PARTICLE = r"(?: (?:out|up)\b| (?:on|in|up|back|off|along|aloud)\b(?=\s*[,.:;\"\u201c\u2018\u00ab]|\s*$))?"
_NO_VERB = r"(?:was|is|has|his|its|this|as|us|does|perhaps|always|\w+ous|\w+less|\w+ness)\b"
_VERB = re.compile(
    rf"(?:(?:has|have|had) )?(?:{_FORMS}|[a-z]+ed|(?!{_NO_VERB})[a-z]{{2,}}s){_PARTICLE}(?![\w'\u2019-])"
)
_KNOWN = re.compile(rf"(?:(?:has|have|had) )?(?:{_FORMS})\b")
_ADVERB = r"(?:(?:also|then|later|once|now|still|even|[a-z]+ly) )?"
_BEGINS = re.compile(rf"{_PRONOUN}|{_DETERMINER}|{_CAPITAL}|[a-z]+s\b|police\b")
_AND_THEN = re.compile(rf"[\s,.]*{_ADVERB}")
# Where a source behind its verb ends: "said Jane Doe, 54", "read a statement from Acme", "said the mayor on Monday".
_SOURCE_END = re.compile(
    r"[,;:.!?](?:\s|$)|\s(?:on|in|at|as|when|while|after|before|during|who|via|last|to|outside|through|because|if)\s"
    r"|\s\w+day\b|\s*$"
)
# Titles and initials at the head of a name, whose full stops end no source: "Dr. J. Doe".
_HEAD = re.compile(rf"(?:(?:{alternation(words_of('titles', 'abbreviated'))}|{_CAPITAL})\.\s)*")
_SIGNATURE = re.compile(rf"\s*(?:[-\u2013\u2014]+|\s-)\s*(?P<source>{_CAPITAL}[^.;:!?\"]*?)\.?\s*$")
_ACCORDING = re.compile(r"(?:[^\"]*, )?(?P<cue>[Aa]ccording to) (?P<source>[^,:;\"]+)[:,]\s*$")
_COLON = re.compile(rf"(?P<source>(?:{_DETERMINER} |{_CAPITAL})[^:\"]*?):\s*$")
# What belongs to a source behind its comma: an age, an apposition, a clause; not "Jane Doe, speaking in Oslo, said".
_SET_OFF = re.compile(
    r" (?:\d|an? |the |who |whose |president|chairman|chief|director|head|author|[a-z]+ (?:of|at|for|with) )[^,]*,"
)
_MOST_SOURCE_CHARS = 160
_HAS_VERB = re.compile(rf"\b(?:{_FORMS})\b")


class Beside(NamedTuple):
    """Who stands beside a quote, in characters of the text; no cue where no verb stands there: `"..." - Jane Doe`."""

    source: Range
    cue: Range | None


def behind(text: str, start: int, end: int) -> Beside | None:
    """Return who is said to speak in ``text[start:end]``, which follows a quote."""
    if signature := _SIGNATURE.fullmatch(text, start, end):
        return Beside(signature.span("source"), None)
    at = _AND_THEN.match(text, start, end)
    begin = at.end() if at else start
    verb = _VERB.match(text, begin, end)
    if verb and (source := _source_behind(text, verb.end(), end)):
        return Beside(source, verb.span())
    return _source_and_verb(text, begin, end)


def before(text: str, start: int, end: int) -> Beside | None:
    """Return who is said to speak in ``text[start:end]``, which a quote follows."""
    if according := _ACCORDING.fullmatch(text, start, end):
        return Beside(according.span("source"), according.span("cue"))
    colon = _COLON.fullmatch(text, start, end)
    beside = _source_and_verb(text, start, end)
    if beside and beside.cue and text[start:end].rstrip()[-1] not in ":," and not _KNOWN.fullmatch(text, *beside.cue):
        return None  # "a film called", "his famous"
    if beside is None and colon and not _HAS_VERB.search(text, start, end):
        return Beside(colon.span("source"), None)
    return beside


def _source_behind(text: str, start: int, end: int) -> Range | None:
    """Return the source that follows its verb."""
    start += text.startswith(" ", start)
    if not _BEGINS.match(text, start, end) or text[start:end].split(maxsplit=1)[:1] == ["that"]:
        return None
    head = _HEAD.match(text, start, end)
    stop = _SOURCE_END.search(text, head.end() if head else start, end)
    return (start, stop.start()) if stop and start < stop.start() else None


def _source_and_verb(text: str, start: int, end: int) -> Beside | None:
    """Read `X said`, `X, 54, said`, `X, who runs a shop, quietly added`: the verb ends the source or a comma's part."""
    end = min(end, start + _MOST_SOURCE_CHARS)
    if not _BEGINS.match(text, start, end):
        return None
    for verb in _VERB.finditer(text, start, end):
        if verb.start() == start or not text[verb.start() - 1].isspace():
            continue
        source = re.sub(rf"[\s]+{_ADVERB}$", "", text[start : verb.start()])
        head, comma, set_off = source.partition(",")
        if comma and not set_off.endswith(","):
            continue
        if _is_source(head.strip(), known=bool(_KNOWN.fullmatch(verb.group()))):
            source = source if _SET_OFF.fullmatch(set_off) else head
            return Beside((start, start + len(source.rstrip(" ,"))), verb.span())
    return None


def _is_source(head: str, *, known: bool) -> bool:
    """Return whether words can be who speaks; before an unknown verb only a pronoun, a name or "the" and a noun can."""
    words = head.split()
    if not words or words[-1].lower() in _NO_NOUNS - _PRONOUNS or '"' in head:
        return False
    if re.fullmatch(_PRONOUN, head) or words[-1][0].isupper():
        return True
    described = bool(re.match(_DETERMINER, head)) and len(words) > 1
    return described or (known and len(words) <= 3)  # noqa: PLR2004  ("police officials said")
