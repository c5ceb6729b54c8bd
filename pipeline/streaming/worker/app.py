"""The Faust app: one agent for each stage, each batch one transaction.

Faust owns the consumer group, the fetching and the agents. It commits nothing here (topics have ``acks=False``): a
stage's ``TransactionWriter`` does, under the lease that its partitions were assigned with.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import faust
import kafka.errors
import structlog
from faust.tables import TableManager
from kafka import TopicPartition
from mode import CrashingSupervisor

from pipeline.errors import RecordError
from pipeline.metrics import BATCHES_DROPPED, Count, Metrics
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.lag import Partition
from pipeline.streaming.kafka.records import InRecord, OutRecord, Rejection
from pipeline.streaming.worker import slow_batches as late
from pipeline.streaming.worker.consumer import Transport
from pipeline.streaming.worker.counted import Spent, count_batch, count_from_zero
from pipeline.streaming.worker.faust_settings import faust_settings
from pipeline.streaming.worker.libraries import check_libraries
from pipeline.streaming.worker.offset_log import Commit, CommitLog, Offsets
from pipeline.streaming.worker.progress import Progress
from pipeline.streaming.worker.rejection_rate import RejectionLimit, RejectionShare
from pipeline.streaming.worker.slow_batches import Late
from pipeline.streaming.worker.transactions import Lease, LeaseLostError, ReplacedError, TransactionWriter
from pipeline.streaming.worker.watchdog import (
    EXIT_STOPPED_LATE,
    EXIT_TOO_MANY_REJECTED,
    Watchdog,
    leave,
    without_the_interpreter,
)

log = structlog.get_logger(__name__)

MAX_BATCH_BYTES = 1_000_000  # of input: a batch of long articles is several transactions, so that none takes minutes
_FIRST_BATCH = 8  # the first articles of a worker that has just started shall not wait for a full batch
_RETRY_S = 0.2
_START_S = 60.0  # a broker that has just been restarted takes its time to know its transactions
_NO_LEASE = 3  # times the longest rebalance: whoever waits longer has been forgotten
# Of each partition in one answer; what is larger comes whole, as the only one of its partition (KIP-74). More would
# only lie in memory, for each partition of three topics.
_FETCH_BYTES = 1_048_576
_LOGGED_KEY_BYTES = 64  # whoever pushes may take anything for a key
_LOOK_S = 0.5  # how often a batch that is worked on is looked at
# By the clock, far beyond the CPU that a batch may take: whoever has not ended it by then does not get the interpreter.
_HELD = 3
_HELD_S = 120.0


@dataclass(frozen=True)
class Timing:
    """How long a worker waits for what, in seconds; those of ``batch_cpu_s`` are of CPU."""

    linger_s: float
    session_timeout_s: float
    transaction_timeout_s: float
    give_up_s: float
    stop_timeout_s: float
    rebalance_timeout_s: float = 30.0
    stall_s: float = 120.0
    batch_cpu_s: float = 60.0


class NoTables(TableManager):  # type: ignore[misc]
    """Faust's tables of an app that has none: its own manager waits a second before it starts anything."""

    logger = logging.getLogger("faust.tables")

    async def on_start(self) -> None:
        """Start without tables."""
        await self._update_channels()
        await self.recovery.start()


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
        commits_topic: str,
        worker_id: str,
        datadir: str,
        batch: int,
        timing: Timing,
        max_request_bytes: int,
        rejection_limit: RejectionLimit,
        metrics: Metrics,
    ) -> None:
        check_libraries()
        super().__init__(
            group,
            **faust_settings(connection),
            datadir=datadir,
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
            consumer_auto_offset_reset="earliest",
            consumer_group_instance_id=worker_id,
            consumer_max_fetch_size=_FETCH_BYTES,
            # A group leader that sees no topics just after a broker's restart assigns nothing to everyone.
            consumer_metadata_max_age_ms=5000,
        )
        self.connection = connection
        self.worker_id = worker_id
        self.batch = batch
        self.timing = timing
        self.max_request_bytes = max_request_bytes
        self.metrics = metrics
        self.rejection_limit = rejection_limit
        self.progress = Progress(timing.stall_s)
        self.watchdog = Watchdog(self.progress.stall)
        self.late: dict[TopicPartition, Late] = {}  # what the committed offsets say of records that took too long
        self.commits_topic = commits_topic
        self.commits = CommitLog(connection, group=group, topic=commits_topic)
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
        self._wait_for_lease("the group does not take this worker in")

    def commits_found(self, commits: Mapping[TopicPartition, Commit]) -> None:
        """Committed offsets were read, with what an earlier owner of the partitions has noted there."""
        for partition, commit in commits.items():
            found = late.decode(commit.note)
            if found is None:
                self.late.pop(partition, None)
            else:
                self.late[partition] = found

    def lease_granted(self, lease: Lease) -> None:
        """Partitions were assigned."""
        self._stop_waiting_for_lease()
        self.lease = lease
        self.progress.assigned()
        log.info("partitions assigned", generation=lease.generation)

    def lease_ended(self) -> None:
        """Partitions are being revoked."""
        self.lease = None
        self.progress.revoked()
        self._wait_for_lease("a rebalance of the group does not end")

    def partitions(self) -> list[Partition] | None:
        """Those that this worker may commit for; None between two assignments."""
        return None if self.lease is None else [tuple(partition) for partition in self.consumer.assignment()]

    def lease_refused(self, lease: Lease) -> None:
        """The broker has refused a commit: wait for the rebalance that this worker has not heard of yet."""
        if self.lease == lease:
            self.lease = None
            self.progress.revoked()
            self._wait_for_lease("refused by the group and not assigned anew")

    def _wait_for_lease(self, why: str) -> None:
        self._stop_waiting_for_lease()
        self._without_lease = self.watchdog.start(_NO_LEASE * self.timing.rebalance_timeout_s, why)

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


