"""Bytewax, at least once: Kafka's source and sink, and its recovery from snapshots of the offsets.

A batch is what the source reads of one partition at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bytewax.operators as op
from bench.peers.work import Article, work
from bytewax.connectors.kafka import KafkaSink, KafkaSinkMessage, KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main


def main() -> None:
    """Run until killed."""
    this = work()
    brokers = this.bootstrap.split(",")

    def enrich(messages: list[Any]) -> Iterator[Any]:
        articles = [Article(m.key, m.value, m.partition, m.offset, m.timestamp[1]) for m in messages]
        for output in this.enrich(articles):
            yield KafkaSinkMessage(output.key, output.value, topic=output.topic)

    flow = Dataflow("peer")
    articles = op.input("articles", flow, KafkaSource(brokers, [this.articles], batch_size=this.batch))
    outputs = op.flat_map_batch("enrich", articles, enrich)
    op.output("outputs", outputs, KafkaSink(brokers, None))
    if not list(this.folder.glob("*.sqlite3")):
        init_db_dir(this.folder, 1)
    cli_main(flow, recovery_config=RecoveryConfig(this.folder))


if __name__ == "__main__":
    main()
