"""Write a batch's outputs and its input offsets in one Kafka transaction (KIP-98, KIP-447).

kafka-python writes; the consumer group is Faust's. A transaction carries the group's generation and the member id
under which the partitions were assigned, as its fencing token: the broker refuses it once they belong to another
worker.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import kafka.errors
import structlog
from kafka import KafkaProducer, TopicPartition
from kafka.structs import ConsumerGroupMetadata

from pipeline.errors import FatalError
from pipeline.streaming.kafka.clients import DELIVERY_TIMEOUT_MS, open_admin, open_producer
from pipeline.streaming.kafka.compacted_topic import Offsets
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.records import OutRecord
from pipeline.streaming.worker.offset_log import NO_METADATA, OffsetLog, OffsetMetadata

log = structlog.get_logger(__name__)

_VISIBLE_S = 1.0  # a committed record is visible after milliseconds; later than this it is worth to look why
_POLL_S = 0.005


class Lease(NamedTuple):
    """The fencing token of one assignment: the generation of the group and the id of this member."""

    epoch: int  # counts this process's assignments: a static member that rejoins keeps its generation
    generation: int
    member_id: str
    instance_id: str | None


class LeaseLostError(Exception):
    """The broker refused the batch: its partitions belong to another generation."""


class ReplacedError(Exception):
    """Another process has joined with this worker's id: this one must end and leave the transactional id alone."""


