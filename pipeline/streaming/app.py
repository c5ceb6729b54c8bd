"""The Faust app: one agent for each stage, each batch one transaction.

Faust owns the consumer group, the fetching and the agents. It commits nothing here (topics have ``acks=False``): a
stage's ``TransactionWriter`` does, under the lease that its partitions were assigned with.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import faust
import kafka.errors
import structlog
from kafka import TopicPartition
from mode import CrashingSupervisor

from pipeline.streaming.connection import Connection
from pipeline.streaming.consumer import Transport
from pipeline.streaming.libraries import check_libraries
from pipeline.streaming.records import InRecord, OutRecord
from pipeline.streaming.transactions import (
    GroupReader,
    Lease,
    LeaseLostError,
    Offsets,
    ReplacedError,
    TransactionWriter,
)
from pipeline.streaming.watchdog import EXIT_STOPPED_LATE, Watchdog, leave

log = structlog.get_logger(__name__)

MAX_BATCH_BYTES = 1_000_000  # of input: a batch of long articles is several transactions, so that none takes minutes
_RETRY_S = 0.2
_START_S = 60.0  # a broker that has just been restarted takes its time to know its transactions
_NO_LEASE_S = 90.0  # twice the longest rebalance: whoever waits longer has been forgotten


@dataclass(frozen=True)
class Timing:
    """How long a worker waits for what, in seconds."""

    linger_s: float
    session_timeout_s: float
    transaction_timeout_s: float
    give_up_s: float
    stop_timeout_s: float
    rebalance_timeout_s: float = 30.0


class StreamApp(faust.App):  # type: ignore[misc]
    """A Faust app whose stages commit by transaction.

    ``worker_id`` must be stable over restarts and unique among the running workers of the group.
    """

    logger = logging.getLogger("faust.app")  # what Faust says of itself does not go by this module's name

    def __init__(
        self,
        *,
        connection: Connection,
        group: str,
        worker_id: str,
        datadir: str,
        batch: int,
        timing: Timing,
        max_request_bytes: int,
    ) -> None:
        check_libraries()
        super().__init__(
            group,
            **connection.for_faust(),
            datadir=datadir,
            store="memory://",
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
            consumer_auto_offset_reset="earliest",
            consumer_group_instance_id=worker_id,
            consumer_max_fetch_size=2 * max_request_bytes,
            # A group leader that sees no topics just after a broker's restart assigns nothing to everyone.
            consumer_metadata_max_age_ms=5000,
        )
        self.connection = connection
        self.worker_id = worker_id
        self.batch = batch
        self.timing = timing
        self.max_request_bytes = max_request_bytes
        self.watchdog = Watchdog()
        self.group_reader = GroupReader(connection, group=group)
        self.lease: Lease | None = None
        self.stages: list[StageAgent] = []
        self.transport = Transport(self.conf.broker_consumer, self)
        self._without_lease: int | None = None
        self.on_partitions_revoked.connect(self._settle, weak=False)
        self.on_before_shutdown.connect(self._drain, weak=False)

    def add_stage(self, name: str, topic: str, work: BatchWork) -> None:
        """Make an agent that reads ``topic``."""
        self.stages.append(StageAgent(self, name=name, topic=topic, work=work))

    async def on_first_start(self) -> None:
        """Open the producers before the first fetch: this ends the transactions that a dead predecessor left open."""
        await super().on_first_start()
        with self.watchdog.within(_START_S, "the transaction coordinator does not answer"):
            await asyncio.gather(*(stage.open() for stage in self.stages))

    def lease_granted(self, lease: Lease) -> None:
        """Partitions were assigned."""
        self._stop_waiting_for_lease()
        self.lease = lease
        log.info("partitions assigned", generation=lease.generation)

    def lease_ended(self) -> None:
        """Partitions are being revoked."""
        self.lease = None

    def lease_refused(self, lease: Lease) -> None:
        """The broker has refused a commit: wait for the rebalance that this worker has not heard of yet."""
        if self.lease == lease:
            self.lease = None
            self._stop_waiting_for_lease()
            self._without_lease = self.watchdog.start(_NO_LEASE_S, "refused by the group and not assigned anew")

    def _stop_waiting_for_lease(self) -> None:
        if self._without_lease is not None:
            self.watchdog.stop(self._without_lease)
            self._without_lease = None

    async def _settle(self, *_: object, **__: object) -> None:
        """Before partitions are given up: let batches in flight commit, while their lease still holds."""
        await self._wait_idle(self.timing.rebalance_timeout_s / 2)

    async def _wait_idle(self, timeout: float | None) -> None:
        if self.stages:
            await asyncio.wait([asyncio.ensure_future(stage.idle.wait()) for stage in self.stages], timeout=timeout)

    async def on_stop(self) -> None:
        """Stop, and be gone after ``stop_timeout_s`` even where a broker that is away holds the libraries up."""
        self.watchdog.start(self.timing.stop_timeout_s, "could not stop in time", code=EXIT_STOPPED_LATE)
        await super().on_stop()

    async def _drain(self, *_: object, **__: object) -> None:
        """On SIGTERM: finish the batches in flight, then let Faust leave the group."""
        self._stop_waiting_for_lease()
        self.lease = None
        await self._wait_idle(None)
        await asyncio.gather(*(stage.close() for stage in self.stages))


BatchWork = Callable[[Sequence[InRecord]], list[list[OutRecord]]]


class StageAgent:
    """The agent of one stage: batches of a topic's records in, transactions out."""

    _nlp_thread = ThreadPoolExecutor(1, "nlp")  # one for all stages: a worker is one core, more are more workers

    def __init__(self, app: StreamApp, *, name: str, topic: str, work: BatchWork) -> None:
        self.name = name
        self.idle = asyncio.Event()
        self.idle.set()
        self._app = app
        self._work = work
        self._io_thread = ThreadPoolExecutor(1, f"{name}-io")
        self._writer = TransactionWriter(
            app.connection,
            group=app.conf.id,
            transactional_id=f"{app.conf.id}-{name}-{app.worker_id}",
            transaction_timeout_ms=int(app.timing.transaction_timeout_s * 1000),
            max_request_bytes=app.max_request_bytes,
        )
        self._next: Offsets = {}  # the next offset to process of each partition, under self._lease
        self._lease: Lease | None = None
        # acks=False: Faust tracks, acks and commits nothing of this topic, on no path (exceptions, rebalances, stop).
        source = app.topic(
            topic, acks=False, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
        )
        app.agent(source, name=name, supervisor_strategy=CrashingSupervisor)(self._run)

    async def open(self) -> None:
        """Open the producer."""
        await self._in_io_thread(self._writer.open)

    async def close(self) -> None:
        """Make sure that the last batch is visible, and close the producer."""
        try:
            await self._in_io_thread(self._writer.confirm)
        except (kafka.errors.KafkaError, LeaseLostError, ReplacedError) as exc:
            log.warning("the last batch could not be confirmed", stage=self.name, error=repr(exc))
        await self._in_io_thread(self._writer.close)

    async def _run(self, stream: Any) -> None:  # noqa: ANN401  (a Faust stream)
        async for events in stream.take_events(self._app.batch, within=self._app.timing.linger_s):
            self.idle.clear()
            try:
                for messages in _portions([event.message for event in events]):
                    await self._batch(messages)
            except Exception:
                log.exception("stage failed", stage=self.name)
                leave(f"stage {self.name} failed")  # Faust would go on with the next batch and so lose this one
            finally:
                self.idle.set()

    async def _batch(self, messages: Sequence[Any]) -> None:
        lease = self._app.lease
        if lease != self._lease:
            self._lease, self._next = lease, {}
        if lease is None:
            return  # after the next assignment these are fetched again
        records, offsets = self._fresh(messages, lease)
        if not records:
            return
        loop = asyncio.get_running_loop()
        results = await loop.run_in_executor(self._nlp_thread, self._work, records)
        outputs = [output for result in results for output in result]
        with self._app.watchdog.within(self._app.timing.give_up_s, f"stage {self.name} cannot commit"):
            committed = await self._commit(outputs, offsets, lease)
        if committed:
            self._next.update(offsets)
        else:
            self._app.lease_refused(lease)

    def _fresh(self, messages: Sequence[Any], lease: Lease) -> tuple[list[InRecord], Offsets]:
        """The records of this assignment that are not processed yet, and the offsets after them."""
        records: list[InRecord] = []
        offsets: Offsets = {}
        for message in messages:
            partition = TopicPartition(message.topic, message.partition)
            expected = offsets.get(partition, self._next.get(partition, 0))
            if message.generation_id == lease.epoch and message.offset >= expected:
                records.append(_in_record(message))
                offsets[partition] = message.offset + 1
        return records, offsets

    async def _commit(self, outputs: list[OutRecord], offsets: Offsets, lease: Lease) -> bool:
        """True when committed, False when the lease is lost. Every retry is safe: the broker checks the lease."""
        unknown = False
        while True:
            try:
                if unknown and await self._in_io_thread(self._writer.settle, offsets):
                    return True
                await self._in_io_thread(self._writer.write, outputs, offsets, lease)
            except LeaseLostError:
                log.warning("lease lost, a batch is dropped", stage=self.name, records=len(outputs))
                return False
            except ReplacedError:
                if self._app.lease in {None, lease}:
                    raise
                return False  # this process has itself rejoined meanwhile
            except kafka.errors.KafkaError as exc:
                unknown = True
                log.warning("transaction failed, settling it", stage=self.name, error=repr(exc))
                await asyncio.sleep(_RETRY_S)
            else:
                return True

    async def _in_io_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
        return await asyncio.get_running_loop().run_in_executor(self._io_thread, function, *arguments)


def _in_record(message: Any) -> InRecord:  # noqa: ANN401  (a Faust message)
    time_ms = -1 if message.timestamp is None else round(message.timestamp * 1000)
    return InRecord(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=time_ms,
        key=message.key,
        value=message.value,
        headers=list(message.headers or ()),
    )


def _portions(messages: Sequence[Any], max_bytes: int = MAX_BATCH_BYTES) -> Iterator[list[Any]]:
    """Messages in portions of at most ``max_bytes``, or of one message."""
    portion: list[Any] = []
    size = 0
    for message in messages:
        length = len(message.value or b"")
        if portion and size + length > max_bytes:
            yield portion
            portion, size = [], 0
        portion.append(message)
        size += length
    yield portion
