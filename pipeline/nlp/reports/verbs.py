"""The verbs that report speech, writing or thought, by their forms; and which sentences have one."""

from __future__ import annotations

import re

from pipeline.nlp.lexicon.tables import table
from pipeline.nlp.reports.phrases import PHRASE_WORDS

_WITH = "with:"
_VOWELS = "aeiou"
# Forms that are nearly always nouns: where no other cue and no quotation mark stands they are not worth a parse.
_MOSTLY_NOUNS = frozenset({
    "state", "states", "charges", "comment", "comments", "suspects", "order", "blast", "points", "dispute", "question",
    "questions", "request", "requests", "feeling", "doubt", "doubts",
})  # fmt: skip
_THAT = re.compile(rf"\b(?:{'|'.join(sorted(_MOSTLY_NOUNS))}) that\b")
_QUOTES = re.compile(r"[\"\u201c\u201d]")
_WORD = re.compile(r"[a-z]+")


def _regular_forms(verb: str) -> list[str]:
    if verb.endswith("e"):
        return [verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"]
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    singular = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"
    return [verb, singular, f"{verb}ed", f"{verb}ing"]


# An irregular verb stands in its table with all of its forms.
_VERBS = {
    (forms := row.split())[0]: (forms if len(forms) > 1 else _regular_forms(row), traits)
    for row, traits in table("verbs").items()
}


def _with_trait(trait: str) -> dict[str, str]:
    """Return the forms of the verbs with a trait, each with its verb."""
    return {form: verb for verb, (forms, traits) in _VERBS.items() if trait in traits for form in forms}


def forms_of(verb: str) -> frozenset[str]:
    """Return the forms of a verb of the table."""
    return frozenset(_VERBS[verb][0])


REFUSE_FORMS = frozenset(_with_trait("refusal"))
SAY_FORMS, TELL_FORMS, CALL_FORMS, ACCUSE_FORMS = map(forms_of, ("say", "tell", "call", "accuse"))
CLAUSE_FORMS, OBJECT_FORMS, ORDER_FORMS = map(_with_trait, ("clause", "object", "order"))
DIRECTIVE_FORMS, OF_WORDS_FORMS, INFINITIVE_FORMS, FINITE_FORMS, NAMING_FORMS = (
    frozenset(_with_trait(trait)) for trait in ("directive", "of-words", "infinitive", "finite", "naming")
)
# With a preposition they report; "for", "on" and "upon" after "call" are part of the cue, by the guide of news_gold.
PREPOSITIONS: dict[str, frozenset[str]] = {
    verb: frozenset(trait.removeprefix(_WITH) for trait in traits if trait.startswith(_WITH))
    for verb, (_, traits) in _VERBS.items()
}
# Their words alone may show a report: no infinitive, no "-ing", none that is said to somebody.
PLAIN_FORMS = {
    form: verb
    for form, verb in CLAUSE_FORMS.items()
    if (form != verb and not form.endswith("ing") and form not in DIRECTIVE_FORMS | TELL_FORMS) or form == "say"
}
PREPOSITION_FORMS = {form: verb for verb, (forms, _) in _VERBS.items() if PREPOSITIONS[verb] for form in forms}
FORMS: dict[str, str] = {**CLAUSE_FORMS, **OBJECT_FORMS, **ORDER_FORMS, **PREPOSITION_FORMS}
# Irregular forms among them: beside a quote every regular verb reports as well.
BESIDE_QUOTES = frozenset({*CLAUSE_FORMS, *_with_trait("manner")})
_CUES = frozenset(FORMS) | PHRASE_WORDS


def may_report(sentence: str) -> bool:
    """Return whether a sentence has a word that may report: without one no parse shows a report."""
    sentence = sentence.lower()
    cues = _CUES.intersection(_WORD.findall(sentence))
    return not cues <= _MOSTLY_NOUNS or bool(cues and (_QUOTES.search(sentence) or _THAT.search(sentence)))
