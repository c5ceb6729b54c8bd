"""``claimwire push``: articles from files and streams onto Kafka, each one confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import CsvTable, note, plural, print_json
from pipeline.cli.progress import progress
from pipeline.cli.reading import (
    AllowPrivateOption,
    AllowUrlsOption,
    ColumnsOption,
    PathsArgument,
    SourceOption,
    note_unread,
    print_summary,
    reading,
)
from pipeline.cli.signals import sigterm_interrupts
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.push.watch import Happening, WatchOptions

WatchOption = Annotated[
    bool, typer.Option("--watch", help="Keep running and push new articles from files, directories and URLs.")
]
EveryOption = Annotated[
    float,
    typer.Option("--every", metavar="SECONDS", min=1.0, help="With --watch: interval between two reads of a URL."),
]
SettleOption = Annotated[
    float,
    typer.Option(
        "--settle", metavar="SECONDS", min=0.0, help="With --watch: read a file once it is unchanged for this long."
    ),
]
StateOption = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FILE",
        help="With --watch: file that records what was pushed.",
        show_default="one for each topic, in your user data directory",
    ),
]
_COLUMNS = ("name", "key", "topic", "partition", "offset", "error")


@with_context("bootstrap", "prefix", "config", "json", "csv")
def push(
    context: CommandContext,
    *,
    paths: PathsArgument,
    source: SourceOption = None,
    columns: ColumnsOption = None,
    allow_urls: AllowUrlsOption = False,
    allow_private: AllowPrivateOption = False,
    watch: WatchOption = False,
    every: EveryOption = 300.0,
    settle: SettleOption = 2.0,
    state: StateOption = None,
) -> int:
    """Push articles to Kafka: JSON as it is (ArticleV1 or ninjs), every other format as ArticleV1.

    Exit code 1 if an article could not be read or was not confirmed; each one is named. Documents without text are
    skipped and counted. With --json or --csv, one line for each article; with --json, a summary follows.
    """
    from pipeline.sources import Meter
    from pipeline.streaming.kafka.producers import IdempotentProducer

    if watch:
        from pipeline.push.watch import WatchOptions
        from pipeline.sources.documents import Options
        from pipeline.sources.paths import STDIN, check_paths
        from pipeline.sources.read_report import parse_columns

        check_paths(paths, allow_urls=allow_urls)
        if STDIN in paths:
            raise UsageError("--watch reads files, directories and URLs: push standard input without --watch")
        options = WatchOptions(
            connection=context.connection(),
            prefix=context.prefix,
            paths=paths,
            sources=Options(source=source, columns=parse_columns(columns), allow_private=allow_private),
            settle_s=settle,
            every_s=every,
        )
        return _watch(context, options, state)
    meter = Meter()
    records = reading(
        paths, source=source, columns=columns, allow_urls=allow_urls, allow_private=allow_private, meter=meter
    )
    printer = _Printer(context)
    pushed, failed = 0, 0
    with (
        IdempotentProducer(context.connection(), prefix=context.prefix) as producer,
        progress("pushed", meter) as show,
    ):
        for delivery in producer.push(records):
            where = (None, None) if delivery.error else (delivery.partition, delivery.offset)
            printer.print((delivery.record.name, delivery.record.key.decode(), producer.topic, *where, delivery.error))
            if delivery.error:
                failed += 1
            else:
                pushed += 1
            show(pushed)
    counts = records.counts
    failed += counts.unreadable
    if context.json:
        print_json({"summary": {**counts.as_json(), "pushed": pushed, "failed": failed}})
    elif not context.csv:
        print_summary(context, counts, ("pushed", pushed), ("failed", failed))
    note(
        f"pushed {plural(pushed, 'article')} to {producer.topic}, {failed:,} failed, {counts.skipped.total():,} skipped"
    )
    return 1 if failed else 0


class _Printer:
    """Prints a line for each article that was pushed or refused, in the wanted format."""

    def __init__(self, context: CommandContext, columns: tuple[str, ...] = _COLUMNS) -> None:
        self._columns, self._json = columns, context.json
        self._csv = CsvTable(columns) if context.csv else None
        self.for_programs = context.json or context.csv

    def print(self, cells: tuple[str | int | None, ...]) -> None:
        """Print one; the last cell is the error."""
        if cells[-1]:
            note(f"not pushed: {cells[0]}: {cells[-1]}", "red")
        if self._json:
            print_json(dict(zip(self._columns, cells, strict=True)))
        elif self._csv:
            self._csv.add(cells)


def _watch(context: CommandContext, options: WatchOptions, state: Path | None) -> int:
    from pipeline.push.state import open_state
    from pipeline.push.tally import PushTally
    from pipeline.push.watch import Watch

    tally = PushTally()
    printer = _Printer(context, ("name", "key", "error"))
    with open_state(options.connection, prefix=options.prefix, file=state) as memory:
        try:
            with sigterm_interrupts():
                for event in Watch(options, memory).run():
                    tally.add(event)
                    _print_event(event, printer)
        except KeyboardInterrupt:
            if context.json:
                print_json({"summary": tally.as_json()})
            elif not context.csv:
                outcomes = (("pushed", tally.pushed), ("known", tally.known), ("failed", tally.failed))
                print_summary(context, tally.reading, *outcomes)
            note(f"stopped: {plural(tally.pushed, 'article')} pushed, {tally.failed:,} failed")
    return 1 if tally.failed else 0


def _print_event(event: Happening, printer: _Printer) -> None:
    from pipeline.push.watch import Failed, PushedRecord, Remark

    if isinstance(event, Remark):
        note(event.text)
    elif isinstance(event, Failed):
        printer.print((event.record.name, event.record.key.decode(), event.why))
    elif not isinstance(event, PushedRecord):
        note_unread(event)
    elif event.new:
        printer.print((event.record.name, event.record.key.decode(), None))
        if not printer.for_programs:
            note(f"pushed: {event.record.name}")
