"""``claimwire chaos``: the exactly-once guarantee, tested here and now."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import note, plural, print_json
from pipeline.cli.signals import sigterm_interrupts
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.broker import EmbeddedKafka
    from pipeline.chaos.chaos_run import ChaosOptions, ChaosReport

_FAULTS = "kill=4,term=2,freeze=1,add=1,broker=1"
_PACE = 60.0  # articles a second, where no --seconds are given

ArticlesOption = Annotated[
    int, typer.Option("--articles", metavar="N", min=1, help="Number of articles; 1 % of them are poison.")
]
WorkersOption = Annotated[int, typer.Option("--workers", metavar="N", min=1, help="Number of workers.")]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", metavar="N", help="Seed of articles and faults.", show_default="random"),
]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        "--seconds",
        metavar="SECONDS",
        min=1,
        help="Time over which the articles are pushed.",
        show_default="60 articles per second",
    ),
]
FaultCountsOption = Annotated[
    str | None,
    typer.Option(
        "--faults",
        metavar="NAME=N,...",
        help="Number of faults: kill, term or freeze a worker, add one for a while, kill the embedded broker.",
        show_default=f"{_FAULTS}; on your own Kafka without broker",
    ),
]
RealOption = Annotated[bool, typer.Option("--real", help="Use the shipped model instead of plain language functions.")]
LogsOption = Annotated[
    Path | None, typer.Option("--logs", metavar="DIR", help="Keep all logs in DIR.", show_default=False)
]


@with_context("bootstrap", "config", "json", "csv")
def chaos(
    context: CommandContext,
    *,
    articles: ArticlesOption = 4000,
    workers: WorkersOption = 2,
    seed: SeedOption = None,
    seconds: SecondsOption = None,
    faults: FaultCountsOption = None,
    real: RealOption = False,
    logs: LogsOption = None,
) -> int:
    """Test the exactly-once guarantee: kill, stop and freeze workers and the broker under load, then count the results.

    Runs on a temporary Kafka or, with --bootstrap, on yours, where its topics stay under a prefix of their own. Exit
    code 0 if nothing is missing, repeated or out of order and only poisoned articles are rejected; otherwise 1.
    """
    from pipeline.chaos.chaos_run import run
    from pipeline.chaos.plan import parse_faults

    external = bool(context.settings.kafka.bootstrap_servers)
    wanted = parse_faults(_FAULTS if faults is None else faults)
    if external and wanted.broker:
        if faults:
            raise UsageError("chaos kills only a Kafka that it runs itself: leave out --bootstrap or broker=N")
        wanted = replace(wanted, broker=0)
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    note(f"seed {seed}")
    with sigterm_interrupts(), ExitStack() as stack:
        folder = stack.enter_context(_folder(logs))
        kafka = None if external else _embedded_kafka(folder, stack)
        options = _options(
            context,
            kafka,
            articles=articles,
            workers=workers,
            seed=seed,
            seconds=seconds or articles / _PACE,
        )
        report = run(replace(options, faults=wanted, real=real), logs=folder, kafka=kafka, say=note)
    if context.json:
        print_json(report.as_json())
    else:
        _show(context, report)
    return 0 if report.good else 1


@contextmanager
def _folder(logs: Path | None) -> Iterator[Path]:
    if logs:
        logs.mkdir(parents=True, exist_ok=True)
        yield logs
    else:
        with tempfile.TemporaryDirectory(prefix="claimwire-chaos-", ignore_cleanup_errors=True) as name:
            yield Path(name)


def _embedded_kafka(folder: Path, stack: ExitStack) -> EmbeddedKafka:
    from pipeline.broker import EmbeddedKafka
    from pipeline.broker.ports import pick_free

    # A port that is named: after a kill it must come back where the clients look for it.
    return stack.enter_context(EmbeddedKafka(folder / "kafka", environ=os.environ, port=pick_free(), progress=note))


def _options(
    context: CommandContext, kafka: EmbeddedKafka | None, *, articles: int, workers: int, seed: int, seconds: float
) -> ChaosOptions:
    from pipeline.chaos.chaos_run import ChaosOptions
    from pipeline.chaos.plan import Faults
    from pipeline.cli.worker import worker_options
    from pipeline.settings import shipped
    from pipeline.streaming.kafka.topics import load_topics

    prefix = f"chaos-{secrets.token_hex(4)}."
    worker = worker_options(context, context.connection(kafka.bootstrap if kafka else None))
    return ChaosOptions(
        articles=articles,
        workers=workers,
        seconds=seconds,
        seed=seed,
        faults=Faults(),
        worker=replace(worker, prefix=prefix, worker_id=prefix),
        topics=load_topics(shipped("config") / "topics.toml", prefix=prefix),
    )


def _show(context: CommandContext, report: ChaosReport) -> None:
    faults = [
        (f"{at_s:.1f}", kind, whom, None if silence_s is None else f"{silence_s:.1f}")
        for at_s, kind, whom, silence_s in report.faults
    ]
    context.table(("at s", "fault", "target", "longest silence after, s"), faults)
    for kind, silence in report.silences.items():
        note(f"silence after {kind}: median {silence['median_s']:.1f} s, longest {silence['longest_s']:.1f} s")
    if report.broker_kills:
        note(
            f"{report.kills_of_decided} of {plural(len(report.broker_kills), 'broker kill')} hit a transaction that was"
            " decided but not marked yet"
        )
    counts = report.counts
    zero_expected = (
        ("missing", counts.missing),
        ("repeated", counts.repeated),
        ("out of order", counts.out_of_order),
        ("claims missing", counts.claims_missing),
        ("claims repeated", counts.claims_repeated),
        ("good articles rejected", counts.rejected_wrongly),
    )
    context.table(
        ("count", "found", "expected"),
        [
            ("articles", counts.articles, None),
            ("enriched", counts.enriched, counts.articles - counts.rejected),
            ("poison rejected", counts.rejected_found, counts.rejected_expected),
            *((name, number, 0) for name, number in zero_expected),
        ],
    )
    for name, places in counts.places.items():
        note(f"{name}: {', '.join(places)}")
    for code, times in report.exits.items():
        note(f"workers that exited with {code}: {times}")
    if report.stalled:
        note("stalled: the chain stopped producing results")
    note(f"seed {report.seed}, {report.seconds:.0f} s: {'PASSED' if report.good else 'FAILED'}")
