"""A consumer group in, the ids of the workers that Kafka counts in it out."""

from __future__ import annotations

from kafka.errors import KafkaError

from pipeline.streaming.kafka.clients import admin_client
from pipeline.streaming.kafka.connection import Connection


def worker_ids(connection: Connection, group: str) -> list[str]:
    """Of the members that have sent a heartbeat within their session timeout; ``group`` is with its prefix.

    Raises:
        UsageError: no broker answers, or one refuses.
    """
    with admin_client(connection) as admin:
        try:
            members = admin.describe_groups([group])[group]["members"]
        except KafkaError as exc:
            if not exc.retriable:
                raise
            return []  # the broker is not yet ready for groups: nobody can be in one
    return sorted(member["group_instance_id"] for member in members if member["group_instance_id"])
