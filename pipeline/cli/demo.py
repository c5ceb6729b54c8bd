"""``claimwire demo``: everything at once, on a Kafka of its own that leaves nothing behind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.children import for_embedded_kafka, worker_command
from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.events import CLAIM_COLUMNS, claim_cells
from pipeline.cli.output import label, note, plural, print_bytes
from pipeline.cli.reading import reading
from pipeline.cli.signals import sigterm_interrupts
from pipeline.cli.topics import wanted_topics
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.contract.events import ClaimV1, EnrichedV1
    from pipeline.local.demo import DemoPlan, DemoResults

_SHOWN_CLAIMS = 12  # of one article
_WIDTHS = {"speaker": 22, "label": 5, "score": 5, "types": 18}

PathsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH...", help="Your own articles.", show_default="the shipped ones"),
]
AllOption = Annotated[
    bool, typer.Option("--all", help=f"Show every claim, not only the {_SHOWN_CLAIMS} best of each article.")
]


@with_context("config", "json", "csv")
def demo(context: CommandContext, *, paths: PathsArgument = None, everything: AllOption = False) -> int:
    """Start a Kafka, push articles, run a worker, show the claims and stop everything.

    With --json, print EnrichedV1 as JSON lines; with --csv, all claims.
    """
    from pipeline.local.demo import run_demo

    began = time.monotonic()
    with sigterm_interrupts():
        results = run_demo(reading(paths or _seeds()), _plan(context))
    if not results.names:
        raise UsageError("these paths hold no article")
    if context.csv:
        rows = [claim_cells(claim.model_dump()) for claims in results.claims_by_article().values() for claim in claims]
        context.table(CLAIM_COLUMNS, rows)
    elif not context.json:
        _show(context, results, sys.maxsize if everything else _SHOWN_CLAIMS)
    note(
        f"{plural(len(results.names), 'article')}: {len(results.enriched)} enriched with"
        f" {plural(len(results.claims), 'claim')}, {len(results.rejected)} rejected,"
        f" in {time.monotonic() - began:.0f} s"
    )
    return 1 if results.not_pushed else 0


def _plan(context: CommandContext) -> DemoPlan:
    from pipeline.contract.codec import encode
    from pipeline.local.demo import DemoPlan

    def command(bootstrap: str) -> Sequence[str]:
        return worker_command(bootstrap=bootstrap, prefix=context.prefix, config=context.config, debug=context.debug)

    def print_enriched(event: EnrichedV1) -> None:
        if context.json:
            print_bytes(encode(event))

    return DemoPlan(
        topics=wanted_topics(context),
        prefix=context.prefix,
        threshold=context.settings.claims.threshold,
        connect=context.connection,
        command=command,
        environ=for_embedded_kafka(os.environ),
        broker_environ=os.environ,
        on_enriched=print_enriched,
        on_note=note,
    )


def _show(context: CommandContext, results: DemoResults, limit: int) -> None:
    for name, claims in results.claims_by_article().items():
        _show_claims(context, Path(name).name, claims, limit)
    rows = [
        (Path(name).name, event.reason, event.error.message) for name, event in results.rejected_by_article().items()
    ]
    if rows:
        context.table(("article", "reason", "why"), rows, title="Rejected")


def _show_claims(context: CommandContext, name: str, claims: list[ClaimV1], limit: int) -> None:
    """Show the claims of one article; of many the ones with the highest scores, in the order of the text."""
    best = sorted(claims, key=lambda claim: claim.score, reverse=True)[:limit]
    rows = [
        (_speaker(claim), label(claim.label), f"{claim.score:.2f}", ", ".join(claim.types), claim.sentence.text)
        for claim in sorted(best, key=lambda claim: claim.sentence.index)
    ]
    title = f"{name}: {claims[0].article.title}" if claims[0].article.title else name
    context.table(("speaker", "label", "score", "types", "claim"), rows, title=title, widths=_WIDTHS)
    if len(claims) > limit:
        note(f"and {plural(len(claims) - limit, 'more claim')} in {name}; --all shows them", "dim")


def _speaker(claim: ClaimV1) -> str:
    return (claim.claimant.speaker or claim.claimant.text or "") if claim.claimant else ""


def _seeds() -> list[str]:
    """Return the shipped articles, in the order of seeds/expected.jsonl."""
    import orjson

    from pipeline.settings import shipped

    seeds = shipped("seeds")
    lines = (seeds / "expected.jsonl").read_bytes().splitlines()
    return list(dict.fromkeys(str(seeds / orjson.loads(line)["file"]) for line in lines if line.strip()))
