"""``claimwire push``: articles from files and streams onto Kafka, each one confirmed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, notes, print_json

if TYPE_CHECKING:
    from pipeline.sources import Found, Skipped, SourceRecord, Unreadable

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...", help="Files (.txt, .json, .jsonl), directories, or - for standard input.", show_default=False
    ),
]
Source = Annotated[
    str | None,
    typer.Option("--source", help="Who published the plain texts among them.", show_default=False),
]


def push(
    paths: Paths,
    source: Source = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Push articles. JSON goes as it is (ArticleV1 or ninjs), plain text becomes an article.

    Exit code 1 if any could not be read or was not confirmed; each one is named.
    """
    from pipeline.sources import read_paths
    from pipeline.streaming.client import ArticleProducer

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    reading = Reading(read_paths(paths, stdin=sys.stdin.buffer, source=source))
    pushed, failed = 0, 0
    with ArticleProducer(this.connection(), prefix=this.prefix) as producer, progress() as show:
        for delivery in producer.push(reading):
            if delivery.error:
                failed += 1
                note(f"not pushed: {delivery.record.name}: {delivery.error}", "red")
            else:
                pushed += 1
            show(pushed)
            if json:
                print_json(
                    {
                        "name": delivery.record.name,
                        "key": delivery.record.key.decode(),
                        "topic": producer.topic,
                        "partition": None if delivery.error else delivery.partition,
                        "offset": None if delivery.error else delivery.offset,
                        "error": delivery.error,
                    }
                )
    failed += len(reading.unreadable)
    note(f"pushed {pushed:,} to {producer.topic}, {failed:,} failed, {len(reading.skipped):,} skipped")
    return 1 if failed else 0


class Reading:
    """The records among what is found; the rest is said at once and kept for the summary."""

    def __init__(self, found: Iterator[Found]) -> None:
        self._found = found
        self.skipped: list[Skipped] = []
        self.unreadable: list[Unreadable] = []

    def __iter__(self) -> Iterator[SourceRecord]:
        from pipeline.sources import Skipped, SourceRecord

        for found in self._found:
            if isinstance(found, SourceRecord):
                yield found
            elif isinstance(found, Skipped):
                self.skipped.append(found)
                note(f"skipped: {found.name}: {found.why}", "dim")
            else:
                self.unreadable.append(found)
                note(f"not read: {found.name}: {found.why}", "red")


@contextmanager
def progress() -> Iterator[Callable[[int], None]]:
    """A counter on standard error, to be told how many were pushed; silent where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _pushed: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("pushed {task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=notes(), transient=True) as bar:
        task = bar.add_task("push", total=None)
        yield lambda pushed: bar.update(task, completed=pushed)
