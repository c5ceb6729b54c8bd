"""Records of sources in, what the whole chain makes of each out, in this process and without Kafka."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pydantic import BaseModel

from pipeline.contract.codec import decode_article
from pipeline.contract.events import Origin
from pipeline.errors import RecordError
from pipeline.sources import SourceRecord
from pipeline.stages.context import Context
from pipeline.stages.split_sentences import Arrival
from pipeline.topology import enrich_arrivals


def enrich_records(
    records: Iterable[SourceRecord], context: Context, *, batch: int, max_chars: int
) -> Iterator[tuple[SourceRecord, BaseModel | Exception]]:
    """Yield each record with its ``EnrichedV1``, or with the error that it met; the others are not affected."""
    iterator = iter(records)
    while chunk := list(islice(iterator, batch)):
        yield from _enrich_batch(chunk, context, max_chars)


def _enrich_batch(
    records: Sequence[SourceRecord], context: Context, max_chars: int
) -> Iterator[tuple[SourceRecord, BaseModel | Exception]]:
    arrivals = [_arrival(record, max_chars) for record in records]
    enriched = iter(_enrich([arrival for arrival in arrivals if not isinstance(arrival, RecordError)], context))
    for record, arrival in zip(records, arrivals, strict=True):
        yield record, arrival if isinstance(arrival, RecordError) else next(enriched)


def _arrival(record: SourceRecord, max_chars: int) -> Arrival | RecordError:
    try:
        article = decode_article(record.value, key=record.key, max_chars=max_chars)
    except RecordError as exc:
        return exc
    # Without Kafka an article comes from a place in a file.
    origin = Origin(topic=record.path, partition=0, offset=record.number, timestamp=record.modified_ms)
    return Arrival(article, origin)


def _enrich(arrivals: list[Arrival], context: Context) -> list[BaseModel | Exception]:
    """Enrich all at once; where that fails, one by one."""
    try:
        return [outputs[0] for outputs in enrich_arrivals(arrivals, context)]
    except Exception as exc:  # noqa: BLE001  (whatever an article does to a library, the others come out)
        if len(arrivals) == 1:
            return [exc]
    return [outcome for arrival in arrivals for outcome in _enrich([arrival], context)]
