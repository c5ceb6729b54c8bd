"""Conditions on events, such as ``label=CFS``: text in, a predicate on an event's JSON out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from pipeline.errors import UsageError

# Short names, and where events have what they mean.
_PLACES = {
    "id": ("article.id", "id"),
    "label": ("label", "assertions.label", "entities.label"),
    "source": ("article.source", "source"),
    "title": ("article.title", "title"),
    # Where the speaker is not known, the source as it stands in the article is shown for it: "the council".
    "speaker": ("claimant.speaker", "claimant.text", "attributions.speaker", "attributions.source.text"),
    "type": ("types", "assertions.types"),
    "entity": ("entities.text",),
}

Event = dict[str, Any]


def condition(texts: Iterable[str], event: type[BaseModel] | None = None) -> Callable[[Event], bool]:
    """Whether an event fulfils all of the conditions.

    Each is ``NAME=VALUE``: NAME is one of the short names or a path such as ``article.language``; a path through a list
    means any of its members. Upper and lower case are the same. ``event`` is the model of the events; without it they
    may have any field, as articles do.

    Raises:
        UsageError: one has another shape, or no such ``event`` could fulfil it.
    """
    wanted = [_parse(text, event) for text in texts]
    return lambda one: all(
        any(found == value for place in places for found in _values(one, place.split("."))) for places, value in wanted
    )


def _parse(text: str, event: type[BaseModel] | None) -> tuple[tuple[str, ...], str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"{text!r} is not a condition: write NAME=VALUE, such as label=CFS or article.language=en")
    name = name.strip()
    places = _PLACES.get(name, (name,))
    if event and not any(_may_have(event, place.split(".")) for place in places):
        usual = [short for short in _PLACES if any(_may_have(event, place.split(".")) for place in _PLACES[short])]
        names = ", ".join(dict.fromkeys([*usual, *event.model_fields]))
        raise UsageError(f"{event.__name__} has no {name!r}: choose one of {names}, or a path such as origin.partition")
    return places, value.strip().casefold()


def _may_have(kind: Any, path: Sequence[str]) -> bool:  # noqa: ANN401  (a type as an annotation says it)
    """Whether a value of a type can have something at a path; a dictionary may have anything."""
    if not path or get_origin(kind) is dict:
        return True
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(path[0])
        return field is not None and _may_have(field.annotation, path[1:])
    return any(_may_have(part, path) for part in get_args(kind))


def _values(node: object, path: list[str]) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _values(item, path)
    elif path:
        if isinstance(node, dict):
            yield from _values(node.get(path[0]), path[1:])
    elif isinstance(node, str | int | float):
        yield str(node).casefold()
