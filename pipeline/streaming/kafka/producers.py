"""Send records: ``IdempotentProducer`` pushes articles, ``AtomicProducer`` writes the transactions of a tool.

    with IdempotentProducer(connection) as producer:
        for delivery in producer.push(records):
            ...

A tool has one transactional id for good. Whoever opens it first ends what a killed predecessor left open, and shuts
out one that still runs (KIP-98): what is then read of the tool's earlier work is all there is of it, and it can go on
from there without a consumer group. A transaction's records must therefore say what they have done.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from kafka import KafkaProducer
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    ProducerFencedError,
    RecordListTooLargeError,
)

from pipeline.chunks import chunks
from pipeline.closing import Closing
from pipeline.contract.events import ArticleV1
from pipeline.errors import ClaimwireError
from pipeline.streaming.kafka.clients import (
    DELIVERY_TIMEOUT_MS,
    close_producer,
    kafka_errors_as_usage_errors,
    open_producer,
)
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.records import OutRecord
from pipeline.streaming.kafka.topics import existing
from pipeline.topology import TOPICS

if TYPE_CHECKING:
    from kafka.producer.future import FutureRecordMetadata

MAX_RECORDS = 200  # of one transaction
MAX_BYTES = 4_000_000

_TRANSACTION_MS = 30_000
_NO_LIMIT = 2**31 - 1
_CONFIRM_TIMEOUT_S = 25.0  # kafka-python 3.0.12 keeps some of what has expired
_PENDING_RECORDS = 1_000
_PENDING_BYTES = 32 * 1024 * 1024


class Pushable(Protocol):
    """What can be pushed."""

    @property
    def key(self) -> bytes:
        """Decides the partition."""

    @property
    def value(self) -> bytes:
        """The article."""


P = TypeVar("P", bound=Pushable)


@dataclass(frozen=True)
class Delivery(Generic[P]):
    """What became of a pushed record: where it is, or why it is nowhere that is known of."""

    record: P
    partition: int = -1
    offset: int = -1
    error: str | None = None


class IdempotentProducer(Closing):
    """Pushes articles: idempotent, and confirmed by all replicas that are in sync."""

    def __init__(self, connection: Connection, *, prefix: str = "") -> None:
        """Connect.

        Raises:
            UsageError: no broker answers, or the topic is missing.
        """
        topic = existing(connection, prefix + TOPICS[ArticleV1])
        self.topic = topic.name
        with kafka_errors_as_usage_errors(connection):
            self._producer = open_producer(connection, linger_ms=10, max_request_size=topic.max_record_bytes)

    def close(self) -> None:
        """Disconnect. What could be confirmed is confirmed already, the rest was given back as such."""
        close_producer(self._producer)

    def push(self, records: Iterable[P]) -> Iterator[Delivery[P]]:
        """Send the records and give back, in their order, what became of each one.

        A bounded number is on the way at any time. Once the broker does not answer any more, the rest is not sent.
        """
        pending: deque[tuple[P, Any]] = deque()
        size, lost = 0, False
        for record in records:
            if lost:
                yield Delivery(record, error="not sent, the broker does not answer any more")
                continue
            pending.append((record, self._send(record)))
            size += len(record.value)
            while pending and (
                lost or pending[0][1].is_done or len(pending) > _PENDING_RECORDS or size > _PENDING_BYTES
            ):
                delivery = _confirm(*pending.popleft(), timeout_s=0 if lost else _CONFIRM_TIMEOUT_S)
                lost |= delivery.error == _NO_ANSWER
                size -= len(delivery.record.value)
                yield delivery
        while pending:
            delivery = _confirm(*pending.popleft(), timeout_s=0 if lost else _CONFIRM_TIMEOUT_S)
            lost |= delivery.error == _NO_ANSWER
            yield delivery

    def _send(self, record: P) -> FutureRecordMetadata:
        try:
            return self._producer.send(self.topic, value=record.value, key=record.key)
        except KafkaError as exc:
            return _Failed(exc)


_NO_ANSWER = "not confirmed, the broker does not answer any more"


@dataclass(frozen=True)
class _Failed:
    """Like kafka-python's future, of a record that could not even be sent."""

    error: KafkaError
    is_done: bool = True

    def get(self, *, timeout: float) -> Any:  # noqa: ARG002, ANN401
        raise self.error


