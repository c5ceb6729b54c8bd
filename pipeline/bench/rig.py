"""Orders in, running processes out that are measured from outside: raw language processes, and chains on a Kafka."""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import psutil

from pipeline.bench.corpus import Corpus
from pipeline.bench.raw import RawOrders
from pipeline.broker import EmbeddedKafka
from pipeline.chaos.chaos_worker import Orders
from pipeline.contract.events import EnrichedV1, RejectedV1
from pipeline.errors import UsageError
from pipeline.sources import SourceRecord
from pipeline.streaming.health.processes import close_input, end_process, start
from pipeline.streaming.kafka.producers import IdempotentProducer
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.kafka.topics import Topic, create_topics
from pipeline.streaming.worker.run import WorkerOptions
from pipeline.topology import TOPICS

_POLL_S = 0.005
_PATIENCE_S = 180.0
_STOP_S = 30.0
_RAW = (sys.executable, "-m", "pipeline.bench.raw")
_WORKER = (sys.executable, "-m", "pipeline.bench.bench_worker")


@dataclass(frozen=True)
class Throughput:
    """One run. ``cpu_ms`` and ``broker_cpu_ms`` are per article, the former over all processes of the chain."""

    articles_per_s: float
    tokens_per_s: float
    cpu_ms: float
    broker_cpu_ms: float | None = None
    rss_mb: float | None = None


@dataclass(frozen=True)
class Latency:
    """From push to enriched, in milliseconds, at so many articles a second."""

    articles_per_s: float
    p50_ms: float
    p99_ms: float
    articles: int


class Arrivals(threading.Thread):
    """When each article came out of the chain, and how often: by key, on the clock of ``time.monotonic``."""

    def __init__(self, worker: WorkerOptions) -> None:
        super().__init__(name="arrivals", daemon=True)
        self.times: dict[bytes, float] = {}
        self.copies: Counter[bytes] = Counter()
        self.rejected = 0
        self._rejected_topic = worker.prefix + TOPICS[RejectedV1]
        topics = [worker.prefix + TOPICS[event] for event in (EnrichedV1, RejectedV1)]
        self._reader = RecordReader(worker.connection, topics, start="beginning")

    def run(self) -> None:
        """Follow until stopped."""
        with self._reader as reader:
            for record in reader:
                self.times.setdefault(record.key or b"", time.monotonic())
                self.copies[record.key or b""] += 1
                self.rejected += record.topic == self._rejected_topic

    def stop(self) -> None:
        """End, and wait for it."""
        self._reader.stop()
        self.join()

    def wait_for(self, articles: int, workers: Sequence[subprocess.Popen[bytes]]) -> None:
        """Until so many have come.

        Raises:
            UsageError: a worker has ended, nothing comes any more, or a good article was rejected.
        """
        came, since = -1, time.monotonic()
        while len(self.times) < articles:
            if any(worker.poll() is not None for worker in workers):
                raise UsageError("a worker under measurement has exited; its last log lines are above")
            if len(self.times) != came:
                came, since = len(self.times), time.monotonic()
            if time.monotonic() - since > _PATIENCE_S:
                raise UsageError(
                    f"only {came:,} of {articles:,} articles came out of the chain: see `claimwire health`"
                )
            time.sleep(_POLL_S)
        if self.rejected:
            raise UsageError(f"{self.rejected:,} articles were rejected: bench needs articles that the chain accepts")


@dataclass
class RawProcesses:
    """Processes that run the language functions over one corpus, each all of it."""

    corpus: Corpus
    processes: list[subprocess.Popen[bytes]]

    def run(self) -> Throughput:
        """All at the same time, once."""
        for process in self.processes:
            _send(process, b"go")
        found = [orjson.loads(_answer(process)) for process in self.processes]
        articles_per_s = sum(len(self.corpus) / run["seconds"] for run in found)
        return Throughput(
            articles_per_s=articles_per_s,
            tokens_per_s=articles_per_s * self.corpus.tokens / len(self.corpus),
            cpu_ms=sum(run["cpu_s"] for run in found) / len(found) / len(self.corpus) * 1000,
            rss_mb=max(psutil.Process(process.pid).memory_info().rss for process in self.processes) / 1e6,
        )


