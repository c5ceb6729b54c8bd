"""A tagger's names in, the same with their own borders out: no titles, articles or marks, and all of their words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.lexicon.month_names import MONTH, SHORT_MONTHS
from pipeline.nlp.lexicon.nouns import BODY_NOUNS, ROLES
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.names.canonical import VALUES, is_company
from pipeline.nlp.text.characters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Entity, Sentence

# Names that "The" belongs to, by the guide of news_gold: it never stands before ordinary names.
_THE_STAYS = re.compile(
    r"The (?:(?:New York|Washington|Wall|Los|Associated|New Yorker|Daily|Sunday|Financial|Boston)\b|(?:Guardian|Times|"
    r"Economist|Hague|Gambia|Bahamas|Sun|Independent|Intercept|Atlantic|Hindu|Nation|Lancet|Beatles)\b(?! [A-Z]))"
)
# Titles, ranks and offices stay outside of a name, by the same guide.
_SMALL = words_of("name_parts", "particle")
_PARTICLES = alternation({*_SMALL, *map(str.capitalize, _SMALL), "ul", "ur", "DOS"})
_NAME_BEHIND = rf"(?=[{CAPITALS}]|(?:{_PARTICLES})[ -])"
_TITLE = re.compile(rf"(?:(?:{alternation(words_of('titles', 'outside'))})\b\.? )+{_NAME_BEHIND}")
_TITLE_BEFORE = re.compile(rf"\b(?:{alternation(words_of('titles', 'outside'))})\.? $")
_LETTERS = alternation(words_of("titles", "abbreviated", "rank") & words_of("titles", "outside"))
_LETTERS_BEFORE = re.compile(rf"(?:{_LETTERS})\b\.? {_NAME_BEHIND}")
_TITLES_ALONE = re.compile(rf"(?:(?:{_LETTERS})\.?(?: |$))+$")
# What goes on behind a name of somebody: "Maria | do Carmo", "Min | -won".
_PARTICLE = re.compile(rf" (?:(?:{_PARTICLES})[ -])+[{CAPITALS}][\w'\u2019-]+")
_GIVEN_END = re.compile(
    r"-(?!led|run|era|like|born|made|held|free|wide|style|type|owned|based)(?:[A-Z][a-z]+|[a-z]{2,5})(?![\w-])"
)
# "Fisher | &amp; Co", "Marks | &amp; Spencer": a body goes on, in HTML too.
_PARTNERS = alternation(words_of("name_parts", "partners"))
_PARTNER = re.compile(rf",? (?:&|&amp;) (?:{_PARTNERS})\b\.?")
# "Bekele & Tadesse | Sons", "Zenith | Motors": what ends a company's name, before no other name ("Energy Minister").
_PARTNERS_BEHIND = re.compile(rf" (?:{_PARTNERS}|Ltd|LLP|LLC|Group|Holdings)\b(?! [A-Z])")
_TRADES = alternation(words_of("name_parts", "trade"))
_TRADE = re.compile(rf"(?: (?:{_TRADES}))+(?: (?:Ltd|Inc|Corp|Co|PLC|plc|Group|Holdings)\b\.?)?(?![\w-]| [A-Z])")
_TRADERS = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "PRODUCT", "CARDINAL"})  # what their names are taken for
# "Mwamba | & Tadesse", "Tran | & Nguyen Partners": two family names of no people with titles are a firm.
_FIRM = re.compile(
    rf" & (?:(?:{_PARTICLES})[ -])*[{CAPITALS}][\w'\u2019-]*[^\W\d_{CAPITALS}]"
    rf"(?: (?:{_PARTNERS}|Ltd|LLP|LLC|Group|Holdings)\b)?(?! [{CAPITALS}])"
)
_FAMILY = re.compile(rf"(?:(?:{_PARTICLES}) )*[^ ]+")
_GIVEN_BEFORE = re.compile(rf"\b[A-Z]{{2,6}} ([{CAPITALS}][\w'\u2019-]*[^\W\d_{CAPITALS}] )$")  # "CEO of ZFC Ada | Doe"
_GIVEN_CHARS = 24
_AND = re.compile(rf" (?:&amp;|&(?: (?:{_PARTICLES}))+) ")
_OF = re.compile(r" of (?:the )?")
_OF_PLACE = frozenset({"GPE", "LOC"})
_OF_ANY_PLACE = ("chamber of commerce", "university", "church", "bank", "college", "diocese", "archdiocese")
_OF_ABROAD = re.compile(r" d[aeo]s? ")  # "Banco | do | Cairo"
# "Kaplan & Home | Minister": two people, no firm.
_BOTH = re.compile(r" &(?:amp;)? [^&]*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"\d|" + MONTH)
_NEXT_WORD = re.compile(r" ([A-Z][a-z]+)\b")
_NUMBER_BEHIND = re.compile(r"(?:\s+\d[\d,.]*)+$")
_ONLY = re.compile(r"(?:only|just) ", re.IGNORECASE)  # by the same guide no part of a number, as "about" is
_TITLE_CHARS = 30
_SURNAME = re.compile(rf" [{CAPITALS}]\w*[^\W\d{CAPITALS}](?=,)")
_THE = "The "
_KEEP_ARTICLE = frozenset({"DATE", "TIME", "WORK_OF_ART", "CARDINAL", "QUANTITY"})
_POSSESSIVE = re.compile(r"(?<=\w)'s?$|(?<=s)'$")
_PREFIX = re.compile(r"(?:anti|pro|non|ex|post|pre|mid|neo|un|trans)-(?=[A-Z])", re.IGNORECASE)
# Of "U.S.-led" and "Washington-area" the name is the first part (the guide of news_gold).
_COMPOUND_END = re.compile(
    r"-(?:led|area|based|backed|born|held|run|made|owned|style|era|wide|brokered|sponsored|funded|trained|occupied|"
    r"controlled|allied|registered|flagged)$"
)
_EDGES = "& \t\"'.,;:!?()[]{}-\u2013\u2014*_|/\\<>\u2026"
_ABBREVIATED = re.compile(
    rf"(?:\b[A-Z]\.(?:[A-Z]\.)*|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|Bros|No|St|[ap]\.m|{SHORT_MONTHS}"
    r"|corp|inc|Calif|Mass|Pa|Conn|Fla|Ga|Ill|Kan|Ky|La|Md|Mich|Minn|Mont|Neb|Nev|Okla|Ore|Tenn|Tex|Va|Vt|Wash|Wis|Wyo"
    r"|Ala|Ariz|Ark|Colo|Del))\.?$"
)
_ABBREVIATED_CHARS = 12  # more than the longest of them: a name may be as long as its sentence, and be marks only
_TAKEN_FOR = frozenset({"ORG", "FAC", "PRODUCT", "GPE", "NORP", "WORK_OF_ART"})  # what people are taken for
_LABELS_WITH_TEXT = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC"})


class NameSpan(NamedTuple):
    """A name in a sentence, by characters of the sentence."""

    start: int
    end: int
    label: str


def tidy(sentence: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Bring a model's spans to the convention of news_gold: without "the", "'s" and marks at the edges."""
    tidied = (trim_name(sentence, span) for span in spans)
    return [span for span in tidied if is_name(sentence[span.start : span.end], span.label)]


