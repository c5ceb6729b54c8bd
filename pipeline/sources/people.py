"""What a feed or a page has where authors stand in; the names of people out, without addresses and the like."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

_MOST_CHARS = 300  # of one author: more is a paragraph that went astray
_ADDRESS = re.compile(
    r"(?:mailto:)?[^\s<>()\[\]\"',;:@]+@[^\s<>()\[\]\"',;:@]+|(?:https?://|www\.)[^\s<>()\"']+", re.IGNORECASE
)
_EMPTY = re.compile(r"[(<\[]\s*[)>\]]")
_ENCLOSED = re.compile(r"\(([^()]*)\)|<([^<>]*)>|\"([^\"]*)\"|'([^']*)'")
# "By Jane Roe", "Von Jana Roth"; but Von Miller and Ursula von der Leyen are called so.
_BY = re.compile(
    r"(?:[Bb]y|BY)\b:?\s+(?=\S)"
    r"|(?:[Vv]on|[Pp]ar|[Pp]or|[Dd]oor|[Aa][vf]|[Dd]i)\b:?\s+(?=[A-Z\u00c0-\u00de]\S*\s+[A-Z\u00c0-\u00de])"
)
# A name in an address: "ines-calder", "jane_roe", "admin2". "bell hooks" and "jane" are people.
_SLUG = re.compile(r"(?=.*[-_.\d/])[a-z0-9]+(?:[-_./]+[a-z0-9]+)*|@\w+")
_NOBODY = frozenset({"unknown", "anonymous", "admin", "administrator", "editor", "webmaster", "noreply", "null", "n/a"})
# What follows a name and a comma: "dpa", "AP", "Health Correspondent".
_AFFILIATION = re.compile(
    r"[A-Z]{2,5}|[a-z]{2,5}|(?:.*\s)?(?i:editor|correspondent|reporter|writer|columnist|staff|desk|team|agency|redaktion)"
)
_LISTED = re.compile(r"\s*[;|\n\u3001\uff0c\uff1b]\s*")
_JOINED = re.compile(r"\s*,\s+(?:and|und|et|y|e|en|og|och)\s+|\s+(?:and|und|et|y|e|en|og|och|&)\s+|\s*,\s*")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|Ph\.?\s?D|M\.?D|MBE|OBE|CBE)\.?", re.IGNORECASE)


def people(texts: Iterable[str], *, others: Container[str] = ()) -> list[str]:
    """Return the names in ``texts`` in their order, each once.

    ``others`` are names of no people, such as the publisher's, as ``folded`` gives them.
    """
    names = (name for text in texts for part in _parts(text) if (name := person(part)))
    return list(dict.fromkeys(name for name in names if folded(name) not in others))


def person(text: str) -> str | None:
    """Return the name of one person; None where there is only an address, or what is no name at all."""
    if len(text) > _MOST_CHARS:
        return None
    name = _EMPTY.sub(" ", _ADDRESS.sub(" ", text)).strip(" \t\r\n,;:-|/")
    if enclosed := _ENCLOSED.fullmatch(name):
        name = next(filter(None, enclosed.groups()), "")
    name = " ".join(_BY.sub("", name, count=1).split()) if _BY.match(name) else " ".join(name.split())
    if _SLUG.fullmatch(name) or name.lower() in _NOBODY or not any(map(str.isalpha, name)):
        return None
    return name


def folded(name: str) -> str:
    """Return a name as it is compared: its letters and digits alone."""
    return "".join(filter(str.isalnum, name.casefold()))


def _parts(text: str) -> list[str]:
    """The names of a list. A comma or an "and" parts full names only: "Calder, Ines" and "King, Jr." are one each."""
    return [name for listed in _LISTED.split(text) for name in _joined(listed)]


def _joined(text: str) -> list[str]:
    names = [name for name in _JOINED.split(text) if name]
    if len(names) > 1 and _AFFILIATION.fullmatch(names[-1]) and not _SUFFIX.fullmatch(names[-1]):
        return _joined(", ".join(names[:-1]))
    return names if all(" " in name and not _SUFFIX.fullmatch(name) for name in names) else [text]
