"""``claimwire tail``: what comes out of the chain, as it comes."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
import typer

from pipeline.cli.events import describe
from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json, results
from pipeline.errors import UsageError

What = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[claims|enriched|sentences|entities|rejected|articles]",
        help="One of them; claims without it.",
        show_default=False,
    ),
]
FromBeginning = Annotated[bool, typer.Option("--from-beginning", help="First all that is there already.")]
Limit = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="Stop after so many.", show_default=False)]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="NAME=VALUE ...",
        help="Only these: label, source, speaker, type, entity, title, id, or a path such as article.language.",
        show_default=False,
    ),
]


def tail(
    what: What = None,
    from_beginning: FromBeginning = False,
    limit: Limit = None,
    where: Where = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Follow an output of the chain, read committed, until Ctrl-C.

    Example: claimwire tail claims --from-beginning --where label=CFS source=Reuters
    """
    from pipeline.streaming.client import RecordReader
    from pipeline.streaming.conditions import condition
    from pipeline.topology import TOPICS

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    # Everything with a = belongs to --where, so that it takes several at once.
    names = [argument for argument in what or [] if "=" not in argument]
    fulfils = condition([*(where or []), *(argument for argument in what or [] if "=" in argument)])
    topics = {topic.rpartition(".")[2]: topic for topic in TOPICS.values()}
    name = names[0] if names else "claims"
    if len(names) > 1 or name not in topics:
        raise UsageError(f"{' '.join(names)!r} is nothing to follow; say one of {', '.join(topics)}")
    topic = this.prefix + topics[name]
    console, shown = results(), 0
    with RecordReader(this.connection(), [topic], start="beginning" if from_beginning else "end") as reader:
        if not json:
            note(f"following {topic}; Ctrl-C ends it", "dim")
        for record in reader:
            event = _object(record.value)
            if event is None:
                note(f"{topic}/{record.partition}/{record.offset} is no JSON object", "red")
                continue
            if not fulfils(event):
                continue
            if json:
                print_json(event)
            else:
                console.print(describe(name, event), soft_wrap=True)
            shown += 1
            if shown == limit:
                break
    return 0


def _object(value: bytes | None) -> dict[str, Any] | None:
    try:
        found = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
