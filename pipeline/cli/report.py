"""``claimwire report``: claims per source, speaker, type and day."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import check_plot, note, plural, print_json
from pipeline.cli.progress import counted
from pipeline.cli.rejected import SinceOption, UntilOption
from pipeline.cli.tail import WhereOption

if TYPE_CHECKING:
    from pipeline.report.counts import ClaimCounts, TimeRange

_DAYS = 31  # that a table shows people

PublishedOption = Annotated[
    bool, typer.Option("--published", help="Use the articles' publication dates, not the times of their pushes.")
]
TopOption = Annotated[
    int, typer.Option("--top", metavar="N", min=1, help="Show the N most frequent names in each table and chart.")
]
PlotOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--plot", metavar="FILE", help="Write a chart to a .png, .svg or .pdf; may be repeated.", show_default=False
    ),
]


@with_context("bootstrap", "prefix", "config", "json", "csv")
def report(
    context: CommandContext,
    *,
    since: SinceOption = None,
    until: UntilOption = None,
    published: PublishedOption = False,
    where: WhereOption = None,
    top: TopOption = 10,
    plot: PlotOption = None,
) -> int:
    """Count claims by source, speaker, type and day.

    Without --since and --until, all claims that Kafka retains. Days are in UTC; with --published, in the publishers'
    time zones. An article that was pushed twice counts twice.
    """
    from pipeline.contract.conditions import condition
    from pipeline.contract.events import ClaimV1
    from pipeline.report.counts import TimeRange, count_claims
    from pipeline.report.read import read_claims
    from pipeline.streaming.operations.replay import parse_times

    for file in plot or []:
        check_plot(file)
    since_ms, until_ms = parse_times(since, until)
    within = TimeRange(since_ms=since_ms, until_ms=until_ms, by="published" if published else "pushed")
    matches = condition(where or [], ClaimV1)
    with counted("claims read:") as on_progress:
        claims = read_claims(context.connection(), within, prefix=context.prefix, on_progress=on_progress)
        counts = count_claims(
            claims, within, chosen=(lambda claim: matches(claim.model_dump())) if where else lambda _: True
        )
    if plot:
        from pipeline.report.plot import draw_counts

        for file in plot:
            draw_counts(counts, _title(counts, within), file, top=top)
            note(f"chart written to {file}")
    if context.json:
        print_json({"since_ms": within.since_ms, "until_ms": within.until_ms, "by": within.by, **counts.as_json()})
    elif context.csv:
        _print_csv(context, counts)
    else:
        _show(context, counts, top)
    note(_title(counts, within))
    if counts.undated:
        note(f"{plural(counts.undated, 'claim')} left out: their articles have no date")
    return 0


def _print_csv(context: CommandContext, counts: ClaimCounts) -> None:
    from pipeline.report.counts import GROUPINGS

    rows = [(kind, row.name, row.claims, row.check_worthy) for kind in GROUPINGS for row in counts.rows(kind)]
    context.table(("by", "name", "claims", "check_worthy"), rows)


def _show(context: CommandContext, counts: ClaimCounts, top: int) -> None:
    from pipeline.report.counts import GROUPINGS

    for kind in GROUPINGS:
        rows = counts.rows(kind)
        shown = rows[-_DAYS:] if kind == "day" else rows[:top]
        context.table((kind, "claims", "check-worthy"), shown)
        if len(rows) > len(shown):
            note(f"and {len(rows) - len(shown):,} more", "dim")
        if counts.by[kind].let_go:
            note(
                f"too many different names: {plural(counts.by[kind].let_go, 'claim')} with rare names not shown here",
                "yellow",
            )


def _title(counts: ClaimCounts, within: TimeRange) -> str:
    bounds = [
        f"{word} {_time(ms)}" for word, ms in (("from", within.since_ms), ("to", within.until_ms)) if ms is not None
    ]
    when = f", {within.by} {' '.join(bounds)}" if bounds else f", by the time their articles were {within.by}"
    return f"{plural(counts.claims, 'claim')}, {counts.check_worthy:,} of them check-worthy{when}"


def _time(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
