"""A page's tree in, what its JSON-LD says of the article out (schema.org, as search engines ask publishers for it)."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

_WRAPPINGS = ("<![CDATA[", "]]>", "<!--", "-->")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_ARTICLE = re.compile(r"(?:.*[:/#])?(?:\w*Article|\w*Posting|Report|Review|AnalysisNewsArticle|Column)")
# What a page says of others than its own article.
_ELSEWHERE = frozenset(
    {"itemListElement", "hasPart", "isPartOf", "mentions", "citation", "comment", "review", "relatedLink", "publisher",
     "liveBlogUpdate", "video", "image", "about", "isBasedOn", "breadcrumb", "subjectOf"}
)  # fmt: skip
_MOST_NODES = 20_000  # of all JSON-LD of a page, which may be hostile


class LinkedData:
    """The object that describes the page's article, its references resolved; empty where none does."""

    def __init__(self, tree: Any, *, url: str | None = None) -> None:  # noqa: ANN401  (lxml's element)
        nodes = list(_nodes(_documents(tree)))
        self._by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
        articles = [node for node in nodes if any(map(_ARTICLE.fullmatch, _types(node)))]
        dated = [node for node in nodes if "datePublished" in node]
        same = [node for node in articles if url and url in _addresses(node)]
        self._article: Mapping[str, Any] = next(iter([*same, *articles, *dated]), {})

    def text(self, name: str) -> str | None:
        """A property that is a text."""
        value = self._article.get(name)
        value = value[0] if isinstance(value, list) and value else value
        return unescape(value) if isinstance(value, str) else None

    def authors(self) -> list[str]:
        """The names of the people who wrote it; an organisation is no author."""
        return [name for author in self._things("author", "creator") if (name := _person(author))]

    def publishers(self) -> list[str]:
        """The names of the organisations that publish it, or that stand in for its authors."""
        authors = [thing for thing in self._things("author", "creator") if not _person(thing)]
        things = [*self._things("publisher", "sourceOrganization"), *authors]
        return [name for thing in things if isinstance(thing, dict) and (name := _name(thing))]

    def _things(self, *names: str) -> list[Any]:
        value = next((self._article[name] for name in names if self._article.get(name)), None)
        listed = value if isinstance(value, list) else [value]
        return [self._by_id.get(thing.get("@id"), thing) if isinstance(thing, dict) else thing for thing in listed]


def _documents(tree: Any) -> Iterator[Any]:  # noqa: ANN401
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            written = _inside(script.text or "")
            for text in (written, _TRAILING_COMMA.sub(r"\1", written)):
                try:
                    yield json.loads(text, strict=False)
                    break
                except (ValueError, RecursionError):
                    continue


def _inside(script: str) -> str:
    """The JSON of a script without the comments that some put around it."""
    for wrapping in _WRAPPINGS:
        script = script.replace(wrapping, "")
    starts = [place for mark in "{[" if (place := script.find(mark)) >= 0]
    return script[min(starts, default=0) : max(script.rfind("}"), script.rfind("]")) + 1]


def _nodes(documents: Iterator[Any]) -> Iterator[dict[str, Any]]:
    """All objects, those nearer the top first."""
    waiting = deque(documents)
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            yield value
            waiting.extend(part for name, part in value.items() if name not in _ELSEWHERE)


def _types(node: Mapping[str, Any]) -> list[str]:
    found = node.get("@type")
    return [kind for kind in (found if isinstance(found, list) else [found]) if isinstance(kind, str)]


def _addresses(node: Mapping[str, Any]) -> list[object]:
    main = node.get("mainEntityOfPage")
    return [node.get("url"), node.get("@id"), main.get("@id") if isinstance(main, dict) else main]


def _person(thing: object) -> str | None:
    """The name of an author that is not said to be something else than a person."""
    if isinstance(thing, str):
        return unescape(thing)
    if not isinstance(thing, dict) or (_types(thing) and not any("Person" in kind for kind in _types(thing))):
        return None
    return _name(thing)


def _name(thing: Mapping[str, Any]) -> str | None:
    name = thing.get("name")
    name = name[0] if isinstance(name, list) and name else name
    if isinstance(name, str):
        return unescape(name)
    parts = [part for key in ("givenName", "additionalName", "familyName") if isinstance(part := thing.get(key), str)]
    return unescape(" ".join(parts)) or None
