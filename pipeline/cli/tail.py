"""``claimwire tail``: what comes out of the chain, as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.enrich import Html, page_of
from pipeline.cli.events import describe
from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json, results
from pipeline.errors import RecordError, UsageError

if TYPE_CHECKING:
    from pipeline.streaming.kafka.reader import Start
    from pipeline.streaming.kafka.records import InRecord

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
    html: Html = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Follow an output of the chain, read committed, until Ctrl-C.

    With --html the enriched articles, as a page that is written at the end.
    """
    from pipeline.contract.codec import json_object
    from pipeline.contract.conditions import condition
    from pipeline.contract.events import ArticleV1
    from pipeline.streaming.kafka.reader import RecordReader
    from pipeline.topology import TOPICS

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    # Everything with a = belongs to --where, so that it takes several at once.
    names = [argument for argument in what or [] if "=" not in argument]
    events = {topic.rpartition(".")[2]: event for event, topic in TOPICS.items()}
    name = names[0] if names else "enriched" if html else "claims"
    if len(names) > 1 or name not in events:
        raise UsageError(f"{' '.join(names)!r} is nothing to follow; say one of {', '.join(events)}")
    if html and name != "enriched":
        raise UsageError(f"--html shows articles: say claimwire tail enriched --html {html}")
    conditions = [*(where or []), *(argument for argument in what or [] if "=" in argument)]
    fulfils = condition(conditions, None if events[name] is ArticleV1 else events[name])
    topic = this.prefix + TOPICS[events[name]]
    shown = 0
    start: Start = "beginning" if from_beginning else "end"
    with (
        _output(name, html=html, json=json, threshold=this.settings.claims.threshold) as put,
        RecordReader(this.connection(), [topic], start=start) as reader,
    ):
        if not json:
            note(f"following {topic}; Ctrl-C ends it", "dim")
        for record in reader:
            try:
                event = json_object(record.value)
            except RecordError:
                note(f"{topic}/{record.partition}/{record.offset} is no JSON object", "red")
                continue
            if not fulfils(event):
                continue
            put(record, event)
            shown += 1
            if shown == limit:
                break
    return 0


@contextmanager
def _output(
    name: str, *, html: Path | None, json: bool, threshold: float
) -> Iterator[Callable[[InRecord, dict[str, Any]], None]]:
    """What takes a record and its event: lines for people or programs, or a page that is written at the end."""
    if html is None:
        console = results()
        yield lambda _, event: print_json(event) if json else console.print(describe(name, event), soft_wrap=True)
        return
    from pipeline.contract.events import EnrichedV1
    from pipeline.streaming.kafka.reader import decode_record

    def add(record: InRecord, _: dict[str, Any]) -> None:
        try:
            report.add(decode_record(EnrichedV1, record))
        except RecordError as exc:
            note(f"{record.topic}/{record.partition}/{record.offset} left out: {exc.reason}: {exc}", "red")

    with page_of(html, threshold=threshold) as report:
        yield add
