"""The broker's ``server.properties``: from a data directory and two ports to the text of the file."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import UsageError

HOST = "127.0.0.1"  # the embedded broker has no authentication: it never listens anywhere else
NODE_ID = 1
_LISTS = ("listeners", "advertised.listeners", "listener.security.protocol.map")


def log_dir(data_dir: Path) -> Path:
    """Where the records are."""
    return data_dir / "log"


def metadata_dir(data_dir: Path) -> Path:
    """Where the metadata is: apart from the records, else a second start would damage a running broker."""
    return data_dir / "meta"


def server_properties(data_dir: Path, *, port: int, controller_port: int, more: Mapping[str, str] | None = None) -> str:
    """The whole configuration of one node that is broker and controller.

    ``more`` are further properties; what ``listeners`` it names stand beside the one without a password.

    Raises:
        UsageError: the path holds a comma, which Kafka takes for the end of a directory's name.
    """
    if "," in str(data_dir):
        raise UsageError(
            f"Kafka cannot keep its data in {data_dir}: choose a data directory without a comma in its path."
        )
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": NODE_ID,
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "controller.quorum.bootstrap.servers": f"{HOST}:{controller_port}",
        "log.dirs": log_dir(data_dir),
        "metadata.log.dir": metadata_dir(data_dir),
        # Topics are made by claimwire's admin calls, with the partitions that config/topics.toml gives them.
        "auto.create.topics.enable": "false",
        # One node: nothing can have a second copy, and one partition of each internal topic is enough.
        "num.partitions": 1,
        "default.replication.factor": 1,
        "min.insync.replicas": 1,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        # A killed worker's open transaction holds back its readers: look for expired ones each second, not each ten.
        "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1000,
        # The first consumer of a group need not wait three seconds for others.
        "group.initial.rebalance.delay.ms": 0,
        # After a kill the node waits until its former session ends: ready in 5 s instead of 12.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        # An idle broker's metadata grows 1.2 MB a day instead of 12.
        "metadata.max.idle.interval.ms": 5000,
        # A small heap: 2 MB for the cleaner instead of 128, two threads each instead of three and eight.
        "log.cleaner.dedupe.buffer.size": 2 * 1024 * 1024,
        "num.network.threads": 2,
        "num.io.threads": 2,
    }
    for key, value in (more or {}).items():
        settings[key] = f"{settings[key]},{value}" if key in _LISTS else value
    return "".join(f"{key}={_escape(str(value))}\n" for key, value in settings.items())


def _escape(value: str) -> str:
    r"""Java reads property files as Latin-1, with ``\`` as escape and ``\uXXXX`` for each UTF-16 unit."""
    units = value.encode("utf-16-be")
    characters = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    escaped = "".join(_escape_unit(unit) for unit in characters)
    return "\\" + escaped if escaped.startswith(" ") else escaped


def _escape_unit(unit: int) -> str:
    if unit == ord("\\"):
        return "\\\\"
    return chr(unit) if 0x20 <= unit < 0x7F else f"\\u{unit:04x}"  # noqa: PLR2004  (printable ASCII)
