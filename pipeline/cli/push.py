"""``claimwire push``: articles from files and streams onto Kafka, each one confirmed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json, print_table
from pipeline.cli.progress import progress
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.sources import Found, Skipped, SourceRecord, Unreadable

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files, directories, or - for standard input: text, Markdown, JSON, JSON lines, ninjs, RSS, Atom, HTML,"
        " CSV, TSV, WARC, also in .gz and .zip.",
        show_default=False,
    ),
]
Source = Annotated[
    str | None,
    typer.Option("--source", help="Who published what is no JSON and does not say so in a column.", show_default=False),
]
Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="FIELD=NAME,...",
        help="The columns of CSV that have other names, such as text=body_plain,title=kicker.",
        show_default=False,
    ),
]
AllowUrls = Annotated[
    bool, typer.Option("--allow-urls", help="A PATH may be an address; nothing else is ever fetched.")
]


def push(
    paths: Paths,
    source: Source = None,
    columns: Columns = None,
    allow_urls: AllowUrls = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Push articles. JSON goes as it is (ArticleV1 or ninjs), everything else becomes an article.

    Exit code 1 if any could not be read or was not confirmed; each one is named. What holds no text is skipped, and
    counted. With --json a line for each record, and at the end one with the summary.

    Examples: claimwire push feed.xml pages/ · zcat news.csv.gz | claimwire push - --columns text=body
    """
    from pipeline.sources import Meter, read_paths
    from pipeline.streaming.client import ArticleProducer

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    meter = Meter()
    found = read_paths(
        paths,
        stdin=sys.stdin.buffer,
        source=source,
        columns=parse_columns(columns),
        allow_urls=allow_urls,
        meter=meter,
    )
    reading = Reading(found)
    pushed, failed = 0, 0
    with ArticleProducer(this.connection(), prefix=this.prefix) as producer, progress("pushed", meter) as show:
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
    if json:
        print_json({"summary": {**reading.summary(), "pushed": pushed, "failed": failed}})
    else:
        print_summary(reading, ("pushed", pushed), ("failed", failed))
    note(f"pushed {pushed:,} to {producer.topic}, {failed:,} failed, {len(reading.skipped):,} skipped")
    return 1 if failed else 0


def parse_columns(text: str | None) -> dict[str, str]:
    """``text=body,title=kicker`` as the columns' names by field.

    Raises:
        UsageError: it has another shape, or names no field.
    """
    from pipeline.sources.table import COLUMNS

    pairs = dict(part.partition("=")[::2] for part in text.split(",")) if text else {}
    wrong = [field for field, name in pairs.items() if field not in COLUMNS or not name.strip()]
    if wrong:
        raise UsageError(f"--columns {text}: write FIELD=NAME,... with the fields {', '.join(COLUMNS)}")
    return pairs


def print_summary(reading: Reading, *counts: tuple[str, int]) -> None:
    """What was found, what became of it, why what was skipped was skipped, and what had to be mended; as a table."""
    summary = reading.summary()
    rows = [("read", str(summary["read"])), *((name, f"{number:,}") for name, number in counts)]
    rows += [(f"skipped: {why}", f"{number:,}") for why, number in summary["skipped"].items()]
    rows += [(f"mended: {what}", f"{number:,}") for what, number in summary["mended"].items()]
    print_table(("articles", ""), rows)


class Reading:
    """The records among what is found; the rest is said at once and kept for the summary."""

    def __init__(self, found: Iterator[Found]) -> None:
        self._found = found
        self._records = 0
        self._mended: Counter[str] = Counter()
        self.skipped: list[Skipped] = []
        self.unreadable: list[Unreadable] = []

    def __iter__(self) -> Iterator[SourceRecord]:
        from pipeline.sources import Skipped, SourceRecord

        for found in self._found:
            if isinstance(found, SourceRecord):
                self._records += 1
                self._mended.update(found.mended)
                yield found
            elif isinstance(found, Skipped):
                self.skipped.append(found)
                note(f"skipped: {found.name}: {found.why}" + (f" ({found.detail})" if found.detail else ""), "dim")
            else:
                self.unreadable.append(found)
                note(f"not read: {found.name}: {found.why}", "red")

    def summary(self) -> dict[str, Any]:
        """How many records were read, how many things not, what was skipped by its reason and mended by its kind."""
        return {
            "read": self._records,
            "unreadable": len(self.unreadable),
            "skipped": _counted([skipped.why for skipped in self.skipped]),
            "mended": dict(self._mended.most_common()),
        }


def _counted(names: Sequence[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())
