"""The agent of one stage: messages of a Faust queue in, batches for a ``BatchCycle`` out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from pipeline.chunks import chunks
from pipeline.streaming.health.watchdog import leave
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.worker.cycle import BatchCycle, Fetched

if TYPE_CHECKING:
    from faust.types import EventT, Message, StreamT

log = structlog.get_logger(__name__)

MAX_BATCH_BYTES = 1_000_000  # of input: a batch of long articles is several transactions, so that none takes minutes
_FIRST_BATCH = 8  # records: the first articles of a worker that has just started do not wait for a full batch
_LOGGED_KEY_BYTES = 64  # a pusher may take anything for a key


class StageAgent:
    """Drains the queue of one stage; ``idle`` is set while no batch is in flight."""

    def __init__(self, cycle: BatchCycle, *, batch: int, linger_s: float) -> None:
        self.idle = asyncio.Event()
        self.idle.set()
        self._cycle = cycle
        self._batch = batch
        self._linger_s = linger_s
        self._batch_limit = min(_FIRST_BATCH, batch)
        self._queue: Any = None  # Faust's, once it runs

    async def run(self, stream: StreamT[bytes]) -> None:
        """Process batches without end; a failure ends the process."""
        self._queue = stream.channel.queue
        async for event in stream.events():
            fetched = await self._drain_queue(event)
            self.idle.clear()
            try:
                for batch in self._batches(fetched):
                    # Every line that is logged on the way names the records: places and ids, never their texts.
                    with structlog.contextvars.bound_contextvars(stage=self._cycle.stage, batch=_log_context(batch)):
                        if await self._cycle.run(batch):
                            self._batch_limit = min(2 * self._batch_limit, self._batch)
            except Exception:
                log.exception("stage failed", stage=self._cycle.stage)
                leave(f"stage {self._cycle.stage} failed")  # Faust would go on with the next batch and lose this one
            finally:
                self.idle.set()

    def queued_bytes(self) -> int:
        """Return how many bytes of keys and values wait in the queue."""
        waiting = self._queue._queue if self._queue else ()  # noqa: SLF001  (asyncio's deque: a queue cannot be looked at)
        return sum(len(event.message.value or b"") + len(event.message.key or b"") for event in waiting)

    async def _drain_queue(self, event: EventT[bytes]) -> list[Fetched]:
        """Return the record of an event and those queued behind it: at most a batch, and fewer after a start.

        Faust's ``take_events`` makes every batch that is not full wait for its whole time. Here a batch fills while the
        previous one is processed: an idle stage starts at once, a busy one takes many records.
        """
        queue = self._queue
        if queue.qsize() < self._batch_limit - 1:
            await asyncio.sleep(self._linger_s)
        messages = [event.message]
        while len(messages) < self._batch_limit and not queue.empty():
            messages.append(queue.get_nowait().message)
        return [_fetched(message) for message in messages]

    def _batches(self, fetched: Sequence[Fetched]) -> Iterator[list[Fetched]]:
        """Yield batches of at most ``MAX_BATCH_BYTES`` or of one record; records of a slow batch come one by one."""
        return chunks(fetched, size=self._weight, max_size=MAX_BATCH_BYTES)

    def _weight(self, fetched: Fetched) -> int:
        if self._cycle.slow_batches.includes(fetched.record):
            return MAX_BATCH_BYTES + 1
        return len(fetched.record.value or b"")


def _fetched(message: Message) -> Fetched:
    time_ms = -1 if message.timestamp is None else round(message.timestamp * 1000)
    record = InRecord(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=time_ms,
        key=message.key,
        value=message.value,
        headers=list(message.headers or ()),
    )
    return Fetched(record, message.generation_id)


def _log_context(batch: Sequence[Fetched]) -> list[dict[str, Any]]:
    """Return the first record of each partition in a batch and the number of records; its key is the article's id."""
    records = [fetched.record for fetched in batch]
    counts = Counter((record.topic, record.partition) for record in records)
    firsts = {(record.topic, record.partition): record for record in reversed(records)}
    return [
        {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "article": (record.key or b"")[:_LOGGED_KEY_BYTES].decode(errors="replace") or None,
            "records": counts[place],
        }
        for place, record in firsts.items()
    ]
