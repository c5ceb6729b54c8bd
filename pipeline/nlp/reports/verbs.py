"""Words that report speech, writing or thought: a word form in, its verb out."""

from __future__ import annotations

import re

from pipeline.nlp.lexicon.words import listed
from pipeline.nlp.reports.phrases import PHRASE_WORDS

# Take a clause as what is said ("said that ..."). Only speech and thought, no mere actions.
_CLAUSE_VERBS = listed(
    """
    say tell add announce report confirm warn claim deny believe think hope suggest argue insist state note stress
    explain declare admit acknowledge predict estimate fear expect suspect conclude indicate show find reveal
    complain contend assert allege charge write tweet post reply respond answer testify vow pledge promise threaten
    propose agree offer ask urge demand reiterate repeat recall joke quip remark observe comment caution concede
    emphasize emphasise underline underscore advise recommend speculate assume conjecture worry doubt inform assure
    remind notify signal hint describe proclaim mention boast lament muse wonder shout exclaim theorize theorise
    calculate forecast project anticipate
    """
)

# Take a thing as what is said ("denied the charges", "called for talks", "accused him of fraud").
_OBJECT_VERBS = listed(
    """
    announce confirm deny claim condemn criticize criticise reject accuse blame praise denounce demand urge
    warn welcome promise pledge suspect fear describe cite call ask predict estimate report acknowledge stress express
    quote dispute allege hail slam blast repeat reiterate suggest vow recommend expect thank note concede proclaim
    characterize characterise identify regard compare commend dub fault
    """
)

# "X asked Y to do": what is asked starts with Y.
_ORDER_VERBS = listed("ask urge tell call advise warn order instruct want encourage press beg remind invite")

# With a preposition they report; "for", "on" and "upon" after "call" are part of the cue, by the guide of news_gold.
PREPOSITIONS: dict[str, frozenset[str]] = {
    "call": frozenset({"for", "on", "upon"}),
    "warn": frozenset({"of", "against", "about"}),
    "appeal": frozenset({"for", "to"}),
    "insist": frozenset({"on"}),
    "ask": frozenset({"for"}),
    "complain": frozenset({"about", "of"}),
    "worry": frozenset({"about"}),
    "speculate": frozenset({"about"}),
    "hope": frozenset({"for"}),
}
_IRREGULAR = {
    "say": "says said saying",
    "tell": "tells told telling",
    "think": "thinks thought thinking",
    "write": "writes wrote written writing",
    "find": "finds found finding",
    "show": "shows showed shown showing",
    "forecast": "forecasts forecast forecasting",
    "quip": "quips quipped quipping",
    "admit": "admits admitted admitting",
    "slam": "slams slammed slamming",
    "beg": "begs begged begging",
    "signal": "signals signaled signalled signaling signalling",
}
_VOWELS = "aeiou"


def _forms(verb: str) -> set[str]:
    if verb in _IRREGULAR:
        return {verb, *_IRREGULAR[verb].split()}
    if verb.endswith("e"):
        return {verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"}
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return {verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"}
    plural = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"
    return {verb, plural, f"{verb}ed", f"{verb}ing"}


REFUSE_FORMS = frozenset(_forms("decline") | _forms("refuse"))
SAY_FORMS = frozenset({"say", "says", "said", "saying"})
TELL_FORMS = frozenset({"tell", "tells", "told", "telling"})
CALL_FORMS = frozenset(_forms("call"))
ACCUSE_FORMS = frozenset(_forms("accuse"))
CLAUSE_FORMS: dict[str, str] = {form: verb for verb in _CLAUSE_VERBS for form in _forms(verb)}
OBJECT_FORMS: dict[str, str] = {form: verb for verb in _OBJECT_VERBS for form in _forms(verb)}
ORDER_FORMS: dict[str, str] = {form: verb for verb in _ORDER_VERBS for form in _forms(verb)}
PREPOSITION_FORMS: dict[str, str] = {form: verb for verb in PREPOSITIONS for form in _forms(verb)}
FORMS: dict[str, str] = {**CLAUSE_FORMS, **OBJECT_FORMS, **ORDER_FORMS, **PREPOSITION_FORMS}

# Forms that are nearly always nouns: where no other cue and no quotation mark stands they are not worth a parse.
_MOSTLY_NOUNS = listed("state states charges comment comments suspects order blast points dispute")
_CUES = frozenset(FORMS) | PHRASE_WORDS
_QUOTES = re.compile(r"[\"\u201c\u201d]")
_WORD = re.compile(r"[a-z]+")


def may_report(sentence: str) -> bool:
    """Tell whether a sentence has a word that may report: without one no parse shows a report."""
    cues = _CUES.intersection(_WORD.findall(sentence.lower()))
    return not cues <= _MOSTLY_NOUNS or bool(cues and _QUOTES.search(sentence))
