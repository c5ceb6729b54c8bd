"""``claimwire bench``: throughput, and the share of the language functions' own speed that the chain keeps."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import Shown, check_plot, note, plural, print_json
from pipeline.cli.signals import sigterm_interrupts
from pipeline.cli.topics import wanted_topics
from pipeline.cli.worker import worker_options

if TYPE_CHECKING:
    from pipeline.bench.measure import BenchReport
    from pipeline.streaming.worker.run import WorkerOptions

_SEED = 1
_ARTICLES = 200  # of the generated corpus; a run takes them as often as it needs
_ALLOWED_LOSS = 0.10
_QUICK = ("throughput", "workers", "noop", "length")

ArticlesOption = Annotated[
    Path | None,
    typer.Option(
        "--articles",
        metavar="PATH",
        help="Your own articles, in any format that `push` reads.",
        show_default="generated ones",
    ),
]
WorkersOption = Annotated[
    int, typer.Option("--workers", metavar="N", min=1, help="Measure one worker, then N workers side by side.")
]
RoundsOption = Annotated[
    int, typer.Option("--rounds", metavar="N", min=1, help="Repeat each run N times; report medians.")
]
SecondsOption = Annotated[
    float, typer.Option("--seconds", metavar="SECONDS", min=1, help="Approximate duration of a run.")
]
OnlyOption = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="A,B",
        help="Measure only these: throughput, workers, noop, latency, layers, length, batch, partitions.",
        show_default=False,
    ),
]
QuickOption = Annotated[
    bool, typer.Option("--quick", help="Measure only what --against compares, in two short rounds.")
]
PlotOption = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", help="Write a chart to a .png or .svg.", show_default=False),
]
SaveOption = Annotated[
    Path | None,
    typer.Option("--save", metavar="FILE", help="Write the ratios to FILE, for --against.", show_default=False),
]
AgainstOption = Annotated[
    Path | None,
    typer.Option(
        "--against",
        metavar="FILE",
        help="Compare with the ratios of an earlier run: exit code 1 if one is more than 10 % worse.",
        show_default=False,
    ),
]


@with_context("bootstrap", "config", "json", "csv")
def bench(
    context: CommandContext,
    *,
    articles: ArticlesOption = None,
    workers: WorkersOption = 2,
    rounds: RoundsOption = 3,
    seconds: SecondsOption = 15,
    only: OnlyOption = None,
    quick: QuickOption = False,
    plot: PlotOption = None,
    save: SaveOption = None,
    against: AgainstOption = None,
) -> int:
    """Measure throughput, latency, CPU and memory of the chain, on a temporary Kafka.

    Compare ratios, not absolute figures: both sides of a ratio come from the same run. With --bootstrap, the topics of
    the run stay on your Kafka, under a prefix of their own.
    """
    from pipeline.bench.corpus import from_file, generated
    from pipeline.bench.measure import Plan, measure, parse_sections
    from pipeline.bench.ratios import losses, read_ratios, write_ratios
    from pipeline.bench.rig import temporary_rig

    expected = read_ratios(against) if against else {}
    plan = Plan(
        sections=_QUICK if quick else parse_sections(only),
        rounds=min(rounds, 2) if quick else rounds,
        seconds=min(seconds, 8.0) if quick else seconds,
        workers=workers,
    )
    if plot:
        check_plot(plot)
    corpus = from_file(articles) if articles else generated(_ARTICLES, seed=_SEED)

    def options(bootstrap: str | None) -> WorkerOptions:
        return worker_options(context, context.connection(bootstrap))

    embedded = not context.settings.kafka.bootstrap_servers
    with (
        sigterm_interrupts(),
        temporary_rig(options, wanted_topics(context), embedded=embedded, environ=os.environ, progress=note) as rig,
    ):
        report = measure(rig, corpus, plan, note)
    if plot:
        from pipeline.bench.chart import draw

        draw(report, plot)
    if save:
        write_ratios(report, save)
    if context.json:
        print_json(report)
    else:
        _show(context, report)
    lost = losses(report, expected, most=_ALLOWED_LOSS)
    for line in lost:
        note(line, "red")
    return 1 if lost else 0


def _show(context: CommandContext, report: BenchReport) -> None:
    corpus = report["corpus"]
    tokens = corpus["tokens"] / corpus["articles"]
    note(f"{plural(corpus['articles'], 'article')} per run, {tokens:,.0f} tokens each: {corpus['name']}")
    rows: list[tuple[str, BenchReport]] = [(name, report[name]) for name in ("raw", "chain", "noop") if name in report]
    if several := report.get("workers"):
        rows[2:2] = [(f"{kind}, {several['workers']} processes", several[kind]) for kind in ("raw", "chain")]
    if rows:
        _print_runs(context, rows)
    shares = [(text, Shown(f"{report[name]:.3f}", report[name])) for name, text in _SHARES.items() if name in report]
    if shares:
        context.table(("ratio", "value"), shares)
    if "chain" in report:
        note(f"a worker's first batch finished {report['chain']['start_s']:.1f} s after its start")
    for section, columns in _SECTIONS.items():
        if section in report:
            rows_of_section = [
                [Shown(form.format(row.get(name, 0)), row.get(name)) for name, form in columns.items()]
                for row in report[section]
            ]
            context.table(tuple(columns), rows_of_section, title=section)


_SHARES = {
    "kept_share": "chain's rate / one process's rate",
    "kept_share_of_workers": "several workers' rate / rate of as many processes",
    "speed_up": "several workers' rate / one worker's rate",
    "linearity": "time of 10 articles of 10,000 characters / one of 100,000",
}
_SECTIONS = {
    "latency": {"load": "{:.0%}", "articles_per_s": "{:.1f}", "p50_ms": "{:.0f}", "p99_ms": "{:.0f}"},
    "layers": {"layer": "{}", "stage": "{}", "cpu_s_per_1000": "{:.2f}"},
    "length": {"chars": "{:,}", "ms_per_article": "{:.2f}", "us_per_char": "{:.2f}"},
    "batches": {"batch": "{}", "articles_per_s": "{:,.0f}", "cpu_ms": "{:.2f}", "broker_cpu_ms": "{:.2f}"},
    "partitions": {"partitions": "{}", "articles_per_s": "{:,.0f}", "cpu_ms": "{:.2f}", "broker_cpu_ms": "{:.2f}"},
}
_RUN_COLUMNS = {
    "articles_per_s": "articles/s",
    "tokens_per_s": "tokens/s",
    "cpu_ms": "CPU ms/article",
    "broker_cpu_ms": "broker's CPU ms/article",
    "rss_mb": "RSS MB",
}


def _print_runs(context: CommandContext, runs: list[tuple[str, BenchReport]]) -> None:
    rows = [
        (name, *(Shown(f"{run[column]:,.1f}", run[column]) if column in run else None for column in _RUN_COLUMNS))
        for name, run in runs
    ]
    context.table(("run", *_RUN_COLUMNS.values()), rows)
