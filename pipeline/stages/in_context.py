"""A claim's sentence with what is known of its article in, the sentence with what it leans on in brackets out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from pipeline.contract.events import ClaimSentence, Entity, Reference
from pipeline.nlp.lexicon.month_names import WEEKDAY, WEEKDAYS

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_PART_OF_DAY = r"(?: (?:morning|noon|afternoon|evening|night))?"
# One day, and no other than the last of its name: no "Tuesdays", "every Tuesday", "last Tuesday", "Tuesday, March 3".
_WEEKDAY = re.compile(
    rf"\b(?P<day>{WEEKDAY})\b{_PART_OF_DAY}(?:['\u2019]s)?"
    rf"(?!,? (?:\d|{_MONTH})|-|/| (?:to|through|and|or|after|before|prayers?|night football) |s\b)"
)
_ANOTHER = re.compile(
    r"\b(?:last|next|that|this|every|each|previous|following|coming|black|super|ash|good|palm|easter|bloody|one|any|ago|a"
    r"|until|by|from|since|before|after|first|second|third|fourth) $",
    re.IGNORECASE,
)
_AFTER_SAYING = re.compile(
    r"\b(?:said|told [^,.]{1,40}|announced|reported|added|was|were|\w{2,}ed)(?: on| late| early)* $"
)
_MAY_COME = re.compile(
    r"\b(?:will|would|shall|should|could|may|might|if|plans?|planned|scheduled|due|expect\w*|set to|going to|about to"
    r"|next|tomorrow|upcoming|deadline|to (?:be|meet|open|begin|start|vote|hold))\b"
)
_MOST = 50  # names or days of one sentence: a hostile one may have any number
_NEAR = 60  # characters
_CAPITAL = re.compile(r"\b[A-Z]")


def in_context(
    sentence: ClaimSentence, entities: Sequence[Entity], references: Sequence[Reference], *, published: str | None
) -> str | None:
    """Return a sentence with the names behind its pronouns and short names and the dates behind its weekdays.

    None where nothing is added: it needs nothing, or nothing is sure. Each name is told once.
    """
    text, start = sentence.text, sentence.start
    told = {entity.canonical for entity in entities if entity.canonical and _same(entity.text, entity.canonical)}
    inserted: dict[int, str] = {}
    places = [
        *((one.start - start, one.end - start, one.name) for one in references),
        *((one.start - start, one.end - start, one.canonical or "") for one in entities if _is_short(one)),
    ]
    for _, end, name in sorted(places)[:_MOST]:
        if name not in told and name not in text:
            told.add(name)
            inserted[_behind_possessive(text, end)] = name
    names = [(one.start - start, one.end - start) for one in entities if one.label not in {"DATE", "TIME"}]
    inserted.update(_dates(text, published, names))
    if not inserted:
        return None
    parts, last = [], 0
    for at in sorted(inserted):
        parts.append(f"{text[last:at]} [{inserted[at]}]")
        last = at
    return "".join([*parts, text[last:]])


def _same(text: str, name: str) -> bool:
    return " ".join(text.split()) == name


def _is_short(entity: Entity) -> bool:
    """Return whether a mention is shorter than its name: "Barr" of "Mary Barr", initials of a body."""
    if entity.canonical is None or len(entity.canonical) <= len(entity.text) + 1:
        return False
    initials = "".join(_CAPITAL.findall(entity.canonical))
    return entity.label == "PERSON" or (entity.label == "ORG" and entity.text.replace(".", "") == initials)


def _behind_possessive(text: str, end: int) -> int:
    return end + 2 if text[end : end + 2] in {"'s", "\u2019s"} else end


def _dates(text: str, published: str | None, names: Iterable[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """Yield where the date of a weekday goes, and the date: the last such day up to the article's."""
    if not published:
        return
    day = date.fromisoformat(published[:10])
    taken = list(names)
    for match in islice(_WEEKDAY.finditer(text), _MOST):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        past = _AFTER_SAYING.search(before) or not _MAY_COME.search(text)
        if past and not _ANOTHER.search(before) and not any(start <= match.start() < end for start, end in taken):
            back = (day.weekday() - WEEKDAYS.index(match["day"])) % len(WEEKDAYS)
            yield match.end(), f"{day - timedelta(days=back):%Y-%m-%d}"