def trim_name(sentence: str, span: NameSpan) -> NameSpan:
    """Leave out a leading "the", titles, a trailing possessive and the marks around a name."""
    start, end, label = span
    while start < end and sentence[start] in _EDGES and not _is_sign(sentence[start : start + 2]):
        start += 1
    if label not in _KEEP_ARTICLE and sentence[start : start + 4].lower() == "the ":
        stays = _THE_STAYS.match(sentence, start, end)
        start += 0 if stays else len(_THE)
    elif label == "ORG" and start >= len(_THE) and _THE_STAYS.match(sentence, start - len(_THE), end):
        start -= len(_THE)
    if label in _TAKEN_FOR and _is_titled(sentence[start:end]):
        label = "PERSON"
    before = _TITLE.match(sentence, start, end) if label == "PERSON" else None
    before = _ONLY.match(sentence, start, end) if label in VALUES else before
    start = before.end() if before else start
    prefix = _PREFIX.match(sentence, start, end)
    start = prefix.end() if prefix else start
    compound = _COMPOUND_END.search(sentence[start:end])
    if compound:
        end = start + compound.start()
    behind = _POSSESSIVE.search(sentence[start:end])
    if behind is None and label == "PERSON":
        behind = _NUMBER_BEHIND.search(sentence[start:end])
    if behind:
        end = start + behind.start()
    while (
        end > start
        and sentence[end - 1] in _EDGES
        and (label == "CARDINAL" or not _ABBREVIATED.search(sentence, max(start, end - _ABBREVIATED_CHARS), end))
    ):
        end -= 1
    return NameSpan(start, end, label)


def _is_titled(name: str) -> bool:
    """Return whether this is a person with a title, as "Sgt. Doe" or "MP de la Cruz"; "Gen Z Bank" is none."""
    words = name.lower().split()
    return bool(_LETTERS_BEFORE.match(name)) and BODY_NOUNS.isdisjoint(words) and not is_company(name)


