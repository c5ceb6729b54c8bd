"""Make the rejected record of a record that a stage could not process."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pipeline.contract.bytes_in_json import as_text
from pipeline.contract.codec import encode
from pipeline.contract.events import Bytes, ErrorInfo, Header, Origin, Pipeline, RejectedV1
from pipeline.contract.headers import cloud_event_headers
from pipeline.contract.ids import text_hash
from pipeline.errors import RecordError
from pipeline.labels import REASONS, Reason
from pipeline.streaming.kafka.record_batches import KEPT_BYTES, MAX_HEADERS
from pipeline.streaming.kafka.records import InRecord, OutRecord, Rejection

MAX_MESSAGE_CHARS = 1000  # an exception may quote the whole article, a place in a record may be a name as long as it


@dataclass(frozen=True)
class RejectedRecords:
    """Makes the rejected records of one stage; ``max_bytes`` is the largest record that the topic takes."""

    topic: str
    stage: str
    worker: str
    pipeline: Pipeline
    max_bytes: int

    def record(
        self, source: InRecord, error: Exception, *, origin: Origin | None, attempts: int, now: datetime | None = None
    ) -> OutRecord:
        """Return the rejected record. Where the whole record does not fit, its value is cut to its first bytes.

        Where that does not fit either, the value is left out, then its headers and key are.
        """
        now = now or datetime.now(timezone.utc)
        whole = source.cut is None and len(source.headers) <= MAX_HEADERS
        event = RejectedV1(
            stage=self.stage,
            reason=_reason(error),
            error=_error_info(error),
            record=origin_of(source),
            origin=origin,
            key=as_text(source.key),
            value=as_text(source.value),
            truncated=not whole,
            headers=_headers(source) if whole else [],
            attempts=attempts,
            rejected_at=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            worker=self.worker,
            pipeline=self.pipeline,
        )
        record = self._record(event, source, key=source.key)
        cuts: list[dict[str, Any]] = [
            {"value": _first_bytes(source)},
            {"value": None},
            {"value": None, "headers": [], "key": None},
        ]
        for cut in cuts:
            if record.size() <= self.max_bytes:
                break
            key = source.key if "key" not in cut else None
            record = self._record(event.model_copy(update={**cut, "truncated": True}), source, key=key)
        return record._replace(rejection=Rejection(event.reason, _cause(error)))

    def _record(self, event: RejectedV1, source: InRecord, *, key: bytes | None) -> OutRecord:
        where = f"{source.topic}/{source.partition}/{source.offset}"
        headers = cloud_event_headers(
            RejectedV1, event_id=text_hash(self.stage, where), source=self.stage, time_ms=source.timestamp_ms
        )
        return OutRecord(self.topic, None, None, key, encode(event), headers)


def origin_of(record: InRecord) -> Origin:
    """Return the place of a record."""
    return Origin(topic=record.topic, partition=record.partition, offset=record.offset, timestamp=record.timestamp_ms)


def printable(name: str) -> str:
    r"""Return a header's name with its undecodable bytes, which were read as lone surrogates, as ``\xff``."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _headers(source: InRecord) -> list[Header]:
    return [Header(key=printable(name), value=as_text(value)) for name, value in source.headers]


def _first_bytes(source: InRecord) -> Bytes | None:
    return as_text(None if source.value is None else source.value[:KEPT_BYTES])


def _reason(error: Exception) -> Reason:
    if isinstance(error, RecordError) and error.reason in REASONS:
        return error.reason
    return "failed"


def _error_info(error: Exception) -> ErrorInfo:
    where = error.where if isinstance(error, RecordError) else None
    return ErrorInfo(
        type=type(error).__name__,
        message=_shown(str(error) or repr(error)),
        where=None if where is None else _shown(where),
    )


def _cause(error: Exception) -> str:
    """Return what logs may say: not the message of an exception, which may quote an article."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def _shown(words: str) -> str:
    if len(words) > MAX_MESSAGE_CHARS:
        words = f"{words[:MAX_MESSAGE_CHARS]} ... ({len(words):,} characters in all)"
    return words.encode(errors="backslashreplace").decode()  # a lone surrogate in it would not encode
