"""A batch's outputs and input offsets in, one committed Kafka transaction out (KIP-98, KIP-447).

kafka-python writes; the consumer group is Faust's. A transaction carries the generation and the member id under which
its partitions were assigned: the broker refuses it once they belong to somebody else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import kafka.errors
import structlog
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.structs import ConsumerGroupMetadata

from pipeline.errors import StopProcess
from pipeline.streaming.kafka.clients import BOUNDS, REQUEST_TIMEOUT_MS
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.records import OutRecord
from pipeline.streaming.worker.offset_log import NO_NOTES, CommitLog, Offsets

log = structlog.get_logger(__name__)

_DELIVERY_MS = 20_000  # one record, with all its retries
_VISIBLE_S = 1.0  # a committed record is visible after milliseconds; later than this it is worth to look why
_POLL_S = 0.005


class Lease(NamedTuple):
    """The right to commit for the partitions of one assignment."""

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
        self._producer_settings: dict[str, Any] = {
            **connection.for_kafka_python(),
            **BOUNDS,
            "client_id": transactional_id,
            "transactional_id": transactional_id,
            "transaction_timeout_ms": transaction_timeout_ms,
            "delivery_timeout_ms": _DELIVERY_MS,
            "max_block_ms": REQUEST_TIMEOUT_MS,
            "retry_backoff_ms": 5,  # the default of 100 is what a transaction would take
            "max_request_size": max_request_bytes,
            "batch_size": 262_144,
            "compression_type": "zstd",
            "allow_auto_create_topics": False,
        }
        self._admin_settings: dict[str, Any] = {**connection.for_kafka_python(), **BOUNDS}
        self._commits = CommitLog(connection, group=group, topic=commits_topic)
        self._lease: Lease | None = None  # of the last batch
        self._producer: KafkaProducer | None = None
        self._sent: _Batch | None = None  # handed to the broker to be committed
        self._last: _Batch | None = None  # committed, not yet seen by a reader

    def write(
        self,
        records: Sequence[OutRecord],
        offsets: Offsets,
        lease: Lease,
        notes: Mapping[TopicPartition, str] = NO_NOTES,
    ) -> None:
        """Commit a batch once. May be called again with the same batch after any ``kafka.errors.KafkaError``.

        ``notes`` are kept with the offsets, for whoever gets the partitions next.

        Before it writes, it makes sure that the batch before is visible: a broker that is killed between a
        transaction's decision and the writing of its markers may lose them.

        Raises:
            LeaseLostError: refused for good, the batch belongs to another worker now.
            ReplacedError: another process has this worker's id.
            kafka.errors.KafkaError: the outcome may be unknown; ``settle`` finds it out.
        """
        if lease.generation < 1 or not lease.member_id:
            raise LeaseLostError(lease)  # the broker takes a commit without generation and member *unfenced*
        self.confirm()
        if lease != self._lease:
            self._commits.forget_topics()
            self._lease = lease
        self._transact(records, offsets, lease, notes)

    def confirm(self) -> None:
        """Make sure that the last committed batch is visible to read-committed readers; write it again if it is lost.

        Raises:
            kafka.errors.KafkaError: not to be found out yet.
            StopProcess: it was lost and could not be written again either; the log says which outputs.
        """
        if self._last is None:
            return
        if not self._visible(self._last.ends):
            self._recover(self._last)
        self._last = None

    def settle(self, offsets: Offsets) -> bool:
        """Whether a transaction of unknown outcome was committed, once nothing of it is pending any more.

        Raises:
            kafka.errors.KafkaError: not to be found out yet.
        """
        self.open()  # init_transactions ends, or waits for the end of, the earlier transaction of this id
        found = self._commits.stable(offsets)
        committed = all(
            partition in found and found[partition].offset >= offset for partition, offset in offsets.items()
        )
        if committed:
            self._last = self._sent
        return committed

    def open(self) -> KafkaProducer:
        """The producer; a new one first ends what an earlier one of this id, or of a dead process, has left open."""
        if self._producer is None:
            producer = KafkaProducer(**self._producer_settings)
            try:
                producer.init_transactions()
            except kafka.errors.KafkaError:
                _close(producer)
                raise
            self._producer = producer
        return self._producer

    def last(self, key: bytes) -> bytes | None:
        """The last committed value under ``key`` beside the offsets, as ``CommitLog.last`` finds it.

        Raises:
            kafka.errors.KafkaError: not to be found out yet.
        """
        return self._commits.last(key)

    def close(self) -> None:
        """Give the connections back; an open transaction is left to be aborted."""
        self._drop_producer()
        self._commits.close()

    def _transact(
        self,
        records: Sequence[OutRecord],
        offsets: Offsets,
        lease: Lease | None,
        notes: Mapping[TopicPartition, str] = NO_NOTES,
    ) -> None:
        try:
            producer = self.open()
            records = [*records, *self._commits.twins(offsets, notes)]
            producer.begin_transaction()
            sent = [record.send(producer) for record in records]
            if lease is not None:
                producer.send_offsets_to_transaction(
                    self._commits.offsets(offsets, notes),
                    ConsumerGroupMetadata(self._group, lease.generation, lease.member_id, lease.instance_id),
                )
            self._sent = _Batch(records, _delivered(sent))
            producer.commit_transaction()
        except kafka.errors.KafkaError as exc:
            self._drop_producer()  # offsets of an aborted transaction leak into the next one of the same producer
            raise self._told(exc) from exc
        self._last = self._sent

    def _told(self, exc: Exception) -> Exception:
        """What a failure means for the batch."""
        if isinstance(exc, kafka.errors.FencedInstanceIdError):
            return ReplacedError(self.transactional_id)
        if isinstance(exc, kafka.errors.CommitFailedError):
            with suppress(kafka.errors.KafkaError):
                self.open()  # aborts at once: an open transaction holds back every read-committed reader
            return LeaseLostError(self.transactional_id)
        return exc

    def _visible(self, ends: Offsets) -> bool:
        deadline = time.monotonic() + _VISIBLE_S
        while not self._commits.ends_reach(ends):
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def _recover(self, last: _Batch) -> None:
        """The last batch was committed and cannot be seen yet: another's open transaction is in front, or it hangs."""
        self._drop_producer()
        producer = self.open()  # returns when the coordinator has completed what was decided
        hanging = self._hanging(last.ends)
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
            raise StopProcess(f"the second writing of a lost batch failed as well: {_where(last)}") from exc
        self.confirm()

    def _hanging(self, ends: Offsets) -> set[TopicPartition]:
        """The partitions that still hold an open transaction of this id although the coordinator knows of none."""
        admin = KafkaAdminClient(**self._admin_settings)
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
    places: Sequence[tuple[TopicPartition, int]]  # where each of them is

    @property
    def ends(self) -> Offsets:
        """Where the stable end of each output partition must be once the batch is visible."""
        ends: Offsets = {}
        for partition, offset in self.places:
            ends[partition] = max(ends.get(partition, 0), offset + 1)
        return ends


def _where(batch: _Batch) -> str:
    return ", ".join(f"{partition.topic}-{partition.partition} before {end}" for partition, end in batch.ends.items())


def _delivered(sent: Sequence[Any]) -> list[tuple[TopicPartition, int]]:
    """Wait for every record and say where it is: a commit returns although a record has expired."""
    found = [future.get(_DELIVERY_MS / 1000) for future in sent]
    return [(TopicPartition(metadata.topic, metadata.partition), metadata.offset) for metadata in found]


def _close(producer: KafkaProducer) -> None:
    try:
        producer.close(timeout=1)
    except kafka.errors.KafkaError as exc:  # what a failed transaction could not flush, nobody will miss
        log.debug("producer closed", error=repr(exc))