class BatchWork(Protocol):
    """What a stage does."""

    def __call__(self, records: Sequence[InRecord]) -> list[list[OutRecord]]:
        """For each record what is to be sent for it."""

    def reject(self, record: InRecord, error: Exception, *, attempts: int) -> OutRecord:
        """What is to be sent for a record that cannot be taken."""

    def speaks_against(self, rejection: Rejection) -> bool:
        """Whether a record was rejected for what may be the stage's own fault."""


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
            commits_topic=app.commits_topic,
            transactional_id=f"{app.conf.id}-{name}-{app.worker_id}",
            transaction_timeout_ms=int(app.timing.transaction_timeout_s * 1000),
            max_request_bytes=app.max_request_bytes,
        )
        self._most = min(_FIRST_BATCH, app.batch)  # records in the next batch, at most
        self._next: Offsets = {}  # the next offset to process of each partition, under self._lease
        self._lease: Lease | None = None
        self._share = RejectionShare(app.rejection_limit)
        count_from_zero(app.metrics, stage=name)
        self._share_key = f"{app.conf.id}/rejections/{name}/{app.worker_id}".encode()
        self._recalled = app.rejection_limit.share >= 1  # no limit
        # acks=False: Faust tracks, acks and commits nothing of this topic, on no path (exceptions, rebalances, stop).
        source = app.topic(
            topic, acks=False, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
        )
        app.agent(source, name=name, supervisor_strategy=CrashingSupervisor)(self._run)

    async def open(self) -> None:
        """Open the producer, as soon as the coordinator answers."""
        await self._patiently("the transaction coordinator does not answer yet", self._writer.open)

    async def close(self) -> None:
        """Make sure that the last batch is visible, and close the producer."""
        try:
            await self._in_io_thread(self._writer.confirm)
        except (kafka.errors.KafkaError, LeaseLostError, ReplacedError) as exc:
            log.warning("the last batch could not be confirmed", stage=self.name, error=repr(exc))
        await self._in_io_thread(self._writer.close)

    async def _run(self, stream: Any) -> None:  # noqa: ANN401  (a Faust stream)
        async for event in stream.events():
            fetched = await self._and_more(event, stream.channel.queue)
            self.idle.clear()
            try:
                for messages in _portions(fetched, self._is_late):
                    # Whatever is logged on the way says of which records: their places and ids, never their texts.
                    with structlog.contextvars.bound_contextvars(stage=self.name, batch=_firsts(messages)):
                        await self._batch(messages)
            except Exception:
                log.exception("stage failed", stage=self.name)
                leave(f"stage {self.name} failed")  # Faust would go on with the next batch and so lose this one
            finally:
                self.idle.set()

    async def _and_more(self, event: Any, queue: Any) -> list[Any]:  # noqa: ANN401  (of Faust)
        """The message of an event, and those that wait behind it: at most a batch, and after a start less.

        Faust's ``take_events`` lets every batch wait for its whole time unless it is full. Here a batch fills while the
        one before it is worked on: who is idle starts at once, who is busy takes many.
        """
        if queue.qsize() < self._most - 1:
            await asyncio.sleep(self._app.timing.linger_s)
        messages = [event.message]
        while len(messages) < self._most and not queue.empty():
            messages.append(queue.get_nowait().message)
        return messages

    async def _batch(self, messages: Sequence[Any]) -> None:
        lease = self._app.lease
        if lease != self._lease:
            self._lease, self._next = lease, {}
        if lease is None:
            return  # after the next assignment these are fetched again
        records, offsets = self._fresh(messages, lease)
        if not records:
            return
        began = time.monotonic()
        results = await self._results(records, offsets, lease)
        outputs = [output for result in results for output in result]
        outputs += await self._count(len(records), outputs)
        notes = {
            partition: self._app.late[partition].after(offset)
            for partition, offset in offsets.items()
            if partition in self._app.late
        }
        analysed = time.monotonic()
        with self._app.watchdog.within(self._app.timing.give_up_s, f"stage {self.name} cannot commit"):
            committed = await self._commit(outputs, offsets, lease, notes)
        if committed:
            self._next.update(offsets)
            self._most = min(2 * self._most, self._app.batch)
            spent = Spent(analysed - began, time.monotonic() - analysed)
            count_batch(self._app.metrics, stage=self.name, records=len(records), outputs=outputs, spent=spent)
        else:
            self._app.metrics.add([Count(BATCHES_DROPPED, (self.name,))])
            self._app.lease_refused(lease)

    def _is_late(self, message: Any) -> bool:  # noqa: ANN401  (a Faust message)
        """Whether it was in a batch that took too long: such ones are worked on one by one."""
        found = self._app.late.get(TopicPartition(message.topic, message.partition))
        return found is not None and message.offset < found.until

    async def _results(self, records: list[InRecord], offsets: Offsets, lease: Lease) -> list[list[OutRecord]]:
        """What the stage makes of the records; where that takes too long, this process ends, and the next one knows."""
        first = records[0]
        found = self._app.late.get(TopicPartition(first.topic, first.partition))
        limit_s = self._app.timing.batch_cpu_s
        if found is not None and found.reject == first.offset:
            error = RecordError("failed", f"the stage took more than {limit_s:g} s of CPU (worker.batch_cpu_ms) for it")
            return [[self._work.reject(first, error, attempts=2)]]
        began_cpu_s: list[float] = []  # empty while other stages have the thread
        working = asyncio.get_running_loop().run_in_executor(self._nlp_thread, self._worked, records, began_cpu_s)
        while not (await asyncio.wait([working], timeout=_LOOK_S))[0]:
            if began_cpu_s and time.process_time() - began_cpu_s[0] > limit_s:
                await self._note_late(records, offsets, lease)
                leave(f"stage {self.name} takes more than {limit_s:g} s of CPU (worker.batch_cpu_ms) for a batch")
        return working.result()

    def _worked(self, records: list[InRecord], began_cpu_s: list[float]) -> list[list[OutRecord]]:
        with without_the_interpreter(_HELD_S + _HELD * self._app.timing.batch_cpu_s):
            began_cpu_s.append(time.process_time())
            return self._work(records)

    async def _note_late(self, records: list[InRecord], offsets: Offsets, lease: Lease) -> None:
        """Tell whoever gets the partitions next to take these records one by one, or to reject the one that it was."""
        first: Offsets = {}
        for record in records:
            first.setdefault(TopicPartition(record.topic, record.partition), record.offset)
        alone = records[0].offset if len(records) == 1 else None
        notes = {partition: self._late_until(partition, offsets[partition], alone).encode() for partition in first}
        log.error("a batch takes too long", stage=self.name, records=len(records), places=_places(first))
        with self._app.watchdog.within(
            self._app.timing.give_up_s, f"stage {self.name} cannot note a batch as too slow"
        ):
            await self._commit([], first, lease, notes)

    def _late_until(self, partition: TopicPartition, after: int, reject: int | None) -> Late:
        before = self._app.late.get(partition)
        return Late(max(after, before.until if before else 0), reject)

    async def _count(self, records: int, outputs: Sequence[OutRecord]) -> list[OutRecord]:
        """Stop where too many records are rejected, before the last of them are; else what to keep of the count."""
        rejections = [output.rejection for output in outputs if output.rejection is not None]
        against = [rejection for rejection in rejections if self._work.speaks_against(rejection)]
        if against and not self._recalled:
            with self._app.watchdog.within(self._app.timing.give_up_s, f"stage {self.name} cannot read its rejections"):
                await self._recall()
        if self._share.add(records, against, time.monotonic()):
            leave(
                f"stage {self.name} rejects {self._share}: more than worker.max_rejected_share allows. Nothing is lost;"
                " mend the cause and start the workers again, or raise the limit. Started again as it is, this worker"
                f" stops at the next record that fails, until {self._app.rejection_limit.window_s:g} s have passed",
                EXIT_TOO_MANY_REJECTED,
            )
        if not self._share.tells:
            return []
        kept = self._share.encode(time.monotonic(), clock_s=time.time())
        return [OutRecord(self._app.commits_topic, 0, None, self._share_key, kept, [])]

    async def _recall(self) -> None:
        """Before the first rejection: what the process before, of the same id, has counted of late."""
        kept = await self._patiently("earlier rejections cannot be read yet", self._writer.last, self._share_key)
        self._recalled = True
        if kept is not None:
            self._share.recall(kept, time.monotonic(), clock_s=time.time())

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

    async def _commit(
        self, outputs: list[OutRecord], offsets: Offsets, lease: Lease, notes: Mapping[TopicPartition, str]
    ) -> bool:
        """True when committed, False when the lease is lost. Every retry is safe: the broker checks the lease."""
        unknown = False
        while True:
            try:
                if unknown and await self._in_io_thread(self._writer.settle, offsets):
                    return True
                await self._in_io_thread(self._writer.write, outputs, offsets, lease, notes)
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

    async def _patiently(self, not_yet: str, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
        """Try again, saying ``not_yet``, until Kafka answers; what no waiting mends ends the worker."""
        while True:
            try:
                return await self._in_io_thread(function, *arguments)
            except kafka.errors.KafkaError as exc:
                if not exc.retriable:
                    raise
                log.warning(not_yet, stage=self.name, error=repr(exc))
            await asyncio.sleep(_RETRY_S)

    async def _in_io_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
        run = contextvars.copy_context().run  # what is bound for the log is bound there too
        return await asyncio.get_running_loop().run_in_executor(self._io_thread, run, function, *arguments)


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


def _firsts(messages: Sequence[Any]) -> list[dict[str, Any]]:
    """Of each partition the first record of a batch, and how many there are; its key is the article's id."""
    counts = Counter((message.topic, message.partition) for message in messages)
    firsts = {(message.topic, message.partition): message for message in reversed(messages)}
    return [
        {
            "topic": message.topic,
            "partition": message.partition,
            "offset": message.offset,
            "article": (message.key or b"")[:_LOGGED_KEY_BYTES].decode(errors="replace") or None,
            "records": counts[place],
        }
        for place, message in firsts.items()
    ]


def _places(offsets: Offsets) -> str:
    return ", ".join(f"{partition.topic}/{partition.partition}/{offset}" for partition, offset in offsets.items())


def _portions(
    messages: Sequence[Any],
    alone: Callable[[Any], bool] = lambda _message: False,
    *,
    max_bytes: int = MAX_BATCH_BYTES,
) -> Iterator[list[Any]]:
    """Messages in portions of at most ``max_bytes``, or of one message; one that shall be ``alone`` is."""
    portion: list[Any] = []
    size = 0
    for message in messages:
        length = max_bytes + 1 if alone(message) else len(message.value or b"")
        if portion and size + length > max_bytes:
            yield portion
            portion, size = [], 0
        portion.append(message)
        size += length
    yield portion
