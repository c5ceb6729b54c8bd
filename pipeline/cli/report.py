"""``claimwire report``: claims per source, speaker, type and day."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import check_plot, note, print_json, print_table
from pipeline.cli.progress import counted
from pipeline.cli.rejected import Since, Until
from pipeline.cli.tail import Where

if TYPE_CHECKING:
    from pipeline.report.counts import Counts, Range

_DAYS = 31  # that a table shows

Published = Annotated[
    bool, typer.Option("--published", help="By the articles' own dates, not by when they were pushed.")
]
Top = Annotated[int, typer.Option("--top", metavar="N", min=1, help="Names in each table and chart.")]
Plot = Annotated[
    list[Path] | None,
    typer.Option("--plot", metavar="FILE", help="Draw it there, as .png, .svg or .pdf.", show_default=False),
]


def report(  # noqa: PLR0913, PLR0917  (each is an option of the command)
    since: Since = None,
    until: Until = None,
    published: Published = False,
    where: Where = None,
    top: Top = 10,
    plot: Plot = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Count the claims of a time range by source, speaker, type and day, as tables, charts or JSON.

    All that Kafka still has without --since and --until. Days are UTC, with --published the publishers' own. What was
    pushed twice counts twice.
    """
    from pipeline.contract.conditions import condition
    from pipeline.contract.events import ClaimV1
    from pipeline.report.counts import Range, count
    from pipeline.report.read import read_claims
    from pipeline.streaming.operations.replay import parse_times

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    for file in plot or []:
        check_plot(file)
    since_ms, until_ms = parse_times(since, until)
    within = Range(since_ms=since_ms, until_ms=until_ms, by="published" if published else "pushed")
    fulfils = condition(where or [], ClaimV1)
    with counted("claims read:") as on_progress:
        claims = read_claims(this.connection(), within, prefix=this.prefix, on_progress=on_progress)
        counts = count(claims, within, chosen=(lambda claim: fulfils(claim.model_dump())) if where else lambda _: True)
    if plot:
        from pipeline.report.plot import draw

        for file in plot:
            draw(counts, _title(counts, within), file, top=top)
            note(f"drawn: {file}")
    if json:
        print_json({"since_ms": within.since_ms, "until_ms": within.until_ms, "by": within.by, **counts.as_json()})
    else:
        _show(counts, top)
    note(_title(counts, within))
    if counts.undated:
        note(f"{counts.undated:,} claims left out: their articles have no date")
    return 0


def _show(counts: Counts, top: int) -> None:
    from pipeline.report.counts import KINDS

    for kind in KINDS:
        rows = counts.rows(kind)
        shown = rows[-_DAYS:] if kind == "day" else rows[:top]
        cells = [(row.name, f"{row.claims:,}", f"{row.check_worthy:,}") for row in shown]
        print_table((kind, "claims", "check-worthy"), cells)
        if len(rows) > len(shown):
            note(f"and {len(rows) - len(shown):,} more", "dim")
        if counts.by[kind].let_go:
            note(f"too many names: {counts.by[kind].let_go:,} claims of rare ones are left out here", "yellow")


def _title(counts: Counts, within: Range) -> str:
    bounds = [
        f"{word} {_time(ms)}" for word, ms in (("from", within.since_ms), ("to", within.until_ms)) if ms is not None
    ]
    when = f", {within.by} {' '.join(bounds)}" if bounds else f" by when their articles were {within.by}"
    return f"{counts.claims:,} claims, {counts.check_worthy:,} of them check-worthy{when}"


def _time(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
