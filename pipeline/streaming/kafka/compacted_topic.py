"""The last committed value of each key of a compacted topic."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import kafka.errors
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from pipeline.closing import Closing
from pipeline.streaming.kafka.clients import REQUEST_TIMEOUT_MS, list_offsets, open_admin, open_consumer
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.unread import log_ends

Offsets = dict[TopicPartition, int]
PartitionKey = tuple[int, bytes]  # the number of a partition, and the key of a record in it

_STABLE_POLL_S = 0.005


class GroupClients(Closing):
    """One read-committed consumer of a group and one admin client, each opened when it is first needed."""

    def __init__(self, connection: Connection, *, group: str) -> None:
        self._connection = connection
        self._group = group
        self._consumer: KafkaConsumer | None = None
        self._admin: KafkaAdminClient | None = None

    def consumer(self) -> KafkaConsumer:
        """Return the consumer; it is no member of the group."""
        if self._consumer is None:
            self._consumer = open_consumer(self._connection, group_id=self._group, retry_backoff_ms=5)
        return self._consumer

    def admin(self) -> KafkaAdminClient:
        """Return the admin client."""
        if self._admin is None:
            self._admin = open_admin(self._connection)
        return self._admin

    @contextmanager
    def replaced_on_failure(self) -> Iterator[None]:
        """Close both clients if the block fails, so that the next call opens new ones."""
        try:
            yield
        except kafka.errors.KafkaError:
            self.close()
            raise

    def close(self) -> None:
        """Close both clients."""
        clients, self._consumer, self._admin = (self._consumer, self._admin), None, None
        for client, how in zip(clients, ({"autocommit": False}, {}), strict=True):
            if client is not None:
                with suppress(kafka.errors.KafkaError):
                    client.close(**how)


class CompactedTopic:
    """Reads one compacted topic. Methods raise ``kafka.errors.KafkaError`` where the broker gives no answer yet."""

    def __init__(self, clients: GroupClients, topic: str) -> None:
        self.name = topic
        self._clients = clients

    def last_values(self, keys: Collection[PartitionKey], *, tail: int | None = None) -> dict[PartitionKey, bytes]:
        """Return the last value of each key, once every transaction that is open on its partition has ended.

        With ``tail`` the last so many offsets are read first, and the whole partition only for keys not among them.
        """
        places = [TopicPartition(self.name, number) for number in sorted({number for number, _ in keys})]
        ends = self._log_ends(places)
        self._wait_until_stable(ends)
        values = {} if tail is None else self._read(ends, tail=tail)
        if missing := {number for number, key in keys if (number, key) not in values}:
            values |= self._read({place: end for place, end in ends.items() if place.partition in missing})
        return {key: values[key] for key in keys if key in values}

    def _log_ends(self, places: list[TopicPartition]) -> Offsets:
        """Return the end of each partition that is not empty, open transactions included."""
        ends = log_ends(self._clients.admin(), places)
        return {TopicPartition(*place): end for place, end in ends.items() if end > 0}

    def _wait_until_stable(self, ends: Offsets) -> None:
        """Wait for open transactions; the broker ends that of a dead worker after the transaction timeout."""
        deadline = time.monotonic() + REQUEST_TIMEOUT_MS / 1000
        while not last_stable_offset_reached(self._clients.consumer(), ends):
            if time.monotonic() > deadline:
                raise kafka.errors.KafkaTimeoutError(f"transactions on {self.name} do not end")
            time.sleep(_STABLE_POLL_S)

    def _read(self, ends: Offsets, *, tail: int | None = None) -> dict[PartitionKey, bytes]:
        consumer = self._clients.consumer()
        consumer.assign(list(ends))
        for place, end in ends.items():
            consumer.seek(place, 0 if tail is None else max(0, end - tail))  # before the beginning: at the beginning
        values: dict[PartitionKey, bytes] = {}
        deadline = time.monotonic() + REQUEST_TIMEOUT_MS / 1000
        while any((consumer.position(place, timeout_ms=REQUEST_TIMEOUT_MS) or 0) < end for place, end in ends.items()):
            polled = consumer.poll(timeout_ms=200)
            for records in polled.values():
                values.update({(record.partition, record.key): record.value for record in records})
            if polled:
                deadline = time.monotonic() + REQUEST_TIMEOUT_MS / 1000
            elif time.monotonic() > deadline:
                raise kafka.errors.KafkaTimeoutError(f"{self.name} cannot be read to its end")
        consumer.assign([])
        return values


def last_stable_offset_reached(consumer: KafkaConsumer, ends: Offsets) -> bool:
    """Return whether everything before ``ends`` is committed or aborted (the last stable offset of KIP-98)."""
    for partition in ends:
        consumer.partitions_for_topic(partition.topic)  # learns the leaders: end_offsets does not wait for them
    found = list_offsets(consumer.end_offsets, list(ends))
    return all(found[partition] >= end for partition, end in ends.items())
