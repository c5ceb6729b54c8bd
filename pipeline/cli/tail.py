"""``claimwire tail``: what comes out of the chain, as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.commands import check_conditions
from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.enrich import HtmlOption, page_of
from pipeline.cli.events import describe, event_table
from pipeline.cli.output import CsvTable, note, print_json, results
from pipeline.errors import RecordError, UsageError

if TYPE_CHECKING:
    from pipeline.streaming.kafka.reader import Start
    from pipeline.streaming.kafka.records import InRecord

TopicArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="TOPIC",
        help="What to follow: claims, enriched, sentences, entities, rejected or articles.",
        show_default="claims",
    ),
]
FromBeginningOption = Annotated[bool, typer.Option("--from-beginning", help="Start with the oldest retained record.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", "-n", metavar="N", min=1, help="Stop after N records.", show_default=False)
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="NAME=VALUE",
        help="Show only matching records; may be repeated, then all must match. NAME is label, source, speaker, type,"
        " entity, title, id, or a path such as article.language.",
        show_default=False,
    ),
]


@with_context("bootstrap", "prefix", "config", "json", "csv")
def tail(
    context: CommandContext,
    *,
    topic: TopicArgument = None,
    from_beginning: FromBeginningOption = False,
    limit: LimitOption = None,
    where: WhereOption = None,
    html: HtmlOption = None,
) -> int:
    """Follow a topic of the chain until Ctrl-C; only committed records are shown.

    With --html, enriched articles become a page that is written at the end.
    """
    from pipeline.contract.codec import json_object
    from pipeline.contract.conditions import condition
    from pipeline.contract.events import ArticleV1
    from pipeline.streaming.kafka.reader import RecordReader, decode_record
    from pipeline.topology import TOPICS

    check_conditions([topic or ""])
    events = {name.rpartition(".")[2]: event for event, name in TOPICS.items()}
    topic = topic or ("enriched" if html else "claims")
    if topic not in events:
        raise UsageError(f"{topic!r} cannot be followed: choose one of {', '.join(events)}")
    if html and (topic != "enriched" or context.csv or context.json):
        raise UsageError(f"--html shows articles: write claimwire tail enriched --html {html}")
    matches = condition(where or [], None if events[topic] is ArticleV1 else events[topic])
    full_name = context.prefix + TOPICS[events[topic]]
    shown = 0
    start: Start = "beginning" if from_beginning else "end"
    with (
        _output(context, topic, html) as emit,
        RecordReader(context.connection(), [full_name], start=start) as reader,
    ):
        if not (context.json or context.csv):
            note(f"following {full_name}; stop with Ctrl-C", "dim")
        for record in reader:
            try:
                event = json_object(record.whole_value())
                if events[topic] is not ArticleV1:
                    decode_record(events[topic], record)  # a stranger's record is said to be none
            except RecordError as exc:
                note(f"{full_name}/{record.partition}/{record.offset} cannot be shown: {exc}", "red")
                continue
            if not matches(event):
                continue
            emit(record, event)
            shown += 1
            if shown == limit:
                break
    return 0


@contextmanager
def _output(
    context: CommandContext, topic: str, html: Path | None
) -> Iterator[Callable[[InRecord, dict[str, Any]], None]]:
    """Return what takes a record and its event: lines for people or programs, or a page that is written at the end."""
    if html is None:
        yield _printer(context, topic)
        return
    from pipeline.contract.events import EnrichedV1
    from pipeline.streaming.kafka.reader import decode_record

    def add(record: InRecord, _: dict[str, Any]) -> None:
        try:
            report.add(decode_record(EnrichedV1, record))
        except RecordError as exc:
            note(f"{record.topic}/{record.partition}/{record.offset} left out: {exc.reason}: {exc}", "red")

    with page_of(html, threshold=context.settings.claims.threshold) as report:
        yield add


def _printer(context: CommandContext, topic: str) -> Callable[[InRecord, dict[str, Any]], None]:
    if context.csv:
        table = event_table(topic)
        rows = CsvTable(table.columns)
        return lambda _, event: rows.add(table.cells(event))
    if context.json:
        return lambda _, event: print_json(event)
    console = results()
    return lambda _, event: console.print(describe(topic, event), soft_wrap=True)
