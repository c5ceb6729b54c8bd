"""`claimwire rejected replay --yes`, the process itself, killed at moments that nobody chose and run again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from chain import Chain
from kafka import KafkaConsumer, TopicPartition
from waiting import wait_until

from pipeline.contract.events import ArticleV1
from pipeline.streaming.kafka.reader import RecordReader

pytestmark = pytest.mark.slow

BROKEN = 1500
KILLS = 4


def ends(chain: Chain, topic: str) -> int:
    """How much stands on a topic, decided or not."""
    with closing(KafkaConsumer(bootstrap_servers=chain.bootstrap)) as consumer:
        partitions = [TopicPartition(topic, number) for number in range(chain.partitions)]
        return sum(consumer.end_offsets(partitions).values())


def test_a_replay_that_is_killed_at_random_and_run_again_repeats_and_loses_nothing(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    rng = random.Random(5)  # noqa: S311  (nothing is secret here)
    environ = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": kafka, "CLAIMWIRE_KAFKA_PREFIX": topic_prefix}
    command = [sys.executable, "-m", "pipeline", "rejected", "replay", "--yes"]
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        topic = chain.topic(ArticleV1)
        values = [b"broken %d" % number for number in range(BROKEN)]
        chain.push(values)
        chain.start("w0")
        assert len(chain.outcomes(BROKEN).rejected) == BROKEN
        chain.stop("w0")
        for _ in range(KILLS):
            enough = ends(chain, topic) + rng.randint(1, BROKEN // KILLS)
            replay = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            wait_until(lambda: replay.poll() is not None or ends(chain, topic) >= enough)  # noqa: B023 (called at once)
            replay.kill()
            replay.wait()
        subprocess.run(command, env=environ, check=True, capture_output=True, timeout=200)
        with RecordReader(chain.connection, [topic], start="beginning") as reader:
            found = Counter(record.value for record in reader.until_end())
        assert found == dict.fromkeys(values, 2)  # as it was pushed, and once more
