"""Quix Streams, exactly once.

It hands over one article at a time: its only batches are windows, which are held back until the next one begins. So the
batch function gets one article at each call; a transaction holds as many as a batch of the others.
"""

from __future__ import annotations

from typing import Any

from bench.peers.work import Article, Output, work
from quixstreams import Application, message_context

_COMMIT_INTERVAL_S = 0.5  # its default of 5 s is what an article would wait for on a quiet day


def main() -> None:
    """Run until killed."""
    this = work()
    app = Application(
        broker_address=this.bootstrap,
        consumer_group=this.group,
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        commit_every=this.batch,
        commit_interval=_COMMIT_INTERVAL_S,
        consumer_extra_config={"session.timeout.ms": this.session_timeout_ms},
        producer_extra_config={"transaction.timeout.ms": this.transaction_timeout_ms},
        auto_create_topics=False,
        state_dir=this.folder,
        loglevel="WARNING",
    )

    def enrich(value: bytes, key: bytes, timestamp: int, _headers: Any) -> list[Output]:
        where = message_context()
        return this.enrich([Article(key, value, where.partition, where.offset, timestamp)])

    outputs = app.dataframe(app.topic(this.articles, value_deserializer="bytes", key_deserializer="bytes"))
    outputs = outputs.apply(enrich, expand=True, metadata=True)
    for name in this.outputs:
        topic = app.topic(name, value_serializer="bytes", key_serializer="bytes")
        chosen = outputs.filter(lambda output, name=name: output.topic == name)
        chosen.apply(lambda output: output.value).to_topic(topic)
    app.run()


if __name__ == "__main__":
    main()
