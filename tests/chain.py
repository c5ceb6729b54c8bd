"""A chain on a real Kafka for tests: its topics, its workers as processes, what came out of it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError
from typing_extensions import Self
from waiting import PATIENCE_S

from pipeline.contract.codec import decode
from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1, EntitiesV1, Origin, RejectedV1, SentencesV1
from pipeline.settings import shipped
from pipeline.streaming.health.supervisor import Supervisor
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.topics import create_topics, load_topics
from pipeline.topology import TOPICS

WORKER = Path(__file__).parent / "plain_worker.py"

Place = tuple[int, int]  # partition and offset of an article


class Outcomes(NamedTuple):
    """All that a read-committed consumer finds on the output topics."""

    enriched: list[EnrichedV1]
    claims: list[ClaimV1]
    rejected: list[RejectedV1]

    def places(self) -> Counter[Place]:
        """How often each article has come out, enriched or rejected."""
        origins = [event.origin for event in self.enriched] + [event.origin or event.record for event in self.rejected]
        return Counter((origin.partition, origin.offset) for origin in origins)

    def disorder(self) -> int:
        """How many enriched events stand behind a later article of their partition."""
        last: dict[int, int] = {}
        count = 0
        for event in self.enriched:
            count += event.origin.offset < last.get(event.origin.partition, -1)
            last[event.origin.partition] = event.origin.offset
        return count


@dataclass
class Chain:
    """The topics of one test, and the workers on them. ``model`` is real or plain (no language functions)."""

    bootstrap: str
    prefix: str
    logs: Path
    partitions: int = 4
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        create_topics(
            self.connection,
            load_topics(shipped("config") / "topics.toml", prefix=self.prefix, partitions=self.partitions),
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for name in list(self.workers):
            self.stop(name)

    @property
    def connection(self) -> Connection:
        return Connection((self.bootstrap,))

    def topic(self, event: type[ArticleV1 | SentencesV1 | EntitiesV1 | ClaimV1 | EnrichedV1 | RejectedV1]) -> str:
        return self.prefix + TOPICS[event]

    def start(self, name: str, *options: str) -> subprocess.Popen[bytes]:
        """Start a worker; ``options`` are those of plain_worker.py, such as ``--real``."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self.workers[name] = subprocess.Popen(
                [sys.executable, str(WORKER), self.bootstrap, self.prefix, name, *options], stdout=log, stderr=log
            )
        return self.workers[name]

    @contextmanager
    def supervised(self, workers: int, *options: str) -> Iterator[Supervisor]:
        """So many workers that are started again whenever they end, as ``claimwire up`` does; one log for all."""
        command = [sys.executable, str(WORKER), self.bootstrap, self.prefix, *options]
        with (
            (self.logs / "supervised.log").open("ab") as log,
            Supervisor(command, workers, name=f"{self.prefix}s", output=log) as supervisor,
        ):
            yield supervisor

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(encoding="utf-8")

    def kill(self, name: str) -> None:
        """SIGKILL."""
        worker = self.workers.pop(name)
        worker.kill()
        worker.wait()

    def stop(self, name: str) -> int:
        """SIGTERM; the exit code."""
        worker = self.workers.pop(name)
        worker.terminate()
        try:
            return worker.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
            raise

    def push(
        self,
        values: Iterable[bytes | None],
        *,
        topic: str | None = None,
        key: bytes | None = None,
        headers: list[tuple[str, bytes]] | None = None,
        timestamp_ms: int | None = None,
    ) -> list[Place]:
        """Send records, and where each one is."""
        topic = topic or self.topic(ArticleV1)
        settings = {"max_request_size": 8_000_000, "compression_type": "zstd", "linger_ms": 5}
        with closing(KafkaProducer(bootstrap_servers=self.bootstrap, **settings)) as producer:
            sent = [
                producer.send(
                    topic,
                    value,
                    key=b"" if value is None and key is None else key,  # the client wants one of the two
                    partition=number % self.partitions,
                    headers=headers,
                    timestamp_ms=timestamp_ms,
                )
                for number, value in enumerate(values)
            ]
            found = [future.get(PATIENCE_S) for future in sent]
        return [(metadata.partition, metadata.offset) for metadata in found]

    def outcomes(self, wanted: int, *, patience_s: float = PATIENCE_S, settle_s: float = 1.5) -> Outcomes:
        """What came out, once ``wanted`` articles have, and ``settle_s`` later: so long a repeated one has to show."""
        topics = [self.topic(EnrichedV1), self.topic(ClaimV1), self.topic(RejectedV1)]
        outcomes = Outcomes([], [], [])
        with closing(self._consumer(topics)) as consumer:
            deadline = time.monotonic() + patience_s
            while time.monotonic() < deadline:
                for partition, records in consumer.poll(200).items():
                    for record in records:
                        _take(outcomes, partition.topic.removeprefix(self.prefix), record.value)
                if len(outcomes.enriched) + len(outcomes.rejected) >= wanted and deadline - time.monotonic() > settle_s:
                    deadline = time.monotonic() + settle_s
                    wanted = 2**63
        return outcomes

    def records(self, event: type[SentencesV1 | EntitiesV1 | ClaimV1 | EnrichedV1 | RejectedV1]) -> list[object]:
        """The committed records of an output topic, as kafka-python gives them."""
        found: list[object] = []
        with closing(self._consumer([self.topic(event)])) as consumer:
            ends = consumer.end_offsets(list(consumer.assignment()))
            while any(consumer.position(partition) < end for partition, end in ends.items()):
                for records in consumer.poll(200).values():
                    found.extend(records)
        return found

    def _consumer(self, topics: list[str]) -> KafkaConsumer:
        consumer = KafkaConsumer(
            bootstrap_servers=self.bootstrap,
            client_id="tests",
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        consumer.assign(
            [TopicPartition(topic, number) for topic in topics for number in sorted(_partitions(consumer, topic))]
        )
        return consumer


def _partitions(consumer: KafkaConsumer, topic: str) -> set[int]:
    """Ask until the broker knows itself: one that was frozen or has just started tells of no broker at first."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            found: set[int] = consumer.partitions_for_topic(topic)
        except KafkaError as exc:
            if not exc.retriable or time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return found


def _take(outcomes: Outcomes, topic: str, value: bytes) -> None:
    if topic == TOPICS[EnrichedV1]:
        outcomes.enriched.append(decode(EnrichedV1, value))
    elif topic == TOPICS[ClaimV1]:
        outcomes.claims.append(decode(ClaimV1, value))
    else:
        outcomes.rejected.append(decode(RejectedV1, value))


def article(number: int, text: str = "One line.", **fields: object) -> bytes:
    """A record of ``news.articles``, by its number."""
    return orjson.dumps({"id": f"a{number}", "text": text, **fields})


def place(origin: Origin | None) -> Place:
    """Of an event's origin."""
    assert origin is not None
    return origin.partition, origin.offset
