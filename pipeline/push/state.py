"""Where ``push --watch`` keeps what it has pushed: one file for each topic of each cluster."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from pipeline.contract.events import ArticleV1
from pipeline.sources.memory import Memory
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.offsets import cluster_id
from pipeline.topology import TOPICS


def open_state(connection: Connection, *, prefix: str, file: Path | None) -> Memory:
    """Open ``file``, by default the one in the user's data directory that belongs to the cluster and topic.

    Raises:
        UsageError: no broker answers, or the file cannot be used.
    """
    cluster, topic = cluster_id(connection), prefix + TOPICS[ArticleV1]
    default = platformdirs.user_data_path("claimwire") / "watch" / f"{cluster}-{topic}.sqlite"
    return Memory(file or default, topic=f"{topic} on the cluster {cluster}")
