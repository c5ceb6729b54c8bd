"""The topics of a chain: whether they are there and fit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.contract.events import RejectedV1
from pipeline.errors import UsageError
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.record_batches import MAX_RECORD_BYTES
from pipeline.streaming.kafka.topics import describe_topics
from pipeline.topology import COMMITS_TOPIC, TOPICS, Stage


@dataclass(frozen=True)
class ChainTopics:
    """The number of partitions of each topic, and the largest record that all of them take and every reader reads."""

    partitions: int
    max_record_bytes: int


def check_topics(connection: Connection, *, prefix: str, stages: Sequence[Stage]) -> ChainTopics:
    """Ask the cluster about the topics that the stages read and write.

    Raises:
        UsageError: a topic is missing, their numbers of partitions differ, or the broker does not answer.
    """
    events = dict.fromkeys([*(stage.reads for stage in stages), *(one for stage in stages for one in stage.writes)])
    chain = [prefix + name for name in [*(TOPICS[event] for event in events), COMMITS_TOPIC]]
    found = describe_topics(connection, [*chain, prefix + TOPICS[RejectedV1]])
    missing = [name for name, topic in found.items() if topic is None]
    if missing:
        raise UsageError(f"topics are missing: {', '.join(missing)}; run `claimwire topics create`")
    partitions = {name: topic.partitions for name, topic in found.items() if topic and name in chain}
    if len(set(partitions.values())) > 1:
        counts = ", ".join(f"{name} {count}" for name, count in partitions.items())
        raise UsageError(f"topics of a chain need equal numbers of partitions: {counts}; see `claimwire topics check`")
    return ChainTopics(
        partitions=partitions[chain[0]],
        max_record_bytes=min(MAX_RECORD_BYTES, *(topic.max_record_bytes for topic in found.values() if topic)),
    )
