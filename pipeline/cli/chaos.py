"""``claimwire chaos``: the guarantee, tried out here and now."""

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

from pipeline.cli.options import Bootstrap, Call, ConfigFile, Debug, Json, call
from pipeline.cli.output import note, print_json, print_table
from pipeline.cli.signals import sigterm_interrupts
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.broker import EmbeddedKafka
    from pipeline.chaos.run import Options, Report

_FAULTS = "kill=4,term=2,freeze=1,add=1,broker=1"
_PACE = 60.0  # articles a second, where no --seconds are given

Articles = Annotated[int, typer.Option("--articles", min=1, help="How many; 1 % of them are poison.")]
Workers = Annotated[int, typer.Option("--workers", min=1)]
Seed = Annotated[
    int | None, typer.Option("--seed", help="Of articles and moments; else a random one.", show_default=False)
]
Seconds = Annotated[
    float | None,
    typer.Option("--seconds", min=1, help="In which the articles come; else 60 a second.", show_default=False),
]
FaultCounts = Annotated[
    str | None,
    typer.Option(
        "--faults",
        metavar="NAME=N,...",
        help="How often: kill, term and freeze a worker, add one for a while, kill the embedded broker."
        f" [default: {_FAULTS}, on a Kafka of yours without the broker]",
        show_default=False,
    ),
]
Real = Annotated[bool, typer.Option("--real", help="The shipped model, not plain language functions.")]
Logs = Annotated[Path | None, typer.Option("--logs", metavar="FOLDER", help="Keep all logs there.", show_default=False)]


def chaos(  # noqa: PLR0913, PLR0917  (each is an option of the command)
    articles: Articles = 4000,
    workers: Workers = 2,
    seed: Seed = None,
    seconds: Seconds = None,
    faults: FaultCounts = None,
    real: Real = False,
    logs: Logs = None,
    bootstrap: Bootstrap = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Try out that nothing is lost: articles, and meanwhile workers and the broker killed, stopped and frozen.

    On a Kafka of its own in a temporary folder, or on yours with topics of a prefix of their own, which stay. Exit code
    1 unless nothing is missing, repeated or out of order and all poison is rejected.
    """
    from pipeline.chaos.plan import parse_faults
    from pipeline.chaos.run import run

    this = call(bootstrap=bootstrap, config=config, debug=debug)
    yours = bool(this.settings.kafka.bootstrap_servers)
    wanted = parse_faults(_FAULTS if faults is None else faults)
    if yours and wanted.broker:
        if faults:
            raise UsageError("chaos kills only a Kafka that it runs itself: leave out --bootstrap or broker=N")
        wanted = replace(wanted, broker=0)
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    note(f"seed {seed}")
    with sigterm_interrupts(), ExitStack() as stack:
        folder = stack.enter_context(_folder(logs))
        kafka = None if yours else _embedded_kafka(folder, stack)
        options = _options(
            this,
            kafka,
            articles=articles,
            workers=workers,
            seed=seed,
            seconds=seconds or articles / _PACE,
        )
        report = run(replace(options, faults=wanted, real=real), logs=folder, kafka=kafka, say=note)
    if json:
        print_json(report.as_json())
    else:
        _show(report)
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
    this: Call, kafka: EmbeddedKafka | None, *, articles: int, workers: int, seed: int, seconds: float
) -> Options:
    from pipeline.chaos.plan import Faults
    from pipeline.chaos.run import Options
    from pipeline.cli.worker import worker_options
    from pipeline.settings import shipped
    from pipeline.streaming.kafka.topics import load_topics

    prefix = f"chaos-{secrets.token_hex(4)}."
    worker = worker_options(this, this.connection(kafka.bootstrap if kafka else None))
    return Options(
        articles=articles,
        workers=workers,
        seconds=seconds,
        seed=seed,
        faults=Faults(),
        worker=replace(worker, prefix=prefix, worker_id=prefix),
        topics=load_topics(shipped("config") / "topics.toml", prefix=prefix),
    )


def _show(report: Report) -> None:
    rows = [
        (f"{at_s:.1f} s", kind, whom, "nothing came" if silence_s is None else f"{silence_s:.1f} s")
        for at_s, kind, whom, silence_s in report.faults
    ]
    print_table(("at", "fault", "whom", "longest silence after"), rows)
    for kind, silence in report.silences.items():
        note(f"silence after {kind}: median {silence['median_s']:.1f} s, longest {silence['longest_s']:.1f} s")
    if report.broker_kills:
        note(
            f"of {len(report.broker_kills)} kills of the broker {report.kills_of_decided} came between a transaction's"
            " decision and its markers"
        )
    counts = report.counts
    wrong = (
        ("missing", counts.missing),
        ("repeated", counts.repeated),
        ("out of order", counts.out_of_order),
        ("claims missing", counts.claims_missing),
        ("claims repeated", counts.claims_repeated),
        ("rejected that was good", counts.rejected_wrongly),
    )
    print_table(
        ("count", "found", "expected"),
        [
            ("articles", f"{counts.articles:,}", ""),
            ("enriched", f"{counts.enriched:,}", f"{counts.articles - counts.rejected:,}"),
            ("poison rejected", f"{counts.rejected_found:,}", f"{counts.rejected_expected:,}"),
            *((name, f"{number:,}", "0") for name, number in wrong),
        ],
    )
    for name, places in counts.places.items():
        note(f"{name}: {', '.join(places)}")
    for code, times in report.exits.items():
        note(f"workers that ended with {code}: {times}")
    if report.stalled:
        note("stalled: nothing came out any more")
    note(f"seed {report.seed}, {report.seconds:.0f} s: {'good' if report.good else 'NOT GOOD'}")
