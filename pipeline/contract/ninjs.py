"""IPTC ninjs items of version 1, 2 or 3 in, the fields of an ArticleV1 out.

The names are those of the schemas 1.0 to 1.8, 2.0 to 2.4 and 3.0 to 3.3 (https://iptc.org/std/ninjs/): version 1 has
``body_text`` and ``headline``, version 2 has lists of ``bodies`` and ``headlines``, version 3 writes version 2's names
in camel case (``versioncreated``, ``versionCreated``).

What has a place in an article moves there; all the rest stays as it came in ``extra``. A body that becomes the text is
not kept a second time, also where it was markup: ``origin`` finds the item as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from pipeline.contract.asides import noted
from pipeline.contract.field_types import is_rfc3339
from pipeline.contract.json_types import json_type
from pipeline.contract.languages import understood
from pipeline.contract.markup import without_markup
from pipeline.contract.withdrawal import NO_STATUS, status_of, version_of
from pipeline.errors import RecordError
from pipeline.labels import WITHDRAWN

_V1_BODY, _V1_HEADLINE = "body_", "headline_"
_V1_MAIN = frozenset({"body_text", "body_main", "headline_main"})
_MARKUP = re.compile(r"html|xml|nitf", re.IGNORECASE)
_MAIN = "main"

# The first that holds a date and time is when the article was published.
_DATES = ("versioncreated", "versionCreated", "firstcreated", "firstCreated", "contentcreated", "contentCreated")
_VERSION_DATES = ("versioncreated", "versionCreated")
_STATUSES = ("pubstatus", "pubStatus")
_HOLDERS = ("copyrightholder", "copyrightHolder")
_INFO_SOURCES = ("infosource", "infosources", "infoSources")
_CONTENT_TYPES = ("contenttype", "contentType")
_STRINGS = frozenset(
    {"uri", "language", "headline", "title", "byline", "by", "version", *_STATUSES, *_DATES, *_HOLDERS}
)
_LISTS = {
    **dict.fromkeys(("bodies", "headlines"), frozenset({"value", "role", *_CONTENT_TYPES})),
    **dict.fromkeys(_INFO_SOURCES, frozenset({"name"})),
}
_PLAIN, _HTML, _OTHER = range(3)  # the formats of a body, best first

# How a byline begins and how it joins its last name, by language; English is read in every language.
_BYLINE_WORDS = {
    "da": ("af", "og"),
    "de": ("von", "und"),
    "en": ("by", "and"),
    "es": ("por", "y"),
    "fr": ("par", "et"),
    "it": ("di", "e"),
    "nb": ("av", "og"),
    "nl": ("door", "en"),
    "nn": ("av", "og"),
    "no": ("av", "og"),
    "pt": ("por", "e"),
    "sv": ("av", "och"),
}
_AFFILIATION = re.compile(r"\s*[,/|].*", re.DOTALL)  # "Jane Doe, Example News", "Jane Doe/EN"


def is_item(fields: dict[str, Any]) -> bool:
    """Whether a JSON object is a ninjs item: it has a ``uri``, which ninjs requires, and no ``text``."""
    return "uri" in fields and "text" not in fields


def to_article(item: dict[str, Any]) -> dict[str, Any]:
    """The fields of ArticleV1 from an item; what has no place there goes to ``extra``.

    A field of a wrong type is as if it were not there, and ``extra`` has a note of it.

    Raises:
        RecordError: no-text where no body holds any, unless the item is withdrawn.
    """
    rest = dict(item)
    wrong = dict(_mistyped(item))
    status = _take_first(rest, _STATUSES, only=status_of)
    updated = next((value for name in _VERSION_DATES if is_rfc3339(value := _string(item.get(name)) or "")), None)
    uri = _take(rest, "uri")
    language = _take(rest, "language")
    return {
        "id": uri,
        "text": _take_text(rest, wrong, optional=status_of(status) in WITHDRAWN),
        "title": _take_title(rest),
        "url": uri if uri and uri.startswith(("http://", "https://")) else None,
        "source": _take_first(rest, _HOLDERS) or _info_source(rest),
        "authors": _take_authors(rest, language),
        "language": language,
        "published": _take_first(rest, _DATES, only=is_rfc3339),
        "version": version_of(_take(rest, "version", only=lambda value: version_of(value) != value)),
        "updated": updated,
        "status": status,
        "embargo_until": rest.pop("embargoed", None),
        "extra": noted(rest, wrong),
    }


def _take(rest: dict[str, Any], name: str, *, only: Callable[[str], object] = str.strip) -> str | None:
    """Move a string out of ``rest``; one that is blank, or that ``only`` does not hold of, stays there."""
    value = _string(rest.get(name))
    if value is None or not only(value):
        return None
    del rest[name]
    return value


def _take_first(
    rest: dict[str, Any], names: tuple[str, ...], *, only: Callable[[str], object] = str.strip
) -> str | None:
    return next((found for name in names if (found := _take(rest, name, only=only))), None)


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _objects(value: object) -> list[tuple[int, dict[str, Any]]]:
    """The objects of a list with their places; none where it is no list."""
    return [
        (place, entry)
        for place, entry in enumerate(value if isinstance(value, list) else ())
        if isinstance(entry, dict)
    ]


def _mistyped(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that are read and have a wrong type, by their place, such as ``bodies.0.value``."""
    for name, value in item.items():
        if name in _STRINGS or name.startswith((_V1_BODY, _V1_HEADLINE)):
            yield from _unlike(value, str, name)
        elif name in _LISTS:
            yield from _unlike(value, list, name)
            for place, entry in enumerate(value if isinstance(value, list) else ()):
                yield from _unlike(entry, dict, f"{name}.{place}")
            for place, entry in _objects(value):
                for part in _LISTS[name] & entry.keys():
                    yield from _unlike(entry[part], str, f"{name}.{place}.{part}")
        if name in _DATES and isinstance(value, str) and not is_rfc3339(value):
            yield name, "not a date and time after RFC 3339, such as 2015-10-07T18:30:00Z"
        if name in _STATUSES and isinstance(value, str) and value.strip() and not status_of(value):
            yield name, NO_STATUS


