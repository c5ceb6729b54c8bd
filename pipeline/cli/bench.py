"""``claimwire bench``: how fast, and what share of the language functions' own speed is kept."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, call
from pipeline.cli.output import check_plot, note, print_json, print_table
from pipeline.cli.signals import sigterm_interrupts
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.bench.report import Report

_SEED = 1
_ARTICLES = 200  # of the generated corpus; a run takes them as often as it needs
_MOST_LOST = 0.10
_QUICK = ("throughput", "workers", "noop", "length")

Articles = Annotated[
    Path | None,
    typer.Option(
        "--articles",
        metavar="PATH",
        help="Articles of yours: all that `push` reads; else generated ones with the statistics of news.",
        show_default=False,
    ),
]
Workers = Annotated[int, typer.Option("--workers", min=1, help="At most; one is always measured.")]
Rounds = Annotated[int, typer.Option("--rounds", min=1, help="Of which medians are taken.")]
Seconds = Annotated[float, typer.Option("--seconds", min=1, help="That a run takes, about.")]
Only = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="A,B",
        help="Of throughput, workers, noop, latency, layers, length, batch, partitions. [default: all]",
        show_default=False,
    ),
]
Quick = Annotated[bool, typer.Option("--quick", help="Only what `--against` compares, in two short rounds.")]
Plot = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", help="Draw the figures there, as .png or .svg.", show_default=False),
]
Save = Annotated[
    Path | None,
    typer.Option("--save", metavar="FILE", help="Write the ratios there, for --against.", show_default=False),
]
Against = Annotated[
    Path | None,
    typer.Option(
        "--against",
        metavar="FILE",
        help="Ratios of an earlier run: exit code 1 where one has lost more than 10 %.",
        show_default=False,
    ),
]


def bench(  # noqa: PLR0913, PLR0917  (each is an option of the command)
    articles: Articles = None,
    workers: Workers = 2,
    rounds: Rounds = 3,
    seconds: Seconds = 15,
    only: Only = None,
    quick: Quick = False,
    plot: Plot = None,
    save: Save = None,
    against: Against = None,
    bootstrap: Bootstrap = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Measure articles and tokens a second, latency, CPU and memory, on a Kafka of its own in a temporary folder.

    What is compared is measured in turn in this one run: trust the ratios, the machine decides the rest. On a Kafka of
    yours the topics, under a prefix of their own, stay.
    """
    from pipeline.bench.corpus import from_file, generated
    from pipeline.bench.guard import losses, read_ratios, write_ratios
    from pipeline.bench.report import Plan, measure

    this = call(bootstrap=bootstrap, config=config, debug=debug)
    expected = read_ratios(against) if against else {}
    plan = Plan(
        sections=_QUICK if quick else _sections(only),
        rounds=min(rounds, 2) if quick else rounds,
        seconds=min(seconds, 8.0) if quick else seconds,
        workers=workers,
    )
    if plot:
        check_plot(plot)
    corpus = from_file(articles) if articles else generated(_ARTICLES, seed=_SEED)
    with sigterm_interrupts(), ExitStack() as stack:
        report = measure(_rig(this, stack), corpus, plan, note)
    if plot:
        from pipeline.bench.plot import draw

        draw(report, plot)
    if save:
        write_ratios(report, save)
    if json:
        print_json(report)
    else:
        _show(report)
    lost = losses(report, expected, most=_MOST_LOST)
    for line in lost:
        note(line, "red")
    return 1 if lost else 0


def _sections(only: str | None) -> tuple[str, ...]:
    from pipeline.bench.report import SECTIONS

    chosen = tuple(name.strip() for name in only.split(",")) if only else SECTIONS
    for name in chosen:
        if name not in SECTIONS:
            raise UsageError(f"bench cannot measure {name!r}; it can {', '.join(SECTIONS)}")
    return chosen


def _rig(this: Any, stack: ExitStack) -> Any:  # noqa: ANN401  (their modules wait until the command runs)
    import psutil

    from pipeline.bench.rig import Rig
    from pipeline.broker import EmbeddedKafka
    from pipeline.cli.worker import worker_options
    from pipeline.settings import shipped
    from pipeline.streaming.kafka.topics import load_topics

    folder = Path(
        stack.enter_context(tempfile.TemporaryDirectory(prefix="claimwire-bench-", ignore_cleanup_errors=True))
    )
    kafka = None
    if not this.settings.kafka.bootstrap_servers:
        kafka = stack.enter_context(EmbeddedKafka(folder / "kafka", environ=os.environ, progress=note))
    return Rig(
        worker=worker_options(this, this.connection(kafka.bootstrap if kafka else None)),
        topics=load_topics(shipped("config") / "topics.toml", prefix=""),
        folder=folder,
        broker=psutil.Process(kafka.pid) if kafka else None,
    )


def _show(report: Report) -> None:
    corpus = report["corpus"]
    tokens = corpus["tokens"] / corpus["articles"]
    note(f"{corpus['articles']:,} articles a run, {tokens:,.0f} tokens each: {corpus['name']}")
    rows: list[tuple[str, Report]] = [(name, report[name]) for name in ("raw", "chain", "noop") if name in report]
    if several := report.get("workers"):
        rows[2:2] = [(f"{kind}, {several['workers']} processes", several[kind]) for kind in ("raw", "chain")]
    if rows:
        _table_of_runs(rows)
    for name, text in _SHARES.items():
        if name in report:
            note(f"{text}: {report[name]:.3f}", "bold")
    if "chain" in report:
        note(f"a worker's first batch came {report['chain']['start_s']:.1f} s after its start")
    _small_table(report, "latency", load="{:.0%}", articles_per_s="{:.1f}", p50_ms="{:.0f}", p99_ms="{:.0f}")
    _small_table(report, "layers", layer="{}", stage="{}", cpu_s_per_1000="{:.2f}")
    _small_table(report, "length", chars="{:,}", ms_per_article="{:.2f}", us_per_char="{:.2f}")
    _small_table(report, "batches", batch="{}", articles_per_s="{:,.0f}", cpu_ms="{:.2f}", broker_cpu_ms="{:.2f}")
    _small_table(
        report, "partitions", partitions="{}", articles_per_s="{:,.0f}", cpu_ms="{:.2f}", broker_cpu_ms="{:.2f}"
    )


_SHARES = {
    "kept_share": "the chain keeps of one process's rate",
    "kept_share_of_workers": "the chain keeps of that of as many processes as workers",
    "speed_up": "several workers against one",
    "linearity": "10,000 characters ten times, against 100,000 characters",
}


def _table_of_runs(rows: list[tuple[str, Report]]) -> None:
    columns = ("articles_per_s", "tokens_per_s", "cpu_ms", "broker_cpu_ms", "rss_mb")
    cells = [(name, *(f"{run[column]:,.1f}" if column in run else "" for column in columns)) for name, run in rows]
    print_table(("", "articles/s", "tokens/s", "CPU ms/article", "broker's", "RSS MB"), cells)


def _small_table(report: Report, section: str, **columns: str) -> None:
    if section in report:
        rows = [tuple(form.format(found.get(name, 0)) for name, form in columns.items()) for found in report[section]]
        print_table(tuple(columns), rows, title=section)
