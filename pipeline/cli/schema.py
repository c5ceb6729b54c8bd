"""``claimwire schema``: what travels on Kafka, for programs."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import ConfigFile, Debug, Prefix, call
from pipeline.cli.output import print_bytes
from pipeline.errors import UsageError

Event = Annotated[
    str | None,
    typer.Argument(
        metavar="[EVENT]", help="Such as enriched or EnrichedV1; without it, all as AsyncAPI 3.", show_default=False
    ),
]


def schema(event: Event = None, prefix: Prefix = None, config: ConfigFile = None, debug: Debug = False) -> int:
    """Print the JSON Schema of one event, or the AsyncAPI document of all."""
    import orjson

    from pipeline.contract.schemas import asyncapi, json_schema
    from pipeline.topology import TOPICS

    this = call(prefix=prefix, config=config, debug=debug)
    if event is None:
        document = asyncapi({model: this.prefix + topic for model, topic in TOPICS.items()})
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
