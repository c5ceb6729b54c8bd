"""Words that report speech, writing or thought: a word form in, its verb out."""

from __future__ import annotations

import re

from pipeline.nlp.words import listed

# Take a clause as what is said ("said that ..."). Only speech and thought, no mere actions.
_CLAUSE_VERBS = listed(
    """
    say tell add announce report confirm warn claim deny believe think hope suggest argue insist state note stress
    explain declare admit acknowledge predict estimate fear expect suspect conclude indicate show find reveal
    complain contend assert allege charge write tweet post reply respond answer testify vow pledge promise threaten
    propose agree offer ask urge demand reiterate repeat recall joke quip remark observe comment caution concede
    emphasize emphasise underline underscore advise recommend speculate assume conjecture worry doubt inform assure
    remind notify convince persuade signal hint mention boast lament muse wonder shout exclaim theorize theorise
    calculate forecast project anticipate
    """
)

# Take a thing as what is said ("denied the charges", "called for talks", "accused him of fraud").
_OBJECT_VERBS = listed(
    """
    announce confirm deny claim condemn criticize criticise reject accuse blame praise denounce demand propose urge
    warn welcome promise pledge threaten suspect fear describe cite call ask predict estimate report acknowledge
    stress express quote dispute question allege oppose dismiss hail slam blast repeat reiterate suggest vow
    recommend expect thank
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


CALL_FORMS = frozenset(_forms("call"))
ACCUSE_FORMS = frozenset(_forms("accuse"))
CLAUSE_FORMS: dict[str, str] = {form: verb for verb in _CLAUSE_VERBS for form in _forms(verb)}
OBJECT_FORMS: dict[str, str] = {form: verb for verb in _OBJECT_VERBS for form in _forms(verb)}
ORDER_FORMS: dict[str, str] = {form: verb for verb in _ORDER_VERBS for form in _forms(verb)}
PREPOSITION_FORMS: dict[str, str] = {form: verb for verb in PREPOSITIONS for form in _forms(verb)}
FORMS: dict[str, str] = {**CLAUSE_FORMS, **OBJECT_FORMS, **ORDER_FORMS, **PREPOSITION_FORMS}

_OTHER_CUES = listed(
    """
    according allegation allegations accusation accusations reportedly allegedly quoted suspicion suspicions assertion
    assertions statement hope hopes view report reports rumor rumors rumour rumours fears claims expressed expresses
    expressing suspected accused speculation belief
    """
)
_CUES = frozenset(FORMS) | _OTHER_CUES
_QUOTES = re.compile(r"[\"\u201c\u201d]")
_WORD = re.compile(r"[a-z]+")


def may_report(sentence: str) -> bool:
    """Tell whether a sentence has a quotation mark or a word that may report: others need no parse."""
    return bool(_QUOTES.search(sentence)) or not _CUES.isdisjoint(_WORD.findall(sentence.lower()))
