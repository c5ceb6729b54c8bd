"""``claimwire demo``: everything at once, on a Kafka of its own that leaves nothing behind."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.children import for_embedded_kafka, worker_command
from pipeline.cli.options import Call, ConfigFile, Debug, Json, call
from pipeline.cli.output import label, note, print_bytes, print_table
from pipeline.cli.reading import Reading, reading
from pipeline.cli.signals import sigterm_interrupts
from pipeline.cli.topics import wanted
from pipeline.errors import ClaimwireError, UsageError

if TYPE_CHECKING:
    from pipeline.contract.events import ClaimV1, EnrichedV1, RejectedV1
    from pipeline.streaming.kafka.connection import Connection
    from pipeline.streaming.operations.outcomes import Outcome

_PATIENCE_S = 90.0  # for the next outcome: a worker's start, or a very long article
_LOG_LINES = 5
_SHOWN_CLAIMS = 12  # of one article
_WIDTHS = {"speaker": 22, "label": 5, "score": 5, "types": 18}

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH...]", help="Articles of yours; the shipped ones without it.", show_default=False),
]

All = Annotated[bool, typer.Option("--all", help=f"Every claim, not only the {_SHOWN_CLAIMS} best of each article.")]


@dataclass
class _Results:
    """What came out, by where the article is."""

    names: dict[tuple[int, int], str] = field(default_factory=dict)
    enriched: list[EnrichedV1] = field(default_factory=list)
    claims: list[ClaimV1] = field(default_factory=list)
    rejected: list[RejectedV1] = field(default_factory=list)
    not_pushed: int = 0


def demo(
    paths: Paths = None, everything: All = False, config: ConfigFile = None, json: Json = False, debug: Debug = False
) -> int:
    """Start a Kafka, push articles, run a worker, show the claims, stop all.

    With --json: EnrichedV1 as JSON lines on standard output.
    """
    began = time.monotonic()
    this = call(config=config, debug=debug)
    with sigterm_interrupts(), tempfile.TemporaryDirectory(prefix="claimwire-demo-") as folder:
        results = _run(this, paths or _seeds(), Path(folder), config, _print_enriched if json else _ignore)
    if not results.names:
        raise UsageError("there is no article in these paths")
    if not json:
        _show(results, sys.maxsize if everything else _SHOWN_CLAIMS)
    note(
        f"{len(results.names)} articles: {len(results.enriched)} enriched with {len(results.claims)} claims,"
        f" {len(results.rejected)} rejected, in {time.monotonic() - began:.0f} s"
    )
    return 1 if results.not_pushed else 0


def _run(
    this: Call, paths: Sequence[str], folder: Path, config: Path | None, seen: Callable[[EnrichedV1], None]
) -> _Results:
    from pipeline.broker import EmbeddedKafka
    from pipeline.streaming.health.supervisor import Supervisor
    from pipeline.streaming.kafka.topics import create

    articles = reading(paths)
    with (
        EmbeddedKafka(folder / "kafka", environ=os.environ, progress=note) as kafka,
        (folder / "worker.log").open("w+b") as log,
    ):
        connection = this.connection(kafka.bootstrap)
        create(connection, wanted(this))
        command = worker_command(bootstrap=kafka.bootstrap, prefix=this.prefix, config=config, debug=this.debug)
        with Supervisor(
            command=command, workers=1, name="demo", environ=for_embedded_kafka(os.environ), output=log
        ) as supervisor:
            note("Starting a worker")
            try:
                return _push_and_wait(this, connection, articles, supervisor.check, seen)
            except ClaimwireError as exc:
                raise type(exc)(f"{exc}. The worker's last words: {_last_words(Path(log.name))}") from exc


def _push_and_wait(
    this: Call,
    connection: Connection,
    articles: Reading,
    check: Callable[[], None],
    seen: Callable[[EnrichedV1], None],
) -> _Results:
    from pipeline.streaming.kafka.reader import ArticleProducer
    from pipeline.streaming.operations.outcomes import OutcomeReader

    results = _Results()
    waiting = OutcomeReader(connection, prefix=this.prefix, threshold=this.settings.claims.threshold)
    with waiting.reader:
        with ArticleProducer(connection, prefix=this.prefix) as producer:
            for delivery in producer.push(articles):
                if delivery.error:
                    results.not_pushed += 1
                    note(f"not pushed: {delivery.record.name}: {delivery.error}", "red")
                else:
                    results.names[delivery.partition, delivery.offset] = delivery.record.name
        results.not_pushed += articles.counts.unreadable
        if not results.names:
            return results
        note(f"Pushed {len(results.names)} articles to {producer.topic}")
        for outcome in waiting.of(results.names, patience_s=_PATIENCE_S, check=check):
            _take(outcome, results, seen)
    return results


def _take(outcome: Outcome, results: _Results, seen: Callable[[EnrichedV1], None]) -> None:
    from pipeline.contract.events import ClaimV1, RejectedV1

    if isinstance(outcome, RejectedV1):
        results.rejected.append(outcome)
    elif isinstance(outcome, ClaimV1):
        results.claims.append(outcome)
    else:
        results.enriched.append(outcome)
        seen(outcome)


def _print_enriched(event: EnrichedV1) -> None:
    from pipeline.contract.codec import encode

    print_bytes(encode(event))


def _ignore(_event: EnrichedV1) -> None:
    """Shown at the end."""


def _show(results: _Results, most: int) -> None:
    by_article: dict[tuple[int, int], list[ClaimV1]] = {}
    for claim in results.claims:
        by_article.setdefault(_place(claim), []).append(claim)
    for where, name in results.names.items():
        if where in by_article:
            _show_claims(Path(name).name, by_article[where], most)
    if results.rejected:
        rejected = {_place(event): event for event in results.rejected}
        rows = [
            (Path(name).name, rejected[where].reason, rejected[where].error.message)
            for where, name in results.names.items()
            if where in rejected
        ]
        print_table(("article", "reason", "why"), rows, title="Rejected")


def _show_claims(name: str, claims: list[ClaimV1], most: int) -> None:
    """The claims of one article; of many the ones with the highest scores, in the order of the text."""
    best = sorted(claims, key=lambda claim: claim.score, reverse=True)[:most]
    rows = [
        (_speaker(claim), label(claim.label), f"{claim.score:.2f}", ", ".join(claim.types), claim.sentence.text)
        for claim in sorted(best, key=lambda claim: claim.sentence.index)
    ]
    title = f"{name}: {claims[0].article.title}" if claims[0].article.title else name
    print_table(("speaker", "label", "score", "types", "claim"), rows, title=title, widths=_WIDTHS)
    if len(claims) > most:
        note(f"and {len(claims) - most} more claims in {name}; --all shows them", "dim")


def _place(event: ClaimV1 | RejectedV1) -> tuple[int, int]:
    from pipeline.streaming.operations.outcomes import origin_of

    origin = origin_of(event)
    return origin.partition, origin.offset


def _speaker(claim: ClaimV1) -> str:
    return (claim.claimant.speaker or claim.claimant.text or "") if claim.claimant else ""


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return " | ".join(lines[-_LOG_LINES:]) or "none"


def _seeds() -> list[str]:
    """The shipped articles, in the order of seeds/expected.jsonl."""
    import orjson

    from pipeline.settings import shipped

    seeds = shipped("seeds")
    lines = (seeds / "expected.jsonl").read_bytes().splitlines()
    return list(dict.fromkeys(str(seeds / orjson.loads(line)["file"]) for line in lines if line.strip()))
