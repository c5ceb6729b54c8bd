"""Records in, all of them or none on Kafka: transactions of a tool that may be killed at any moment and run again.

A tool has one transactional id for good. Whoever opens it first ends what a killed predecessor left open, and shuts
out one that still runs (KIP-98): what is then read of the tool's earlier work is all there is of it, and it can go on
from there without a consumer group. A transaction's records must therefore say what they have done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kafka import KafkaProducer
from kafka.errors import KafkaError, ProducerFencedError

from pipeline.chunks import chunks
from pipeline.closing import Closing
from pipeline.errors import ClaimwireError
from pipeline.streaming.kafka.clients import BOUNDS, REQUEST_TIMEOUT_MS, close_producer, kafka_errors_as_usage_errors
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.records import OutRecord

MAX_RECORDS = 200  # of one transaction
MAX_BYTES = 4_000_000

_DELIVERY_MS = 20_000
_TRANSACTION_MS = 30_000


class AtomicProducer(Closing):
    """The producer of one tool, open within a ``with`` block."""

    def __init__(self, connection: Connection, *, transactional_id: str, max_request_bytes: int) -> None:
        """Connect, and end what a predecessor left open.

        Raises:
            UsageError: no broker answers.
        """
        self._id = transactional_id
        with kafka_errors_as_usage_errors(connection):
            self._producer = KafkaProducer(
                **connection.for_kafka_python(),
                **BOUNDS,
                transactional_id=transactional_id,
                transaction_timeout_ms=_TRANSACTION_MS,
                delivery_timeout_ms=_DELIVERY_MS,
                max_block_ms=REQUEST_TIMEOUT_MS,
                max_request_size=max_request_bytes,
                compression_type="zstd",
                allow_auto_create_topics=False,
            )
            self._producer.init_transactions()

    def close(self) -> None:
        """Disconnect. What could not be committed was told."""
        close_producer(self._producer)

    def send(self, records: Sequence[OutRecord]) -> None:
        """Write all of them in one transaction.

        Raises:
            ClaimwireError: it may or may not have been committed; running the tool again finds out.
        """
        try:
            self._producer.begin_transaction()
            for future in [record.send(self._producer) for record in records]:
                future.get(_DELIVERY_MS / 1000)  # a commit returns normally although a record of it has expired
            self._producer.commit_transaction()
        except ProducerFencedError as exc:
            raise ClaimwireError("another one has been started meanwhile and goes on from here") from exc
        except KafkaError as exc:
            raise ClaimwireError(f"Kafka did not take it ({exc}); run it again, nothing is done twice") from exc


def transactions(groups: Iterable[Sequence[OutRecord]]) -> Iterator[list[OutRecord]]:
    """Yield the records of one transaction after the other. A group, which has at most two, stays together."""
    for chunk in chunks(groups, size=_size, max_size=MAX_BYTES, max_items=MAX_RECORDS // 2):
        yield [record for group in chunk for record in group]


def _size(group: Sequence[OutRecord]) -> int:
    return sum(record.size() for record in group)
