"""``claimwire enrich``: all stages in this process, without Kafka."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.events import describe, event_table
from pipeline.cli.output import CsvTable, note, plural, print_json, printable, results
from pipeline.cli.progress import progress
from pipeline.cli.reading import (
    AllowPrivateOption,
    AllowUrlsOption,
    ColumnsOption,
    PathsArgument,
    SourceOption,
    reading,
)
from pipeline.errors import RecordError, UsageError

if TYPE_CHECKING:
    from pipeline.stages.context import Context
    from pipeline.web.html_report import HtmlReport

HtmlOption = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="Write one page with highlighted articles and a table of claims.",
        show_default=False,
    ),
]
ClaimsOption = Annotated[bool, typer.Option("--claims", help="Print only the claims, one per line.")]
ChangesOption = Annotated[
    bool, typer.Option("--changes", help="Print only what each new version of an article changed, and in which claims.")
]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="Print each attribution with the pass that resolved its speaker.")
]


@with_context("config", "json", "csv")
def enrich(
    context: CommandContext,
    *,
    paths: PathsArgument,
    source: SourceOption = None,
    columns: ColumnsOption = None,
    allow_urls: AllowUrlsOption = False,
    allow_private: AllowPrivateOption = False,
    claims: ClaimsOption = False,
    changes: ChangesOption = False,
    html: HtmlOption = None,
    explain: ExplainOption = False,
) -> int:
    """Enrich articles without Kafka and print EnrichedV1 as JSON lines, only the claims, or a web page.

    With --claims, --json prints ClaimV1. With --changes, articles with the same id are versions of one article, in the
    order in which they are read, and --json prints RevisionV1. With --csv, one row for each article, claim or change.
    Exit code 1 if an article could not be read; each one is named on standard error.
    """
    from pipeline.local.enrich import enrich_records
    from pipeline.nlp.model import load_model
    from pipeline.sources import Meter
    from pipeline.stages.context import context_of

    if claims + changes + bool(html) + explain > 1:
        raise UsageError("--claims, --changes, --html and --explain are different outputs: choose one of them")
    if html and context.csv:
        raise UsageError("--html and --csv exclude each other")
    meter = Meter()
    records = reading(
        paths, source=source, columns=columns, allow_urls=allow_urls, allow_private=allow_private, meter=meter
    )
    settings = context.settings
    stages = context_of(load_model(), threshold=settings.claims.threshold)
    done, failed = 0, 0
    if claims:
        printed = _claims(context)
    elif changes:
        printed = _changes(context)
    else:
        printed = _explanations(context, stages) if explain else _enriched(context, html)
    with printed as emit, progress("enriched", meter) as show:
        for record, outcome in enrich_records(
            records, stages, batch=settings.worker.batch, max_chars=settings.articles.max_chars
        ):
            if isinstance(outcome, Exception):
                failed += 1
                note(f"not enriched: {record.name}: {_why(outcome)}", "red")
            else:
                emit(outcome)
                done += 1
            show(done)
    counts = records.counts
    if counts.skipped:
        note(f"enriched {done:,}, {failed + counts.unreadable:,} failed, {counts.skipped.total():,} skipped")
    return 1 if failed or counts.unreadable else 0


@contextmanager
def _enriched(context: CommandContext, html: Path | None) -> Iterator[Callable[[Any], None]]:
    """Return what takes the ``EnrichedV1`` events and prints them, or writes a page."""
    if html is None:
        yield _printer(context, "enriched")
        return
    with page_of(html, threshold=context.settings.claims.threshold) as report:
        yield report.add


@contextmanager
def _claims(context: CommandContext) -> Iterator[Callable[[Any], None]]:
    """Return what takes the events and prints their claims."""
    from pipeline.stages.classify_claims import claims_of

    emit, threshold = _printer(context, "claims"), context.settings.claims.threshold

    def emit_claims(event: Any) -> None:  # noqa: ANN401  (EnrichedV1, which is imported late)
        for claim in claims_of(event, threshold=threshold):
            emit(claim)

    yield emit_claims


@contextmanager
def _changes(context: CommandContext) -> Iterator[Callable[[Any], None]]:
    """Return what takes the events and prints what each version of an article changed in the one before it."""
    from pipeline.memory.store import VersionStore
    from pipeline.memory.versions import link
    from pipeline.stages.classify_claims import claims_of

    emit, threshold = _printer(context, "revisions"), context.settings.claims.threshold
    with VersionStore() as store:

        def emit_changes(event: Any) -> None:  # noqa: ANN401  (EnrichedV1, which is imported late)
            article = event.article.id
            linked = link(store.get(article), event, claims_of(event, threshold=threshold))
            if linked is None:
                note(f"left out: an older version of {printable(article)} than one that came before it", "yellow")
                return
            store.put(article, linked.known)
            if linked.revision:
                emit(linked.revision)

        yield emit_changes


@contextmanager
def _explanations(context: CommandContext, stages: Context) -> Iterator[Callable[[Any], None]]:
    """Return what takes the events and prints how the speaker of each attribution was found."""
    from pipeline.stages.explain import explain

    emit = _printer(context, "explanations")

    def emit_explanations(event: Any) -> None:  # noqa: ANN401  (EnrichedV1, which is imported late)
        for explanation in explain(event, stages):
            emit(explanation)

    yield emit_explanations


def _printer(context: CommandContext, topic: str) -> Callable[[Any], None]:
    """Return what prints one event or explanation: as a CSV row, as JSON, or as lines for people."""
    if context.csv:
        table = event_table(topic)
        rows = CsvTable(table.columns)
        return lambda event: rows.add(table.cells(_dictionary(event)))
    if context.json or topic == "enriched":
        return lambda event: print_json(_dictionary(event))
    console = results()
    return lambda event: console.print(describe(topic, _dictionary(event)), soft_wrap=True)


def _dictionary(event: Any) -> dict[str, Any]:  # noqa: ANN401  (a model, or a NamedTuple)
    found: dict[str, Any] = event._asdict() if hasattr(event, "_asdict") else event.model_dump()
    return found


@contextmanager
def page_of(html: Path, *, threshold: float) -> Iterator[HtmlReport]:
    """Return a page that is written at the end of the block or on Ctrl-C, and say what is on it."""
    from pipeline.web.html_report import HtmlReport

    report = HtmlReport(html, threshold=threshold)
    try:
        with report:
            yield report
    finally:
        if report.is_written:
            note(f"{html}: {plural(report.claims, 'claim')} in {plural(report.articles, 'article')}")


def _why(error: Exception) -> str:
    if isinstance(error, RecordError):
        return f"{error.reason}: {error}" + (f" ({error.where})" if error.where else "")
    return f"failed: {type(error).__name__}: {error}"
