"""The Faust app of a worker: its configuration, and what it does when it starts, stops and rebalances.

Faust owns the consumer group, the fetching and the agents. It commits nothing here (topics have ``acks=False``): each
stage commits its batches as transactions (``cycle.py``), under the lease of the current assignment
(``assignment.py``).
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import faust
from faust.tables import TableManager
from mode import CrashingSupervisor

from pipeline.errors import UsageError
from pipeline.metrics import Metrics
from pipeline.streaming.health.progress import Progress
from pipeline.streaming.health.watchdog import EXIT_STOPPED_LATE, Watchdog, leave
from pipeline.streaming.kafka.chain_topics import ChainTopics
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.records import Partition, Rejection
from pipeline.streaming.worker.agent import StageAgent
from pipeline.streaming.worker.assignment import Assignment
from pipeline.streaming.worker.commit_retry import RetryingCommitter
from pipeline.streaming.worker.consumer import Transport
from pipeline.streaming.worker.counted import count_from_zero
from pipeline.streaming.worker.cycle import BatchCycle, BatchWork
from pipeline.streaming.worker.libraries import check_libraries
from pipeline.streaming.worker.offset_log import OffsetLog
from pipeline.streaming.worker.rejection_guard import RejectionGuard
from pipeline.streaming.worker.rejection_rate import RejectionLimit
from pipeline.streaming.worker.retention import RetentionLosses
from pipeline.streaming.worker.slow_batches import SlowBatches
from pipeline.streaming.worker.timing import Timing
from pipeline.streaming.worker.transactions import TransactionWriter

_START_S = 60.0  # a broker that has just been restarted needs time to load its transactions
# Of each partition in one answer; a larger record batch comes whole, as the only one of its partition (KIP-74). More
# would only lie in memory, for each partition of three topics.
_FETCH_BYTES = 1_048_576


class StageWork(BatchWork, Protocol):
    """What a stage does, and which of its rejections may be its own fault."""

    def is_stage_fault(self, rejection: Rejection) -> bool:
        """Return whether the stage itself may have failed."""


class NoTables(TableManager):  # type: ignore[misc]
    """The table manager of an app without tables: Faust's own waits a second before it starts anything."""

    logger = logging.getLogger("faust.tables")

    async def on_start(self) -> None:
        """Start without tables."""
        await self._update_channels()
        await self.recovery.start()