def _confirm(record: P, future: FutureRecordMetadata, *, timeout_s: float) -> Delivery[P]:
    try:
        place = future.get(timeout=timeout_s)
    except KafkaTimeoutError:
        return Delivery(record, error=_NO_ANSWER)
    except KafkaError as exc:
        return Delivery(record, error=str(exc))
    return Delivery(record, place.partition, place.offset)


RecordGroup = Sequence[OutRecord]  # records that are written together or not at all


class TooLargeError(ClaimwireError):
    """A record that its topic will never take."""


class AtomicProducer(Closing):
    """The producer of one tool, open within a ``with`` block."""

    def __init__(self, connection: Connection, *, transactional_id: str) -> None:
        """Connect, and end what a predecessor left open. How large a record may be the broker says.

        Raises:
            UsageError: no broker answers.
        """
        self._connection, self._id = connection, transactional_id
        self._producer = self._open()

    def _open(self) -> KafkaProducer:
        with kafka_errors_as_usage_errors(self._connection):
            producer = open_producer(
                self._connection,
                transactional_id=self._id,
                transaction_timeout_ms=_TRANSACTION_MS,
                max_request_size=_NO_LIMIT,
            )
            try:
                producer.init_transactions()
            except KafkaError:
                close_producer(producer)
                raise
            return producer

    def close(self) -> None:
        """Disconnect. What could not be committed was told."""
        close_producer(self._producer)

    def send(self, records: Sequence[OutRecord]) -> None:
        """Write all of them in one transaction.

        Raises:
            TooLargeError: one is larger than its topic takes; none was written.
            ClaimwireError: it may or may not have been committed; running the tool again finds out.
        """
        try:
            self._producer.begin_transaction()
            for future in [record.send(self._producer) for record in records]:
                future.get(DELIVERY_TIMEOUT_MS / 1000)  # a commit returns normally although a record of it has expired
            self._producer.commit_transaction()
        except ProducerFencedError as exc:
            raise ClaimwireError(
                "another claimwire process with the same transactional id has taken over; this one stops"
            ) from exc
        except (MessageSizeTooLargeError, RecordListTooLargeError) as exc:
            close_producer(self._producer)  # its count of records differs from the broker's now
            self._producer = self._open()  # ends the transaction
            raise TooLargeError("it is larger than its topic allows (max.message.bytes)") from exc
        except KafkaError as exc:
            raise ClaimwireError(f"Kafka failed ({exc}). Run the command again: nothing is sent twice") from exc

    def send_groups(self, groups: Iterable[RecordGroup]) -> Iterator[tuple[RecordGroup, bool]]:
        """Write each group as a whole, several in one transaction.

        Yields:
            Each group, in order, and whether it was written; False: one of its records is larger than its topic takes.

        Raises:
            ClaimwireError: as ``send``; what was yielded before is committed.
        """
        for chunk in chunks(groups, size=_size, max_size=MAX_BYTES, max_items=MAX_RECORDS // 2):
            yield from self._send_chunk(chunk)

    def _send_chunk(self, chunk: Sequence[RecordGroup]) -> Iterator[tuple[RecordGroup, bool]]:
        try:
            self.send([record for group in chunk for record in group])
        except TooLargeError:
            if len(chunk) == 1:
                yield chunk[0], False
            else:
                for group in chunk:
                    yield from self._send_chunk([group])
        else:
            yield from ((group, True) for group in chunk)


def _size(group: RecordGroup) -> int:
    return sum(record.size() for record in group)
