"""Paths and what is said of them in, the articles in them out, and at the end what was read, skipped and mended."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.output import note, print_table
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.sources import Found, Meter, SourceRecord

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


def reading(
    paths: Sequence[str],
    *,
    source: str | None = None,
    columns: str | None = None,
    allow_urls: bool = False,
    meter: Meter | None = None,
) -> Reading:
    """The articles of the paths, as the options of a command name them.

    Raises:
        UsageError: a path does not exist or is an address that may not be read, or ``columns`` has another shape.
    """
    from pipeline.sources import read_paths

    named = parse_columns(columns)
    found = read_paths(paths, stdin=sys.stdin.buffer, source=source, columns=named, allow_urls=allow_urls, meter=meter)
    return Reading(found)


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


def print_summary(counts: Counts, *outcomes: tuple[str, int]) -> None:
    """What was found, what became of it, why what was skipped was skipped, and what had to be mended; as a table."""
    rows = [("read", f"{counts.read:,}"), *((name, f"{number:,}") for name, number in outcomes)]
    rows += [(f"skipped: {why}", f"{number:,}") for why, number in counts.skipped.most_common()]
    rows += [(f"mended: {what}", f"{number:,}") for what, number in counts.mended.most_common()]
    print_table(("articles", ""), rows)


class Counts:
    """Counts what is found; what is no record is said at once."""

    def __init__(self) -> None:
        self.read = 0
        self.unreadable = 0
        self.skipped: Counter[str] = Counter()  # by why
        self.mended: Counter[str] = Counter()  # by what

    def take(self, found: Found) -> SourceRecord | None:
        """Count it, and give it back where it is a record."""
        from pipeline.sources import Skipped, SourceRecord

        if isinstance(found, SourceRecord):
            self.read += 1
            self.mended.update(found.mended)
            return found
        if isinstance(found, Skipped):
            self.skipped[found.why] += 1
            note(f"skipped: {found.name}: {found.why}" + (f" ({found.detail})" if found.detail else ""), "dim")
        else:
            self.unreadable += 1
            note(f"not read: {found.name}: {found.why}", "red")
        return None

    def summary(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {
            "read": self.read,
            "unreadable": self.unreadable,
            "skipped": dict(self.skipped.most_common()),
            "mended": dict(self.mended.most_common()),
        }


class Reading:
    """The records among what is found; the rest is said at once and counted."""

    def __init__(self, found: Iterator[Found]) -> None:
        self._found = found
        self.counts = Counts()

    def __iter__(self) -> Iterator[SourceRecord]:
        for found in self._found:
            if (record := self.counts.take(found)) is not None:
                yield record
