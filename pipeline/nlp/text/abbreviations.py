"""The end of a stretch of text in, whether its full stop belongs to an abbreviation out."""

from __future__ import annotations

import re

from pipeline.nlp.lexicon.month_names import SHORT_MONTHS
from pipeline.nlp.lexicon.tables import alternation, words_of

# A name follows: no sentence ends here.
_TITLES = alternation(words_of("titles", "abbreviated"))
# A number or name follows, or the sentence ends: only the model can tell.
_OTHERS = (
    rf"{SHORT_MONTHS}|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun|No|Nos|Rs|Re|Tk|Dhs?|K?[Ss]h|Vol|Fig|Sect?|Art|Ch|pp?|Inc|Corp|Ltd|Co|"
    r"Cos|Bros|LLC|plc|Jr|Sr|Esq|Ph\.?D|M\.?D|B\.?A|M\.?A|etc|vs|v|al|approx|est|ca|cf|e\.g|i\.e|viz|ed|eds|Dept|Univ|Assn|Ave|Blvd|Rd|"
    r"Calif|Fla|Ariz|Ala|Ark|Colo|Conn|Del|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|"
    r"Wash|Wis|Wyo|ft|in|lb|oz|hr|min|sec|km|kg|cm|mm"
)
_TITLE_END = re.compile(rf"(?:^|[\s(\"'/-])(?:{_TITLES})\.$")
_ABBREVIATION_END = re.compile(rf"(?:^|[\s(\"'/-])(?:(?:{_TITLES}|{_OTHERS})\.|(?:[^\W\d_]\.)+)$|^\d+\.$|\.\.$")
_INITIAL_END = re.compile(r"(?:^|[\s(\"'])[A-Z][a-z'-]+ [A-HJ-Z]\.$")
# May end a sentence as well as stand in one: acronyms, hours, "I", companies.
_ACRONYM_END = re.compile(r"(?:^|[\s(\"'])(?:(?:[^\W\d_]\.){2,}|I\.|(?:Inc|Corp|Ltd|Co|Jr|etc|Bros)\.)$")
_TAIL_CHARS = 24


def ends_in_title(text: str) -> bool:
    """Return whether a name must follow: "Mr.", or a first name and an initial ("George W.")."""
    tail = text[-_TAIL_CHARS:]
    return bool(_TITLE_END.search(tail) or _INITIAL_END.search(tail))


def ends_in_abbreviation(text: str) -> bool:
    """Return whether the last full stop may be an abbreviation's, an initial's, a list number's or an ellipsis."""
    return bool(_ABBREVIATION_END.search(text[-_TAIL_CHARS:]))


def ends_in_acronym(text: str) -> bool:
    """Return whether the full stop at the end is an acronym's that may well end a sentence: "U.S.", "p.m."."""
    return bool(_ACRONYM_END.search(text[-_TAIL_CHARS:]))
