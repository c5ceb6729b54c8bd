"""Records that a consumer group cannot read: removed by retention, or hidden by an open transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kafka import IsolationLevel, KafkaAdminClient, OffsetSpec, TopicPartition

from pipeline.streaming.kafka.records import Partition


@dataclass(frozen=True)
class Lost:
    """How many offsets of a partition retention removed before they were done; transaction markers count as well."""

    topic: str
    partition: int
    offsets: int

    def __str__(self) -> str:
        place = f"{self.topic}/{self.partition}"
        return f"lost: retention removed {self.offsets:,} offsets of {place} before they were read"


@dataclass(frozen=True)
class OpenTransaction:
    """A transaction that hides all that stands behind its first record in a partition.

    ``producer`` is its transactional id, or the number of its producer for users who may not see the id. Its last
    record there was written at ``last_ms``, in milliseconds since 1970.
    """

    topic: str
    partition: int
    first_offset: int
    producer: str
    last_ms: int

    def __str__(self) -> str:
        place = f"{self.topic}/{self.partition}/{self.first_offset}"
        return f"a transaction of {self.producer} is open: nothing from {place} on can be read"


def lost_unread(committed: int | None, begin: int) -> int:
    """Return how many offsets below the log's ``begin`` were never done; none where nothing was ever committed."""
    return 0 if committed is None else max(0, begin - committed)


def lost_records(committed: Mapping[Partition, int], begins: Mapping[Partition, int]) -> tuple[Lost, ...]:
    """Return what was lost of each partition, by committed offsets and beginnings of the logs.

    Where nothing was ever committed nothing is known to be lost: a group may be younger than its topic.
    """
    found = {place: lost_unread(committed.get(place), begin) for place, begin in sorted(begins.items())}
    return tuple(Lost(*place, offsets) for place, offsets in found.items() if offsets)


def hidden_by_transactions(
    admin: KafkaAdminClient, visible_ends: Mapping[Partition, int]
) -> tuple[dict[Partition, int], tuple[OpenTransaction, ...]]:
    """Return how many offsets of each partition stand behind its visible end, and the transactions that hide them.

    Raises:
        kafka.errors.KafkaError: the broker does not answer, or refuses.
    """
    hidden = {place: max(0, end - visible_ends[place]) for place, end in log_ends(admin, visible_ends).items()}
    return hidden, _open_transactions(admin, (place for place, offsets in hidden.items() if offsets))


def log_ends(admin: KafkaAdminClient, partitions: Iterable[Partition]) -> dict[Partition, int]:
    """Return the end of each partition, open transactions included.

    Raises:
        kafka.errors.KafkaError: the broker does not answer, or refuses.
    """
    wanted = {TopicPartition(*partition): OffsetSpec.LATEST for partition in partitions}
    found = admin.list_partition_offsets(wanted, isolation_level=IsolationLevel.READ_UNCOMMITTED) if wanted else {}
    return {tuple(place): end.offset for place, end in found.items()}


def _open_transactions(admin: KafkaAdminClient, partitions: Iterable[Partition]) -> tuple[OpenTransaction, ...]:
    """Return the transactions that are open on the partitions, by partition and first offset.

    Raises:
        kafka.errors.KafkaError: the broker does not answer, or refuses.
    """
    places = [TopicPartition(*partition) for partition in partitions]
    states = admin.describe_producers(places) if places else {}
    producers = [
        (place, producer)
        for place, state in states.items()
        for producer in state.active_producers
        if producer.current_transaction_start_offset >= 0
    ]
    ids = _transactional_ids(admin, {producer.producer_id for _, producer in producers})
    return tuple(
        sorted(
            (
                OpenTransaction(
                    topic=place.topic,
                    partition=place.partition,
                    first_offset=producer.current_transaction_start_offset,
                    producer=ids.get(producer.producer_id, f"producer {producer.producer_id}"),
                    last_ms=producer.last_timestamp,
                )
                for place, producer in producers
            ),
            key=lambda found: (found.topic, found.partition, found.first_offset),
        )
    )


def _transactional_ids(admin: KafkaAdminClient, producer_ids: set[int]) -> dict[int, str]:
    """Of those that this user may see."""
    if not producer_ids:
        return {}
    by_broker = admin.list_transactions(producer_id_filters=sorted(producer_ids))
    return {found.producer_id: found.transactional_id for listed in by_broker.values() for found in listed}
