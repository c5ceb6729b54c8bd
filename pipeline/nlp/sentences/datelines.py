"""A line of plain text in, the length of its dateline out: where a story was written, when, and who sent it.

Some line heads only look like one: "The World Health Organization (WHO) said", "NASA - which launched it - said". So a
place, an agency or a date must say so, a dash, colon or bracket must close it, and a sentence must start behind it.
"""

from __future__ import annotations

import re

from pipeline.nlp.lexicon.month_names import MONTH
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.text.characters import CAPITALS

_CAPITAL = f"[{CAPITALS}]"
_CAPS_WORD = rf"{_CAPITAL}(?:{_CAPITAL}|[.'-])+"
_CAPS_PLACE = rf"{_CAPS_WORD}(?: (?:de|al|el|{_CAPITAL}(?:{_CAPITAL}|[.'-])*)){{0,3}}"
_CASED_PLACE = rf"{_CAPITAL}[\w.'-]+(?: (?:de|of|{_CAPITAL}[\w.'-]*)){{0,3}}"
DAY = rf"(?:{MONTH}\.? \d{{1,2}}|\d{{1,2}} {MONTH}\.?)"
DATE = rf"{DAY}(?:,? \d{{4}})?"
# Before the place: (Adds details, background), and the byline where its line end is lost.
_CHANGES = r"(?:Adds|Updates|Corrects|Recasts|Repeats|Refiles|Rewrites|Removes|Releads|Includes|Changes|Writes)"
_NOTE = rf"\({_CHANGES}\b[^()]{{0,120}}\) "
_PARTICLES = alternation(words_of("name_parts", "particle"))
_BYLINE = rf"By {_CAPITAL}[\w.'-]+(?: (?:{_PARTICLES}|{_CAPITAL}[\w.'-]*)){{1,5}}? (?={_CAPS_WORD}\b)"
_START = rf"(?=[\"'(\[]*(?:{_CAPITAL}|\d)|$)"
_DATELINE = re.compile(
    rf"(?:{_NOTE})?(?:{_BYLINE})?"
    rf"(?:(?P<place>{_CAPS_PLACE}|(?:[a-z]+ )?{_CASED_PLACE})(?P<more>(?: ?[/,] ?(?!{MONTH}\b){_CASED_PLACE}){{0,3}}))?"
    rf"(?P<date>(?:,? |^){DATE})?,?"
    r"(?: ?-{0,2}\((?P<agency>[^()]{2,40})\)| ?/(?P<wire>[A-Z][\w .-]{2,30})/)?"
    rf"(?P<closer>(?: ?(?:--|_)| [-\u2013\u2014]|(?<=\))[-\u2013\u2014]|\u2014|:(?= )) ?|(?<=\)) )?{_START}"
)
_AGENCY = re.compile(r"[A-Z][\w.!-]*(?:(?: | & |/|, )[A-Z][\w.-]*){0,3}")
_AGENCIES, _REGIONS = words_of("agencies"), words_of("regions")
_PLACES = words_of("dateline_places") | {region.upper() for region in _REGIONS}
_FUNCTION_WORDS = words_of("function_words")
_AGENCY_PARTS = re.compile(r"/|, | & ")
_LEAST_UNKNOWN = 5  # letters of an unknown place in capitals: shorter ones are mostly acronyms
_MOST_CHARS = 400


def dateline_length(line: str) -> int:
    """Return how many characters of a line are its dateline, the blank behind included; 0 where it has none."""
    match = _DATELINE.match(line[:_MOST_CHARS])
    return match.end() if match and match.end() and _is_dateline(match) else 0


def _is_dateline(match: re.Match[str]) -> bool:
    place, date, agency, closer = match["place"], match["date"], match["agency"] or match["wire"], match["closer"]
    more = [part.strip() for part in re.split("[/,]", match["more"] or "") if part.strip()]
    known = place is not None and (place.upper() in _PLACES or not _REGIONS.isdisjoint(more))
    if agency is None:
        return _without_agency(match, known=known, several=bool(more))
    senders = [part for part in _AGENCY_PARTS.split(agency) if part.strip()]
    sent = bool(match["wire"]) or any({part, part.split()[0]} & _AGENCIES for part in senders)
    if not closer or not closer.strip():
        return sent and bool(date or known or (place and place.isupper()))
    if sent or closer.strip() == ":":
        return sent
    if place is None:
        return bool(date) or agency.isupper()
    return bool(_AGENCY.fullmatch(agency)) and bool(date or known or place.isupper())


def _without_agency(match: re.Match[str], *, known: bool, several: bool) -> bool:
    place, closer = match["place"], (match["closer"] or "").strip()
    if place is None or not closer or place.lower() in _FUNCTION_WORDS:
        return False
    if closer == ":":
        return place.upper() in _PLACES and not several
    if match["date"]:
        return True
    letters = sum(map(str.isalpha, place))
    return known or (place.isupper() and (several or letters >= _LEAST_UNKNOWN))