@dataclass
class Chain:
    """Workers on topics of their own; ``start_s`` is from a worker's start to its first batch.

    ``begin`` starts one more, by its number.
    """

    worker: WorkerOptions
    arrivals: Arrivals
    workers: list[subprocess.Popen[bytes]]
    broker: psutil.Process | None
    begin: Callable[[int], subprocess.Popen[bytes]]
    start_s: float
    pushed: int

    def throughput(self, corpus: Corpus, records: Sequence[SourceRecord]) -> Throughput:
        """Push all at once, and wait until all came out."""
        cpu, broker_cpu, begin = self._cpu_s(), self._broker_cpu_s(), time.monotonic()
        self.push(records)
        self.wait()
        seconds = max(self.arrivals.times[record.key] for record in records) - begin
        count = len(records)
        broker_spent = None if self.broker is None else (self._broker_cpu_s() - broker_cpu) / count * 1000
        return Throughput(
            articles_per_s=count / seconds,
            tokens_per_s=count / seconds * corpus.tokens / len(corpus),
            cpu_ms=(self._cpu_s() - cpu) / count * 1000,
            broker_cpu_ms=broker_spent,
            rss_mb=max(psutil.Process(process.pid).memory_info().rss for process in self.workers) / 1e6,
        )

    def latency(self, records: Sequence[SourceRecord], *, articles_per_s: float) -> Latency:
        """Push at an even pace."""
        times: dict[bytes, float] = {}

        def paced() -> Iterator[SourceRecord]:
            begin = time.monotonic()
            for number, record in enumerate(records):
                time.sleep(max(0.0, begin + number / articles_per_s - time.monotonic()))
                times[record.key] = time.monotonic()
                yield record

        self.push(paced())
        self.wait()
        found = sorted(self.arrivals.times[key] - at for key, at in times.items())
        return Latency(
            articles_per_s=articles_per_s,
            p50_ms=found[len(found) // 2] * 1000,
            p99_ms=found[min(len(found) - 1, len(found) * 99 // 100)] * 1000,
            articles=len(found),
        )

    def push(self, records: Iterator[SourceRecord] | Sequence[SourceRecord]) -> None:
        """Push, each confirmed.

        Raises:
            UsageError: one was not taken.
        """
        with IdempotentProducer(self.worker.connection, prefix=self.worker.prefix) as producer:
            for delivery in producer.push(records):
                if delivery.error:
                    raise UsageError(f"{delivery.record.name} could not be pushed: {delivery.error}")
                self.pushed += 1

    def wait(self) -> None:
        """Until all that was pushed came out."""
        self.arrivals.wait_for(self.pushed, self.workers)

    def kill(self, number: int) -> None:
        """SIGKILL to one worker, and another in its place at once, as by a supervisor."""
        self.workers[number].kill()
        self.workers[number].wait()
        self.workers[number] = self.begin(number)

    def _cpu_s(self) -> float:
        return sum(sum(psutil.Process(process.pid).cpu_times()[:2]) for process in self.workers)

    def _broker_cpu_s(self) -> float:
        return sum(self.broker.cpu_times()[:2]) if self.broker else 0.0


@dataclass(frozen=True)
class Rig:
    """What all measurements share. ``folder`` keeps what processes need; ``broker`` is the embedded Kafka's process."""

    worker: WorkerOptions
    topics: Sequence[Topic]
    folder: Path
    broker: psutil.Process | None

    @contextmanager
    def raw(self, corpus: Corpus, *, processes: int = 1) -> Iterator[RawProcesses]:
        """So many processes, warm."""
        path = self.folder / f"{secrets.token_hex(4)}.jsonl"
        path.write_bytes(b"\n".join(record.value for record in corpus.records))
        orders = RawOrders(articles=str(path), batch=self.worker.batch, threshold=self.worker.threshold)
        with ExitStack() as stack:
            started = [
                stack.enter_context(_process(_RAW, orjson.dumps(asdict(orders)) + b"\n")) for _ in range(processes)
            ]
            for process in started:
                _answer(process)
            yield RawProcesses(corpus, started)

    @contextmanager
    def chain(
        self,
        warm_up: Sequence[SourceRecord],
        *,
        workers: int = 1,
        real: bool = True,
        batch: int | None = None,
        partitions: int | None = None,
        layers: Path | None = None,
        program: Sequence[str] = _WORKER,
    ) -> Iterator[Chain]:
        """So many workers on new topics that hold the articles ``warm_up``, once these came out.

        ``layers`` is where the first worker writes its CPU by layer when it ends. Another ``program`` than the worker
        gets the same orders.
        """
        prefix = f"bench-{secrets.token_hex(4)}."
        options = replace(self.worker, prefix=prefix, worker_id=prefix, batch=batch or self.worker.batch)
        create_topics(
            options.connection,
            [
                replace(topic, name=prefix + topic.name, partitions=partitions or topic.partitions)
                for topic in self.topics
            ],
        )
        with ExitStack() as stack:
            arrivals = Arrivals(options)
            arrivals.start()
            stack.callback(arrivals.stop)

            def begin(number: int) -> subprocess.Popen[bytes]:
                orders = Orders(replace(options, worker_id=f"{prefix}{number}"), real=real, ms=0.0)
                arguments = [str(layers)] if layers and number == 0 else []
                return stack.enter_context(_process([*program, *arguments], orders.encode()))

            chain = Chain(options, arrivals, [], self.broker, begin, start_s=0.0, pushed=0)
            chain.push(warm_up)
            began = time.monotonic()
            chain.workers.extend(begin(number) for number in range(workers))
            chain.wait()
            chain.start_s = min(arrivals.times.values(), default=began) - began
            yield chain


@contextmanager
def temporary_rig(
    options: Callable[[str | None], WorkerOptions],
    topics: Sequence[Topic],
    *,
    embedded: bool,
    environ: Mapping[str, str],
    progress: Callable[[str], None],
) -> Iterator[Rig]:
    """A rig in a temporary folder, with a Kafka of its own there if ``embedded``.

    ``options`` makes a worker's options of the embedded Kafka's address, or of None for the user's Kafka.
    """
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="claimwire-bench-", ignore_cleanup_errors=True))
        folder = Path(name)
        kafka = None
        if embedded:
            kafka = stack.enter_context(EmbeddedKafka(folder / "kafka", environ=environ, progress=progress))
        yield Rig(
            worker=options(kafka.bootstrap if kafka else None),
            topics=topics,
            folder=folder,
            broker=psutil.Process(kafka.pid) if kafka else None,
        )


@contextmanager
def _process(command: Sequence[str], orders: bytes) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs while the block does."""
    with start(command, orders=orders, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            with suppress(BrokenPipeError):
                close_input(process)
            end_process(process, within_s=_STOP_S)


def _send(process: Any, line: bytes) -> None:  # noqa: ANN401  (its pipes are there)
    process.stdin.write(line + b"\n")
    process.stdin.flush()


def _answer(process: Any) -> bytes:  # noqa: ANN401  (its pipes are there)
    line: bytes = process.stdout.readline()
    if not line:
        raise UsageError("a process under measurement has exited; its last lines are above")
    return line
