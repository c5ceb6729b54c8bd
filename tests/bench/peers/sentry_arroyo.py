"""Arroyo, at least once: batches, a task that enriches and produces, offsets committed once that is delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arroyo import Partition, Topic
from arroyo.backends.kafka import (
    KafkaConsumer,
    KafkaPayload,
    KafkaProducer,
    build_kafka_configuration,
    build_kafka_consumer_configuration,
)
from arroyo.processing import StreamProcessor
from arroyo.processing.strategies import CommitOffsets, ProcessingStrategyFactory, RunTask
from arroyo.processing.strategies.batching import BatchStep
from bench.peers.work import Article, Work, work


class Factory(ProcessingStrategyFactory[Any]):  # type: ignore[misc]
    """The steps: a batch, the task, the commit."""

    def __init__(self, this: Work, producer: Any) -> None:
        self._work, self._producer = this, producer

    def create_with_partitions(self, commit: Any, partitions: Mapping[Partition, int]) -> Any:  # noqa: ARG002
        """Of one assignment."""
        return BatchStep(self._work.batch, self._work.linger_s, RunTask(self._run, CommitOffsets(commit)))

    def _run(self, message: Any) -> None:
        articles = [
            Article(
                value.payload.key,
                value.payload.value,
                value.partition.index,
                value.offset,
                round(value.timestamp.timestamp() * 1000),
            )
            for value in message.payload
        ]
        sent = [
            self._producer.produce(Topic(output.topic), KafkaPayload(output.key, output.value, []))
            for output in self._work.enrich(articles)
        ]
        for delivery in sent:
            delivery.result()


def main() -> None:
    """Run until killed."""
    this = work()
    servers = this.bootstrap.split(",")
    consumer = KafkaConsumer(
        build_kafka_consumer_configuration(
            {"session.timeout.ms": this.session_timeout_ms}, this.group, bootstrap_servers=servers
        )
    )
    producer = KafkaProducer(build_kafka_configuration({}, bootstrap_servers=servers))
    StreamProcessor(consumer, Topic(this.articles), Factory(this, producer)).run()


if __name__ == "__main__":
    main()
