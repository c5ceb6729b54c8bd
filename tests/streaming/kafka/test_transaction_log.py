"""What a real broker has on disk of its transactions, also once it is dead."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path

from kafka import KafkaProducer
from waiting import wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.broker.properties import log_dir
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.topics import Topic, create_topics
from pipeline.streaming.kafka.transaction_log import TransactionLog


def begin(bootstrap: str, name: str, *, send: bool = True, abort: bool = False) -> None:
    with closing(KafkaProducer(bootstrap_servers=bootstrap, transactional_id=name)) as producer:
        producer.init_transactions()
        if send:
            producer.begin_transaction()
            producer.send("t", b"x").get(30)
        if abort:
            producer.abort_transaction()


def test_a_broker_s_transactions_are_known_by_their_last_step(kafka: str, tmp_path: Path) -> None:
    del kafka  # skipped where there is none: this test kills one of its own
    log = TransactionLog(log_dir(tmp_path))
    with EmbeddedKafka(tmp_path, environ=os.environ) as broker:
        create_topics(Connection((broker.bootstrap,)), [Topic("t", 1, 1, {})])
        begin(broker.bootstrap, "fresh", send=False)
        begin(broker.bootstrap, "open")
        assert log.states() == {"fresh": "Empty", "open": "Ongoing"}
        begin(broker.bootstrap, "aborted", abort=True)
        # The abort is answered before its markers are written.
        wait_until(lambda: log.states()["aborted"] == "CompleteAbort")
        os.kill(broker.pid, signal.SIGKILL)
        broker.stop()
        assert log.states()["open"] in {"Ongoing", "CompleteAbort"}  # the latter where a minute has passed
        assert TransactionLog(log_dir(tmp_path)).states() == log.states()
