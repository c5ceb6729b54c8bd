"""The options of commands that read articles, and what they print about the reading."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext
from pipeline.cli.output import note

if TYPE_CHECKING:
    from pipeline.sources import Meter, Skipped, Unreadable
    from pipeline.sources.read_report import Reading, ReadingCounts

PathsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files, directories, or - for standard input. Formats: text, Markdown, JSON, JSON lines, ninjs, RSS, Atom,"
        " HTML, CSV, TSV and WARC, also in .gz and .zip.",
        show_default=False,
    ),
]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="NAME",
        help="Publisher of articles that name none. Does not apply to JSON.",
        show_default=False,
    ),
]
ColumnsOption = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="FIELD=NAME,...",
        help="Which CSV or TSV column holds which field: text=body_plain,title=kicker.",
        show_default=False,
    ),
]
AllowUrlsOption = Annotated[
    bool, typer.Option("--allow-urls", help="Allow a PATH to be a URL. Nothing else is fetched.")
]
AllowPrivateOption = Annotated[
    bool,
    typer.Option(
        "--allow-private", help="Let redirects of a URL lead to this machine or a private network. Off by default."
    ),
]


def reading(
    paths: Sequence[str],
    *,
    source: str | None = None,
    columns: str | None = None,
    allow_urls: bool = False,
    allow_private: bool = False,
    meter: Meter | None = None,
) -> Reading:
    """Return the articles of the paths; what cannot be read or is skipped gets a note.

    Raises:
        UsageError: a path does not exist or is a URL that may not be read, or ``columns`` has another form.
    """
    from pipeline.sources import read_paths
    from pipeline.sources.read_report import Reading, parse_columns

    found = read_paths(
        paths,
        stdin=sys.stdin.buffer,
        source=source,
        columns=parse_columns(columns),
        allow_urls=allow_urls,
        allow_private=allow_private,
        meter=meter,
    )
    return Reading(found, note_unread)


def note_unread(found: Skipped | Unreadable) -> None:
    """Print why a document gives no article."""
    from pipeline.sources import Skipped

    if isinstance(found, Skipped):
        note(f"skipped: {found.name}: {found.why}" + (f" ({found.detail})" if found.detail else ""), "dim")
    else:
        note(f"not read: {found.name}: {found.why}", "red")


def print_summary(context: CommandContext, counts: ReadingCounts, *outcomes: tuple[str, int]) -> None:
    """Print how many articles were read, what became of them, and why some were skipped or mended."""
    rows = [("read", counts.read), *outcomes]
    rows += [(f"skipped: {why}", number) for why, number in counts.skipped.most_common()]
    rows += [(f"mended: {what}", number) for what, number in counts.mended.most_common()]
    context.table(("articles", "number"), rows)
