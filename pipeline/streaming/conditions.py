"""Conditions on events, such as ``label=CFS``: text in, a predicate on an event's JSON out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipeline.errors import UsageError

# Short names, and where events have what they mean.
_PLACES = {
    "id": ("article.id", "id"),
    "label": ("label", "assertions.label", "entities.label"),
    "source": ("article.source", "source"),
    "title": ("article.title", "title"),
    "speaker": ("claimant.speaker", "attributions.speaker"),
    "type": ("types", "assertions.types"),
    "entity": ("entities.text",),
}

Event = dict[str, Any]


def condition(texts: Iterable[str]) -> Callable[[Event], bool]:
    """Whether an event fulfils all of the conditions.

    Each is ``NAME=VALUE``: NAME is one of the short names or a path such as ``article.language``; a path through a list
    means any of its members. Upper and lower case are the same.

    Raises:
        UsageError: one has another shape.
    """
    wanted = [_parse(text) for text in texts]
    return lambda event: all(
        any(found == value for place in places for found in _values(event, place.split(".")))
        for places, value in wanted
    )


def _parse(text: str) -> tuple[tuple[str, ...], str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"{text!r} is no condition: write NAME=VALUE, such as label=CFS or article.language=en")
    name = name.strip()
    return _PLACES.get(name, (name,)), value.strip().casefold()


def _values(node: object, path: list[str]) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _values(item, path)
    elif path:
        if isinstance(node, dict):
            yield from _values(node.get(path[0]), path[1:])
    elif isinstance(node, str | int | float):
        yield str(node).casefold()