def _unlike(value: object, expected: type, where: str) -> Iterator[tuple[str, str]]:
    if value is not None and not isinstance(value, expected):
        yield where, f"{json_type(value)}; ninjs has {json_type(expected())} there"


class _Content(NamedTuple):
    """A body or a headline of an item; the least is the best."""

    minor: bool
    form: int
    place: int
    name: str
    value: str

    @property
    def text(self) -> str:
        return self.value if self.form == _PLAIN else without_markup(self.value)


def _take_text(rest: dict[str, Any], wrong: Mapping[str, str], *, optional: bool) -> str | None:
    text = _take_best(rest, [*_v1_contents(rest, _V1_BODY), *_contents(rest, "bodies")])
    if text is None and not optional:
        unread = next(
            (f"; {where} is {why}" for where, why in wrong.items() if where.startswith(("bodies", _V1_BODY))), ""
        )
        remedy = "send it in 'body_text', 'body_xhtml' or 'bodies'"
        raise RecordError("no-text", f"the ninjs item has no text; {remedy}{unread}", where="bodies")
    return text


def _take_title(rest: dict[str, Any]) -> str | None:
    headlines = [*_v1_contents(rest, _V1_HEADLINE), *_contents(rest, "headlines")]
    return _take(rest, "headline") or _take_best(rest, headlines) or _take(rest, "title")


def _v1_contents(rest: dict[str, Any], prefix: str) -> Iterator[_Content]:
    """The fields ``body_text``, ``body_xhtml``, ``headline_main`` and whatever else a provider puts behind a prefix."""
    for place, name in enumerate(name for name in rest if name.startswith(prefix)):
        value = _string(rest[name])
        if value is not None:
            yield _Content(name not in _V1_MAIN, _form(name), place, name, value)


def _contents(rest: dict[str, Any], name: str) -> Iterator[_Content]:
    """The entries of ``bodies`` or ``headlines`` that hold text in some form."""
    for place, entry in _objects(rest.get(name)):
        value, role = _string(entry.get("value")), _string(entry.get("role")) or ""
        kind = next((kind for part in _CONTENT_TYPES if (kind := _string(entry.get(part)))), None)
        form = _form(kind or role)
        if value is not None and (kind is None or form != _PLAIN or kind.startswith("text/")):
            yield _Content(role.lower() != _MAIN, form, place, name, value)


def _form(name: str) -> int:
    """The form that a field's name, a content type or a role tells of."""
    if "html" in name.lower():
        return _HTML
    return _OTHER if _MARKUP.search(name) else _PLAIN


def _take_best(rest: dict[str, Any], contents: list[_Content]) -> str | None:
    """The text of the best content that is not blank; it leaves ``rest``, its role and the like stay."""
    for content in sorted(contents):
        text = content.text
        if not text.strip():
            continue
        if isinstance(rest[content.name], str):
            del rest[content.name]
        else:
            rest[content.name] = [
                {part: value for part, value in entry.items() if part != "value"} if place == content.place else entry
                for place, entry in enumerate(rest[content.name])
            ]
        return text
    return None


def _info_source(rest: dict[str, Any]) -> str | None:
    """The first named party of those that supplied the content; all of them stay in ``rest``."""
    names = (_string(party.get("name")) for field in _INFO_SOURCES for _, party in _objects(rest.get(field)))
    return next((name for name in names if name and name.strip()), None)


def _take_authors(rest: dict[str, Any], language: str | None) -> list[str]:
    """The names of a byline. The byline itself stays in ``rest`` where it says more than they do."""
    for name in ("byline", "by"):
        byline = _string(rest.get(name))
        if byline and byline.strip():
            authors = _authors(byline, language)
            if authors == [byline]:
                del rest[name]
            return authors
    return []


def _authors(byline: str, language: str | None) -> list[str]:
    words = [
        _BYLINE_WORDS["en"],
        _BYLINE_WORDS.get((understood(language or "") or "en").lower().split("-", 1)[0], _BYLINE_WORDS["en"]),
    ]
    head = "|".join(by for by, _ in words)
    joint = "|".join(conjunction for _, conjunction in words)
    names = re.sub(rf"^\s*({head})\b[\s:]*", "", byline, flags=re.IGNORECASE)
    *others, last = re.split(rf"\s+(?:{joint}|&)\s+|\s*;\s*", names)
    listed = [name for part in others for name in part.split(",")]
    return [name for name in (" ".join(name.split()) for name in [*listed, _AFFILIATION.sub("", last)]) if name]
