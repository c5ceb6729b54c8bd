"""What a cluster says of its topics: names in, partitions and limits out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import kafka.errors
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from pipeline.errors import UsageError
from pipeline.streaming.connection import Connection

CALL_MS = 10_000


class TopicDescription(NamedTuple):
    """A topic that exists; ``max_message_bytes`` bounds a batch of records as it is written."""

    partitions: int
    max_message_bytes: int


def admin_client(connection: Connection) -> KafkaAdminClient:
    """An admin client, to be closed by the caller.

    Raises:
        UsageError: no broker answers.
    """
    try:
        return KafkaAdminClient(
            **connection.for_kafka_python(), request_timeout_ms=CALL_MS, bootstrap_timeout_ms=CALL_MS
        )
    except kafka.errors.KafkaError as exc:
        raise no_broker(connection) from exc


def no_broker(connection: Connection) -> UsageError:
    """What to say when nothing answers."""
    where = ", ".join(connection.bootstrap_servers)
    return UsageError(
        f"no Kafka broker answers at {where}: start one with `claimwire up`, or name yours with --bootstrap"
    )


def describe_topics(connection: Connection, names: Iterable[str]) -> dict[str, TopicDescription | None]:
    """Each topic by its name, None where it does not exist.

    Raises:
        UsageError: no broker answers, or this user may not describe topics.
    """
    wanted = list(names)
    admin = admin_client(connection)
    try:
        partitions = {
            topic["name"]: len(topic["partitions"])
            for topic in admin.describe_topics(wanted)
            if not topic["error_code"]
        }
        limits = _max_message_bytes(admin, partitions)
    except kafka.errors.KafkaError as exc:
        raise UsageError(f"the topics cannot be described: {exc}; this user must be allowed to describe them") from exc
    finally:
        admin.close()
    return {name: TopicDescription(partitions[name], limits[name]) if name in partitions else None for name in wanted}


def _max_message_bytes(admin: KafkaAdminClient, names: Iterable[str]) -> dict[str, int]:
    key = "max.message.bytes"
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, [key]) for name in names]
    if not resources:
        return {}
    found = admin.describe_configs(resources, config_filter="all")["topic"]
    return {name: int(found[name][key]["value"]) for name in names}