def _is_sign(text: str) -> bool:
    return text[:1] in "-." and text[1:2].isdigit()


def is_name(name: str, label: str) -> bool:
    """Refuse what no name can be: nothing, marks only, and people or places without a letter."""
    if label in _LABELS_WITH_TEXT:
        return any(character.isalpha() for character in name) and not _TITLES_ALONE.match(name)
    return any(character.isalnum() for character in name)


def whole(text: str, units: Sequence[Sentence], entities: Sequence[Entity]) -> list[Entity]:
    """Take in what goes on behind a name, and the names that begin inside of it."""
    result: list[Entity] = []
    starts = [*(entity.start for entity in entities), len(text)]
    for entity, following in zip(entities, starts[1:], strict=True):
        one = _with_surname(text, entity, following)
        last = result[-1] if result else None
        if one.label == "PERSON" and (given := _GIVEN_BEFORE.search(text, max(0, one.start - _GIVEN_CHARS), one.start)):
            free = last is None or last.end <= given.start(1)
            one = replace(one, start=given.start(1), text=text[given.start(1) : one.end]) if free else one
        if last is not None and one.start < last.end:
            result[-1] = _until(text, last, max(last.end, one.end)) if one.label not in VALUES else last
        elif last is not None and _goes_on(text, last, one):
            label = "EVENT" if one.label == "EVENT" else last.label
            result[-1] = replace(_until(text, last, one.end), label=label)
        else:
            result.append(_longer(text, one, units[one.sentence].end))
    return result


def _goes_on(text: str, last: Entity, one: Entity) -> bool:
    """Return whether a name goes on, as "Communist Party of Egypt" does and "Acme Ltd. of Toronto" does not."""
    between = text[last.end : one.start]
    if last.label == "DATE" and one.label == "EVENT":
        return between == " " and bool(_YEAR.fullmatch(last.text))
    if between == ", ":
        date = last.label == one.label == "DATE" and last.text.endswith("day") and _DAY.match(one.text)
        return bool(date) or (last.text == "Washington" and one.text.startswith("D.C"))
    if last.label != "ORG":
        return False
    if _OF_ABROAD.fullmatch(text, last.end, one.start) or (
        last.text.endswith((" of", " do", " da", " de")) and between == " "
    ):
        return True
    if _AND.fullmatch(text, last.end, one.start):
        return one.label in {"ORG", "PERSON"}
    place = one.label in _OF_PLACE or (one.label in {"ORG", "PERSON"} and last.text.lower().endswith(_OF_ANY_PLACE))
    return place and bool(_OF.fullmatch(text, last.end, one.start)) and not is_company(last.text)


def _longer(text: str, one: Entity, end: int) -> Entity:
    if one.label in _TRADERS and (trade := _TRADE.match(text, one.end, end)):
        return replace(_until(text, one, trade.end()), label="ORG")
    firm = _FIRM.match(text, one.end, end) if one.label in {"PERSON", "ORG"} and _FAMILY.fullmatch(one.text) else None
    if firm and not _TITLE_BEFORE.search(text, max(0, one.start - _TITLE_CHARS), one.start):
        return replace(_until(text, one, firm.end()), label="ORG")
    if one.label == "PERSON":
        rest = _PARTICLE.match(text, one.end, end) or (" " in one.text and _GIVEN_END.match(text, one.end, end))
        return _until(text, one, rest.end()) if rest else one
    following = _NEXT_WORD.match(text, one.end, end)
    both = _BOTH.search(one.text) if following and following.group(1).lower() in ROLES else None
    if both:
        titled = _TITLE_BEFORE.search(text, max(0, one.start - _TITLE_CHARS), one.start)
        return replace(_until(text, one, one.start + both.start()), label="PERSON" if titled else one.label)
    behind = _PARTNERS_BEHIND if " & " in one.text else _PARTNER
    partner = behind.match(text, one.end, end) if one.label == "ORG" else None
    return _until(text, one, partner.end()) if partner else one


def _until(text: str, one: Entity, end: int) -> Entity:
    return replace(one, end=end, text=text[one.start : end])


def _with_surname(text: str, entity: Entity, following: int) -> Entity:
    """Take in the surname that the model left out of an apposition: "Its leader, Gunnar Strand, said"."""
    if entity.label != "PERSON" or " " in entity.text or not text.startswith(", ", entity.start - 2):
        return entity
    surname = _SURNAME.match(text, entity.end, following)
    return _until(text, entity, surname.end()) if surname else entity