class StreamApp(faust.App):  # type: ignore[misc]
    """A Faust app whose stages commit by transaction.

    ``worker_id`` must be stable over restarts and unique among the running workers of the group.
    """

    logger = logging.getLogger("faust.app")  # what Faust logs does not go by this module's name

    def __init__(
        self,
        *,
        connection: Connection,
        group: str,
        commits_topic: str,
        worker_id: str,
        batch: int,
        timing: Timing,
        topics: ChainTopics,
        rejection_limit: RejectionLimit,
        check_topics: Callable[[], ChainTopics],
        metrics: Metrics,
    ) -> None:
        check_libraries()
        super().__init__(
            group,
            **faust_settings(connection),
            datadir=tempfile.gettempdir(),  # Faust wants one; nothing is kept in it
            store="memory://",
            TableManager=NoTables,
            web_enabled=False,
            autodiscover=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            worker_redirect_stdouts=False,
            stream_wait_empty=False,
            stream_buffer_maxsize=2 * batch,
            broker_max_poll_records=2 * batch,
            broker_session_timeout=timing.session_timeout_s,
            broker_heartbeat_interval=timing.session_timeout_s / 5,
            broker_rebalance_timeout=timing.rebalance_timeout_s,
            broker_request_timeout=max(40.0, timing.session_timeout_s),
            # Faust's own alarms look at offsets that it commits; here it commits none.
            broker_commit_livelock_soft_timeout=1e9,
            stream_processing_timeout=1e9,
            consumer_auto_offset_reset="none",  # the consumer resets, and says what is lost
            consumer_group_instance_id=worker_id,
            consumer_max_fetch_size=_FETCH_BYTES,
            # A group leader that sees no topics just after a broker's restart assigns nothing to everyone.
            consumer_metadata_max_age_ms=5000,
        )
        self.connection = connection
        self.metrics = metrics
        self.progress = Progress(timing.stall_s)
        self.watchdog = Watchdog(self.progress.stall)
        self.assignment = Assignment(
            watchdog=self.watchdog, progress=self.progress, rebalance_timeout_s=timing.rebalance_timeout_s
        )
        self.slow_batches = SlowBatches()
        self.losses = RetentionLosses(metrics)
        self.offset_log = OffsetLog(connection, group=group, topic=commits_topic)
        self.transport = Transport(self.conf.broker_consumer, self)
        self._worker_id = worker_id
        self._batch = batch
        self._timing = timing
        self._max_request_bytes = topics.max_record_bytes
        self._rejection_limit = rejection_limit
        self._commits_topic = commits_topic
        self._partitions = topics.partitions
        self._check_topics = check_topics
        self._agents: list[StageAgent] = []
        self._committers: list[RetryingCommitter] = []
        self._cpu = ThreadPoolExecutor(1, "nlp")  # one for all stages: a worker is one core, more are more workers
        self.on_partitions_revoked.connect(self._finish_batches, weak=False)
        self.on_before_shutdown.connect(self._drain, weak=False)

    def add_stage(self, name: str, topic: str, work: StageWork) -> None:
        """Make an agent that reads ``topic``."""
        group = self.conf.id
        writer = TransactionWriter(
            self.connection,
            group=group,
            commits_topic=self._commits_topic,
            transactional_id=f"{group}-{name}-{self._worker_id}",
            transaction_timeout_ms=int(self._timing.transaction_timeout_s * 1000),
            max_request_bytes=self._max_request_bytes,
        )
        committer = RetryingCommitter(writer, self.assignment, stage=name)
        guard = RejectionGuard(
            self._rejection_limit,
            stage=name,
            topic=self._commits_topic,
            key=f"{group}/rejections/{name}/{self._worker_id}".encode(),
            reader=committer,
            is_stage_fault=work.is_stage_fault,
            watchdog=self.watchdog,
            give_up_s=self._timing.give_up_s,
        )
        cycle = BatchCycle(
            stage=name,
            work=work,
            assignment=self.assignment,
            slow_batches=self.slow_batches,
            rejections=guard,
            committer=committer,
            watchdog=self.watchdog,
            timing=self._timing,
            metrics=self.metrics,
            cpu=self._cpu,
        )
        agent = StageAgent(cycle, batch=self._batch, linger_s=self._timing.linger_s)
        self._agents.append(agent)
        self._committers.append(committer)
        count_from_zero(self.metrics, stage=name)
        # acks=False: Faust tracks, acks and commits nothing of this topic, on no path (exceptions, rebalances, stop).
        source = self.topic(
            topic, acks=False, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
        )
        self.agent(source, name=name, supervisor_strategy=CrashingSupervisor)(agent.run)

    def queued_bytes(self) -> int:
        """Return how many bytes of keys and values wait for the stages."""
        return sum(agent.queued_bytes() for agent in self._agents)

    def partitions(self) -> list[Partition] | None:
        """Return the partitions that this worker may commit for; None between two assignments."""
        return None if self.assignment.lease is None else [tuple(place) for place in self.consumer.assignment()]

    def check_partitions(self, numbers: Iterable[int]) -> None:
        """End the process where a topic has got more partitions: outputs of a new one may have no place."""
        if max(numbers, default=-1) < self._partitions:
            return
        try:
            now = self._check_topics()
        except UsageError as exc:
            leave(str(exc))
        leave(f"the topics have {now.partitions} partitions, and had {self._partitions} when this worker started")

    async def on_first_start(self) -> None:
        """Open the producers before the first fetch: this ends the transactions that a dead predecessor left open."""
        await super().on_first_start()
        with self.watchdog.within(_START_S, "the transaction coordinator does not answer"):
            await asyncio.gather(*(committer.open() for committer in self._committers))
        self.assignment.join()

    async def on_stop(self) -> None:
        """Stop, and end after ``stop_timeout_s`` even where the libraries wait for a broker that is away."""
        self.watchdog.start(self._timing.stop_timeout_s, "could not stop in time", code=EXIT_STOPPED_LATE)
        await super().on_stop()

    async def _finish_batches(self, *_: object, **__: object) -> None:
        """Before partitions are given up: let batches in flight commit, while their lease is still valid."""
        await self._wait_idle(self._timing.rebalance_timeout_s / 2)

    async def _drain(self, *_: object, **__: object) -> None:
        """On SIGTERM: finish the batches in flight, then let Faust leave the group."""
        self.assignment.leave()
        await self._wait_idle(None)
        await asyncio.gather(*(committer.close() for committer in self._committers))

    async def _wait_idle(self, timeout: float | None) -> None:
        if self._agents:
            await asyncio.wait([asyncio.ensure_future(agent.idle.wait()) for agent in self._agents], timeout=timeout)


def faust_settings(connection: Connection) -> dict[str, Any]:
    """Return the settings of a Faust app that name the brokers and the credentials of a cluster."""
    settings: dict[str, Any] = {"broker": [f"kafka://{server}" for server in connection.bootstrap_servers]}
    if connection.has_sasl:
        settings["broker_credentials"] = faust.SASLCredentials(
            username=connection.sasl_username,
            password=connection.sasl_password,
            mechanism=connection.sasl_mechanism,
            ssl_context=connection.ssl_context() if connection.has_tls else None,
        )
    elif connection.has_tls:
        settings["broker_credentials"] = faust.SSLCredentials(context=connection.ssl_context())
    return settings
