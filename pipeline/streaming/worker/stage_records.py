"""Turn the records of one batch into the records to send. No Kafka client; a clock for embargoes and rejections only.

Every record ends in exactly one state: its events, or one rejected record.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from pydantic import BaseModel

from pipeline.contract import codec
from pipeline.contract.events import ArticleV1, Origin, SentencesV1
from pipeline.contract.headers import Headers, cloud_event_headers
from pipeline.contract.withdrawal import publishable
from pipeline.errors import RecordError
from pipeline.stages.context import Context
from pipeline.stages.split_sentences import Arrival
from pipeline.streaming.kafka.record_batches import MAX_HEADERS
from pipeline.streaming.kafka.records import InRecord, OutRecord, Rejection
from pipeline.streaming.worker.rejected_record import RejectedRecords, origin_of, printable
from pipeline.streaming.worker.rejection_rate import is_stage_fault
from pipeline.topology import TOPICS, Stage

_SEND_LESS = "send the article without what is large in it, or in parts"

StageInput = Arrival | SentencesV1  # a later stage's event is a subclass of SentencesV1


class Decoded(NamedTuple):
    """A record with its event or the error of decoding it; ``origin`` is the place of its article, if known."""

    record: InRecord
    event: StageInput | None
    error: Exception | None
    origin: Origin | None


class Processed(NamedTuple):
    """What a stage made of an event: its outputs, or the error of the last of ``attempts``."""

    outputs: list[BaseModel]
    error: Exception | None
    attempts: int


@dataclass(frozen=True)
class BatchFunction:
    """One stage as a function over records.

    ``max_chars`` is the longest text that is taken, ``max_bytes`` the largest record that every output topic takes.
    """

    stage: Stage
    context: Context
    rejected: RejectedRecords
    prefix: str
    max_chars: int
    max_bytes: int
    clock: Callable[[], float] = time.time  # seconds since 1970

    def __call__(self, records: Sequence[InRecord]) -> list[list[OutRecord]]:
        """Return for each record, in order, what is to be sent for it."""
        decoded = [self._decode(record) for record in records]
        processed = iter(self._run([found.event for found in decoded if found.event is not None]))
        return [
            [self._reject(found, found.error, attempts=1)]
            if found.error is not None
            else self._outputs(found, next(processed))
            for found in decoded
        ]

    def _decode(self, record: InRecord) -> Decoded:
        origin = origin_of(record) if self.stage.reads is ArticleV1 else None
        headers = dict(record.headers)
        try:
            self._refuse_size(record)
            _refuse_names(headers)
            if origin is not None:
                article = codec.decode_article(record.value, key=record.key, headers=headers, max_chars=self.max_chars)
                article = publishable(article, now_ms=self.clock() * 1000)
                return Decoded(record, Arrival(article, origin), None, origin)
            event = cast("SentencesV1", codec.decode(self.stage.reads, record.value, headers=headers))
        except Exception as exc:  # noqa: BLE001  (whatever a record does to a library, the others go on)
            return Decoded(record, None, exc, origin)
        return Decoded(record, event, None, event.origin)

    def _refuse_size(self, record: InRecord) -> None:
        """Refuse what no output could hold, before it is read: its events would take many times its memory."""
        if record.cut is not None:
            raise RecordError("too-large", f"{record.cut}; {_SEND_LESS}")
        if len(record.headers) > MAX_HEADERS:
            raise RecordError(
                "too-large", f"the record has {len(record.headers):,} headers, and at most {MAX_HEADERS:,} are read"
            )
        if record.size() > self.max_bytes:
            raise RecordError(
                "too-large",
                f"the record has {record.size():,} bytes unpacked, and the topics take {self.max_bytes:,}"
                f" (max.message.bytes); {_SEND_LESS}",
            )

    def _run(self, events: list[StageInput]) -> list[Processed]:
        """Return for each event its outputs or its error: the events of a batch that fails are tried one by one."""
        if not events:
            return []
        try:
            return [Processed(outputs, None, 1) for outputs in self._stage_outputs(events)]
        except Exception as exc:  # noqa: BLE001  (any event of the batch may have caused anything)
            if len(events) == 1:
                return [Processed([], exc, 1)]
        alone = [processed for event in events for processed in self._run([event])]
        return [processed._replace(attempts=processed.attempts + 1) for processed in alone]

    def _stage_outputs(self, events: list[StageInput]) -> list[list[BaseModel]]:
        outputs = self.stage.run(events, self.context)
        if len(outputs) != len(events) or not all(outputs):  # an article would be lost, or get its neighbour's outputs
            filled = sum(map(bool, outputs))
            raise ValueError(f"stage {self.stage.name} answered {filled:,} of {len(events):,} events")
        return outputs

    def _outputs(self, decoded: Decoded, processed: Processed) -> list[OutRecord]:
        _, error, attempts = processed
        if error is not None:
            return [self._reject(decoded, error, attempts=attempts)]
        try:
            sent = [self._send(decoded.record, event) for event in processed.outputs]
        except Exception as exc:  # noqa: BLE001  (a record whose outputs cannot be encoded is rejected)
            return [self._reject(decoded, exc, attempts=attempts)]
        largest = max((out.size() for out in sent), default=0)
        if largest > self.max_bytes:
            message = (
                f"an output would have {largest:,} bytes and the topics take {self.max_bytes:,} (max.message.bytes)"
            )
            return [self._reject(decoded, RecordError("too-large", message), attempts=attempts)]
        return sent

    def _send(self, record: InRecord, event: Any) -> OutRecord:  # noqa: ANN401  (one of those that the stage writes)
        """Return the record of an output. It keeps its article's partition, and so the order of the articles."""
        if type(event) not in self.stage.writes:
            raise TypeError(f"{type(event).__name__} is no output of a stage")
        return OutRecord(
            topic=self.prefix + TOPICS[type(event)],
            partition=record.partition,
            timestamp_ms=record.timestamp_ms if record.timestamp_ms >= 0 else None,
            key=event.article.id.encode(),
            value=codec.encode(event),
            headers=cloud_event_headers(
                type(event),
                event_id=event.id,
                source=self.stage.name,
                time_ms=record.timestamp_ms,
                carried=_carried(record.headers),
            ),
            counts=self.stage.counts(event),
        )

    def reject(self, record: InRecord, error: Exception, *, attempts: int) -> OutRecord:
        """Return the rejected record of one that cannot be processed."""
        return self._reject(self._decode(record), error, attempts=attempts)

    def _reject(self, decoded: Decoded, error: Exception, *, attempts: int) -> OutRecord:
        return self.rejected.record(decoded.record, error, origin=decoded.origin, attempts=attempts)

    def is_stage_fault(self, rejection: Rejection) -> bool:
        """Return whether the stage itself may have failed."""
        return is_stage_fault(self.stage, rejection.reason)


def _refuse_names(names: Iterable[str]) -> None:
    """Refuse what Kafka's protocol does not allow and brokers do not check."""
    for name in names:
        try:
            name.encode()
        except UnicodeEncodeError as exc:
            raise RecordError(
                "bad-encoding", f"the header's name {printable(name)} is not UTF-8; send UTF-8", where="headers"
            ) from exc


def _carried(headers: Headers) -> Headers:
    """kafka-python sends no header without a value: it becomes an empty one."""
    return [(name, value or b"") for name, value in headers]