class TransactionWriter:
    """Writes the transactions of one transactional id. Not thread safe: each stage has its own, in its own thread."""

    def __init__(
        self,
        connection: Connection,
        *,
        group: str,
        commits_topic: str,
        transactional_id: str,
        transaction_timeout_ms: int,
        max_request_bytes: int,
    ) -> None:
        self.transactional_id = transactional_id
        self._group = group
        self._connection = connection
        self._producer_settings: dict[str, Any] = {
            "client_id": transactional_id,
            "transactional_id": transactional_id,
            "transaction_timeout_ms": transaction_timeout_ms,
            "retry_backoff_ms": 5,  # the default of 100 is what a transaction would take
            "max_request_size": max_request_bytes,
        }
        self._offset_log = OffsetLog(connection, group=group, topic=commits_topic)
        self._lease: Lease | None = None  # of the last batch
        self._producer: KafkaProducer | None = None
        self._sent: _Batch | None = None  # handed to the broker to be committed
        self._last: _Batch | None = None  # committed, not yet seen by a reader

    def write(
        self,
        records: Sequence[OutRecord],
        offsets: Offsets,
        lease: Lease,
        metadata: OffsetMetadata = NO_METADATA,
    ) -> None:
        """Commit a batch once. A call with the same batch is safe after any ``kafka.errors.KafkaError``.

        ``metadata`` is kept with the offsets, for the next owner of the partitions.

        The previous batch is made visible first: a broker that is killed after it has decided on a transaction and
        before it has written the markers may lose them.

        Raises:
            LeaseLostError: refused for good, the batch belongs to another worker now.
            ReplacedError: another process has this worker's id.
            kafka.errors.KafkaError: the outcome may be unknown; call ``resolve_unknown_outcome``.
        """
        if lease.generation < 1 or not lease.member_id:
            raise LeaseLostError(lease)  # the broker takes a commit without generation and member *unfenced*
        self.ensure_visible()
        if lease != self._lease:
            self._offset_log.forget_topics()
            self._lease = lease
        self._transact(records, offsets, lease, metadata)

    def ensure_visible(self) -> None:
        """Wait until read-committed readers see the last committed batch; write it again if it is lost.

        Raises:
            kafka.errors.KafkaError: the broker gives no answer yet.
            FatalError: it is lost and the second write failed as well; the message names the outputs.
        """
        if self._last is None:
            return
        if not self._visible(self._last.ends):
            self._recover(self._last)
        self._last = None

    def resolve_unknown_outcome(self, offsets: Offsets) -> bool:
        """Return whether a transaction of unknown outcome was committed, once it is no longer pending.

        Raises:
            kafka.errors.KafkaError: the broker gives no answer yet.
        """
        self.open()  # init_transactions ends, or waits for the end of, the earlier transaction of this id
        commits = self._offset_log.fetch_stable(offsets)
        committed = all(
            partition in commits and commits[partition].offset >= offset for partition, offset in offsets.items()
        )
        if committed:
            self._last = self._sent
        return committed

    def open(self) -> KafkaProducer:
        """Return the producer. A new one first ends the transaction that an earlier one of this id has left open."""
        if self._producer is None:
            producer = open_producer(self._connection, **self._producer_settings)
            try:
                producer.init_transactions()
            except kafka.errors.KafkaError:
                _close(producer)
                raise
            self._producer = producer
        return self._producer

    def last_value(self, key: bytes) -> bytes | None:
        """Return the last committed value of ``key``, as ``OffsetLog.last_value`` does.

        Raises:
            kafka.errors.KafkaError: the broker gives no answer yet.
        """
        return self._offset_log.last_value(key)

    def close(self) -> None:
        """Close the connections; the broker aborts a transaction that is still open."""
        self._drop_producer()
        self._offset_log.close()

    def _transact(
        self,
        records: Sequence[OutRecord],
        offsets: Offsets,
        lease: Lease | None,
        metadata: OffsetMetadata = NO_METADATA,
    ) -> None:
        try:
            producer = self.open()
            records = [*records, *self._offset_log.copies(offsets, metadata)]
            producer.begin_transaction()
            sent = [record.send(producer) for record in records]
            if lease is not None:
                producer.send_offsets_to_transaction(
                    self._offset_log.offsets(offsets, metadata),
                    ConsumerGroupMetadata(self._group, lease.generation, lease.member_id, lease.instance_id),
                )
            self._sent = _Batch(records, _delivered(sent))
            producer.commit_transaction()
        except kafka.errors.KafkaError as exc:
            self._drop_producer()  # offsets of an aborted transaction leak into the next one of the same producer
            raise self._classify_error(exc) from exc
        self._last = self._sent

    def _classify_error(self, exc: Exception) -> Exception:
        """Return the error that says what a failure means for the batch."""
        if isinstance(exc, kafka.errors.FencedInstanceIdError):
            return ReplacedError(self.transactional_id)
        if isinstance(exc, kafka.errors.CommitFailedError):
            with suppress(kafka.errors.KafkaError):
                self.open()  # aborts at once: an open transaction holds back every read-committed reader
            return LeaseLostError(self.transactional_id)
        return exc

    def _visible(self, ends: Offsets) -> bool:
        deadline = time.monotonic() + _VISIBLE_S
        while not self._offset_log.last_stable_offset_reached(ends):
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def _recover(self, last: _Batch) -> None:
        """Write the last batch again if its markers are lost, and not if another's open transaction precedes it."""
        self._drop_producer()
        producer = self.open()  # returns when the coordinator has completed what was decided
        hanging = self._hanging_partitions(last.ends)
        lost = [
            record for record, (partition, _) in zip(last.records, last.places, strict=True) if partition in hanging
        ]
        if not lost:
            return
        log.error("a committed batch has lost its markers, writing it again", transactional_id=self.transactional_id)
        # The records hang in their partitions as an open transaction without an end. The marker of this one, of the
        # same producer id, ends them: as aborted, so that the second writing is the only one.
        try:
            producer.begin_transaction()
            _delivered([record.send(producer) for record in lost])
            producer.abort_transaction()
        except kafka.errors.KafkaError:
            self._drop_producer()
            raise
        try:
            self._transact(lost, {}, None)  # the offsets were committed with the first writing
        except kafka.errors.KafkaError as exc:
            raise FatalError(f"a committed batch was lost and could not be written again: {_where(last)}") from exc
        self.ensure_visible()

    def _hanging_partitions(self, ends: Offsets) -> set[TopicPartition]:
        """Return the partitions with an open transaction of this id, although the coordinator knows of none."""
        admin = open_admin(self._connection)
        try:
            producer_id = admin.describe_transactions([self.transactional_id])[self.transactional_id].producer_id
            states = admin.describe_producers(list(ends))
        finally:
            admin.close()
        return {
            partition
            for partition, state in states.items()
            for producer in state.active_producers
            if producer.producer_id == producer_id and producer.current_transaction_start_offset >= 0
        }

    def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            _close(producer)


class _Batch(NamedTuple):
    records: Sequence[OutRecord]
    places: Sequence[tuple[TopicPartition, int]]  # partition and offset of each record

    @property
    def ends(self) -> Offsets:
        """The last stable offset that each output partition reaches once the batch is visible."""
        ends: Offsets = {}
        for partition, offset in self.places:
            ends[partition] = max(ends.get(partition, 0), offset + 1)
        return ends


def _where(batch: _Batch) -> str:
    return ", ".join(f"{partition.topic}-{partition.partition} before {end}" for partition, end in batch.ends.items())


def _delivered(sent: Sequence[Any]) -> list[tuple[TopicPartition, int]]:
    """Wait for every record and return its place: a commit returns normally although a record has expired."""
    found = [future.get(DELIVERY_TIMEOUT_MS / 1000) for future in sent]
    return [(TopicPartition(metadata.topic, metadata.partition), metadata.offset) for metadata in found]


def _close(producer: KafkaProducer) -> None:
    try:
        producer.close(timeout=1)
    except kafka.errors.KafkaError as exc:  # nobody misses what a failed transaction could not flush
        log.debug("producer closed", error=repr(exc))
