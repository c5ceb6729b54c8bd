"""The badge of rejected records on the real broker: those that are open, after replays and drops as well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from chain import Chain
from kafka import KafkaProducer
from waiting import PATIENCE_S, wait_until

from pipeline.contract.events import ArticleV1, Pipeline, RejectedV1
from pipeline.errors import RecordError
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.operations.replay import Filter, Replay
from pipeline.streaming.worker.rejected_record import RejectedRecords
from pipeline.web.event_feed import Batch, Deliver, EventFeed
from pipeline.web.live import Live
from pipeline.web.window import Window


@contextmanager
def followed(chain: Chain) -> Iterator[Live]:
    live, filled = Live(Window(most=10, most_bytes=10_000)), threading.Event()

    def take(batch: Batch) -> None:
        live.note_rejected(batch.rejected, batch.settled)

    deliver = Deliver(take, filled.set, lambda _: None)
    feed = EventFeed(chain.connection, prefix=chain.prefix, most=10, threshold=0.5, deliver=deliver)
    feed.start()
    try:
        assert filled.wait(PATIENCE_S)
        yield live
    finally:
        feed.stop()


def reject(chain: Chain, number: int) -> None:
    maker = RejectedRecords(
        topic=chain.topic(RejectedV1),
        stage="split_sentences",
        worker="w0",
        pipeline=Pipeline(version="0", model="m", model_hash="0"),
        max_bytes=1_000_000,
    )
    source = InRecord(chain.topic(ArticleV1), 0, number, 1_900_000_000_000, None, b"{broken", [])
    out = maker.record(source, RecordError("not-json", "bad"), origin=None, attempts=1)
    with closing(KafkaProducer(bootstrap_servers=chain.bootstrap)) as producer:
        producer.send(out.topic, out.value, headers=out.headers).get(30)


def test_the_badge_counts_what_is_open(chain: Chain) -> None:
    with followed(chain) as live:
        for number in range(3):
            reject(chain, number)
        wait_until(lambda: live.status()["counts"]["rejected"] == 3)
        replay = Replay(chain.connection, prefix=chain.prefix, group="claimwire")
        replay.replay(Filter(place=min(live.open_rejected)))
        wait_until(lambda: live.status()["counts"]["rejected"] == 2)
        replay.drop(Filter())
        wait_until(lambda: live.status()["counts"]["rejected"] == 0)
