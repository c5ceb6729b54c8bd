"""`claimwire health` on a real broker, before and while a worker runs."""

import os
import subprocess
import sys
from pathlib import Path

from chain import Chain
from waiting import wait_until


def health(kafka: str, prefix: str, worker_id: str) -> int:
    environ = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": kafka, "CLAIMWIRE_KAFKA_PREFIX": prefix}
    environ["CLAIMWIRE_WORKER_ID"] = worker_id
    command = [sys.executable, "-m", "pipeline", "health"]
    return subprocess.run(command, env=environ, capture_output=True, timeout=60, check=False).returncode


def test_health_is_0_once_kafka_counts_the_worker_in(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    worker_id = f"{topic_prefix}w0"
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        assert health(kafka, topic_prefix, worker_id) == 1
        chain.start("w0")
        wait_until(lambda: health(kafka, topic_prefix, worker_id) == 0)
        assert health(kafka, topic_prefix, "another") == 1
        assert health(kafka, topic_prefix, "") == 1, "it was given a name that is not made of the host's"


def test_health_is_2_where_no_broker_answers(topic_prefix: str) -> None:
    assert health("127.0.0.1:1", topic_prefix, "") == 2
