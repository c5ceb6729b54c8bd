"""``claimwire schema``: the schemas of the events, for programs."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import print_bytes
from pipeline.errors import UsageError

EventArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="EVENT",
        help="Event, such as enriched or EnrichedV1. Without it, all events as AsyncAPI 3.",
        show_default=False,
    ),
]


@with_context("prefix", "config")
def schema(context: CommandContext, *, event: EventArgument = None) -> int:
    """Print the JSON Schema of one event, or an AsyncAPI document of all events."""
    import orjson

    from pipeline.contract.schemas import asyncapi, json_schema
    from pipeline.topology import TOPICS

    if event is None:
        document = asyncapi({model: context.prefix + topic for model, topic in TOPICS.items()})
    else:
        names = {name.lower(): model for model in TOPICS for name in (model.__name__, _short(model))}
        if event.lower() not in names:
            raise UsageError(f"there is no event {event!r}; the events are {', '.join(map(_short, TOPICS))}")
        document = json_schema(names[event.lower()])
    print_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    return 0


def _short(model: type) -> str:
    """``EnrichedV1`` is ``enriched``."""
    return model.__name__.rstrip("0123456789").removesuffix("V").lower()
