"""``claimwire enrich``: all stages in this process, without Kafka."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pipeline.cli.events import describe, describe_explanation
from pipeline.cli.options import ConfigFile, Debug, Json, call
from pipeline.cli.output import note, print_bytes, print_json, results
from pipeline.cli.progress import progress
from pipeline.cli.reading import AllowUrls, Columns, Paths, Source, reading
from pipeline.errors import RecordError, UsageError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pipeline.sources import SourceRecord
    from pipeline.stages.context import Context
    from pipeline.stages.split_sentences import Arrival
    from pipeline.web.report import Report

T = TypeVar("T")

Html = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="Write one page with highlights and a table of claims, instead of JSON.",
        show_default=False,
    ),
]


Claims = Annotated[bool, typer.Option("--claims", help="Only the claims, a line for each; with --json as ClaimV1.")]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Show who is quoted and how each speaker was found; with --json a line for each."),
]


def enrich(
    paths: Paths,
    source: Source = None,
    columns: Columns = None,
    allow_urls: AllowUrls = False,
    claims: Claims = False,
    html: Html = None,
    explain: Explain = False,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Enrich articles without Kafka: EnrichedV1 as JSON lines on standard output, the claims alone, or a page.

    Exit code 1 if any article could not be read; each one is named on standard error, the others come out.
    """
    from pipeline.nlp.model import load_model
    from pipeline.sources import Meter
    from pipeline.stages.context import context_of

    this = call(config=config, debug=debug)
    meter = Meter()
    records = reading(paths, source=source, columns=columns, allow_urls=allow_urls, meter=meter)
    threshold = this.settings.claims.threshold
    context = context_of(load_model(), threshold=threshold)
    done, failed = 0, 0
    if claims + bool(html) + explain > 1:
        raise UsageError("--claims, --html and --explain are different outputs: choose one of them")
    if explain:
        put_on = _explanations(context, json=json)
    else:
        put_on = _claims(threshold, json=json) if claims else _output(html, threshold=threshold)
    with put_on as put, progress("enriched", meter) as show:
        for batch in _batches(records, this.settings.worker.batch):
            for record, outcome in _enrich_batch(batch, context, this.settings.articles.max_chars):
                if isinstance(outcome, Exception):
                    failed += 1
                    note(f"not enriched: {record.name}: {_why(outcome)}", "red")
                else:
                    put(outcome)
                    done += 1
                show(done)
    counts = records.counts
    if counts.skipped:
        note(f"enriched {done:,}, {failed + counts.unreadable:,} failed, {counts.skipped.total():,} skipped")
    return 1 if failed or counts.unreadable else 0


@contextmanager
def _output(html: Path | None, *, threshold: float) -> Iterator[Callable[[Any], None]]:
    """What takes the events: JSON lines, or the page that is written at the end."""
    from pipeline.contract.codec import encode

    if html is None:
        yield lambda event: print_bytes(encode(event))
        return
    with page_of(html, threshold=threshold) as report:
        yield report.add


@contextmanager
def _claims(threshold: float, *, json: bool) -> Iterator[Callable[[Any], None]]:
    """What takes the events and prints the claims that they tell of."""
    from pipeline.contract.codec import encode
    from pipeline.stages.classify_claims import claims_of

    console = results()

    def put(event: Any) -> None:  # noqa: ANN401  (EnrichedV1, which is imported late)
        for claim in claims_of(event, threshold=threshold):
            if json:
                print_bytes(encode(claim))
            else:
                console.print(describe("claims", claim.model_dump()), soft_wrap=True)

    yield put


@contextmanager
def _explanations(context: Context, *, json: bool) -> Iterator[Callable[[Any], None]]:
    """What takes the events and prints how the speaker of each attribution was found."""
    from pipeline.stages.explain import explain

    console = results()

    def put(event: Any) -> None:  # noqa: ANN401  (EnrichedV1, which is imported late)
        for explanation in explain(event, context):
            if json:
                print_json(explanation._asdict())
            else:
                console.print(describe_explanation(explanation._asdict()), soft_wrap=True)

    yield put


@contextmanager
def page_of(html: Path, *, threshold: float) -> Iterator[Report]:
    """The page, written at the end of the block or on Ctrl-C, and what is in it said."""
    from pipeline.web.report import Report

    report = Report(html, threshold=threshold)
    try:
        with report:
            yield report
    finally:
        if report.is_written:
            note(f"{html}: {report.claims:,} claims in {report.articles:,} articles")


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _enrich_batch(
    records: Sequence[SourceRecord], context: Context, max_chars: int
) -> list[tuple[SourceRecord, BaseModel | Exception]]:
    """For each record its ``EnrichedV1``, or what is wrong with it."""
    arrivals = [_arrival(record, max_chars) for record in records]
    good = [arrival for arrival in arrivals if not isinstance(arrival, RecordError)]
    enriched = iter(_enrich(good, context))
    return [
        (record, arrival if isinstance(arrival, RecordError) else next(enriched))
        for record, arrival in zip(records, arrivals, strict=True)
    ]


def _arrival(record: SourceRecord, max_chars: int) -> Arrival | RecordError:
    from pipeline.contract.codec import decode_article
    from pipeline.contract.events import Origin
    from pipeline.stages.split_sentences import Arrival

    try:
        article = decode_article(record.value, key=record.key, max_chars=max_chars)
    except RecordError as exc:
        return exc
    # Without Kafka an article comes from a place in a file.
    origin = Origin(topic=record.path, partition=0, offset=record.number, timestamp=record.modified_ms)
    return Arrival(article, origin)


def _enrich(arrivals: list[Arrival], context: Context) -> list[BaseModel | Exception]:
    """All at once; where that fails, one by one."""
    from pipeline.topology import enrich

    try:
        return [outputs[0] for outputs in enrich(arrivals, context)]
    except Exception as exc:  # noqa: BLE001  (whatever an article does to a library, the others come out)
        if len(arrivals) == 1:
            return [exc]
    return [outcome for arrival in arrivals for outcome in _enrich([arrival], context)]


def _why(error: Exception) -> str:
    if isinstance(error, RecordError):
        return f"{error.reason}: {error}" + (f" ({error.where})" if error.where else "")
    return f"failed: {type(error).__name__}: {error}"
