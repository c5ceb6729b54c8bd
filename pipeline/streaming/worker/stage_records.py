"""Records of one batch in; for each of them, in order, the records to send. No Kafka client, no clock but the rejected.

Every record ends in exactly one state: its events, or one rejected record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from pipeline.contract import codec
from pipeline.contract.events import ArticleV1, ClaimV1, Origin, SentencesV1
from pipeline.contract.headers import Headers, cloud_event_headers
from pipeline.errors import RecordError
from pipeline.stages.context import Context
from pipeline.stages.split_sentences import Arrival
from pipeline.streaming.kafka.records import InRecord, OutRecord, Rejection
from pipeline.streaming.worker.counted import counts_of
from pipeline.streaming.worker.header_names import is_utf8, printable
from pipeline.streaming.worker.rejected_record import RejectedRecords, origin_of
from pipeline.streaming.worker.rejection_rate import speaks_against
from pipeline.topology import TOPICS, Stage


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

    def __call__(self, records: Sequence[InRecord]) -> list[list[OutRecord]]:
        """For each record what is to be sent for it."""
        events = [self._decode(record) for record in records]
        good = [event for event in events if not isinstance(event, Exception)]
        results = iter(self._run(good))
        return [
            [self.reject(record, event, attempts=1)]
            if isinstance(event, Exception)
            else self._outputs(record, event, *next(results))
            for record, event in zip(records, events, strict=True)
        ]

    def _decode(self, record: InRecord) -> Any:  # noqa: ANN401  (Arrival, an event, or the error)
        headers = dict(record.headers)
        try:
            _refuse_names(headers)
            if self.stage.reads is ArticleV1:
                article = codec.decode_article(record.value, key=record.key, headers=headers, max_chars=self.max_chars)
                return Arrival(article, origin_of(record))
            return codec.decode(self.stage.reads, record.value, headers=headers)
        except Exception as exc:  # noqa: BLE001  (whatever a record does to a library, the others go on)
            return exc

    def _run(self, events: list[Any]) -> list[tuple[list[BaseModel] | Exception, int]]:
        """For each event its outputs or its error, and how often it was tried: a batch that fails goes one by one."""
        if not events:
            return []
        try:
            return [(outputs, 1) for outputs in self._stage_outputs(events)]
        except Exception as exc:  # noqa: BLE001  (any event of the batch may have caused anything)
            if len(events) == 1:
                return [(exc, 1)]
        return [(outcome, attempts + 1) for event in events for outcome, attempts in self._run([event])]

    def _stage_outputs(self, events: list[Any]) -> list[list[BaseModel]]:
        outputs = self.stage.run(events, self.context)
        if len(outputs) != len(events) or not all(outputs):  # an article would be lost, or get its neighbour's outputs
            filled = sum(map(bool, outputs))
            raise ValueError(f"stage {self.stage.name} answered {filled:,} of {len(events):,} events")
        return outputs

    def _outputs(
        self,
        record: InRecord,
        event: Any,  # noqa: ANN401
        outcome: list[BaseModel] | Exception,
        attempts: int,
    ) -> list[OutRecord]:
        origin = event.origin
        if isinstance(outcome, Exception):
            return [self.reject(record, outcome, attempts=attempts, origin=origin)]
        try:
            sent = [self._send(record, output) for output in outcome]
        except Exception as exc:  # noqa: BLE001  (an event that cannot be encoded is a record that cannot be taken)
            return [self.reject(record, exc, attempts=attempts, origin=origin)]
        largest = max((out.size() for out in sent), default=0)
        if largest > self.max_bytes:
            message = (
                f"an output would have {largest:,} bytes and the topics take {self.max_bytes:,} (max.message.bytes)"
            )
            return [self.reject(record, RecordError("too-large", message), attempts=attempts, origin=origin)]
        return sent

    def _send(self, record: InRecord, event: BaseModel) -> OutRecord:
        """An output goes to the partition that its article came from: the order of the articles holds to the end."""
        if not isinstance(event, SentencesV1 | ClaimV1):
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
            counts=counts_of(event, stage=self.stage.name),
        )

    def reject(self, record: InRecord, error: Exception, *, attempts: int, origin: Origin | None = None) -> OutRecord:
        """The rejected record of one that cannot be taken."""
        return self.rejected.record(record, error, origin=origin or self._origin(record), attempts=attempts)

    def _origin(self, record: InRecord) -> Origin | None:
        """Where the article is; None of a record that no stage has written."""
        if self.stage.reads is ArticleV1:
            return origin_of(record)
        event = self._decode(record)
        return None if isinstance(event, Exception) else event.origin

    def speaks_against(self, rejection: Rejection) -> bool:
        """Whether a record was rejected for what may be the stage's own fault."""
        return speaks_against(self.stage, rejection.reason)


def _refuse_names(names: Iterable[str]) -> None:
    for name in names:
        if not is_utf8(name):
            raise RecordError(
                "bad-encoding", f"the header's name {printable(name)} is not UTF-8; send UTF-8", where="headers"
            )


def _carried(headers: Headers) -> Headers:
    """kafka-python sends no header without a value: it becomes an empty one."""
    return [(name, value or b"") for name, value in headers]
