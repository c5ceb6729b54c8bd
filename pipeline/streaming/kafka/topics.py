"""The topics of the chain: config/topics.toml and a cluster in, what was created or differs out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import UsageError
from pipeline.streaming.kafka.clients import REQUEST_TIMEOUT_MS, admin_client
from pipeline.streaming.kafka.connection import Connection

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_BATCH_OVERHEAD_BYTES = 1024  # max.message.bytes bounds a record batch, with its own header
_BROKERS_DEFAULT = -1


@dataclass(frozen=True)
class Topic:
    """A topic as it shall be. ``replication_factor`` -1 is the broker's default."""

    name: str
    partitions: int
    replication_factor: int
    config: Mapping[str, str]


@dataclass(frozen=True)
class ExistingTopic:
    """A topic as it is, with all of its configuration."""

    name: str
    partitions: int
    replication_factor: int
    config: Mapping[str, str]

    @property
    def max_record_bytes(self) -> int:
        """The largest record that the topic takes, by the bound that ``OutRecord.size`` gives."""
        return int(self.config["max.message.bytes"]) - _BATCH_OVERHEAD_BYTES


class Creation(NamedTuple):
    """What ``create`` did about a topic."""

    topic: Topic
    outcome: Literal["created", "exists"]


class Difference(NamedTuple):
    """Where a topic is not as it shall be: ``what`` is ``exists``, ``partitions`` or the name of a configuration."""

    topic: str
    what: str
    wanted: str
    found: str


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


_Partitions = Annotated[int, Field(ge=1)]


class _Defaults(_Strict):
    partitions: _Partitions
    replication_factor: int
    config: dict[str, str] = {}


class _Override(_Strict):
    replication_factor: int | None = None
    config: dict[str, str] = {}


class _TopicsFile(_Strict):
    defaults: _Defaults
    topics: dict[str, _Override]


def load_topics(path: Path, *, prefix: str = "", partitions: int | None = None) -> tuple[Topic, ...]:
    """The topics of a file, each name with ``prefix`` before it; ``partitions`` overrides the file's number.

    Raises:
        UsageError: the file cannot be read or is not as config/topics.toml.
    """
    try:
        file = _TopicsFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as exc:
        raise UsageError(f"cannot read the topics file {path}: {exc.strerror or exc}") from exc
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path}: {where}: {first['msg']}") from exc
    except ValueError as exc:  # TOMLDecodeError and UnicodeDecodeError are ones
        raise UsageError(f"the topics file {path} is not valid TOML: {exc}") from exc
    return tuple(
        Topic(
            name=prefix + name,
            partitions=partitions or file.defaults.partitions,
            replication_factor=_first(override.replication_factor, file.defaults.replication_factor),
            config={**file.defaults.config, **override.config},
        )
        for name, override in file.topics.items()
    )


def _first(value: int | None, default: int) -> int:
    return default if value is None else value


def create_topics(connection: Connection, topics: Sequence[Topic]) -> list[Creation]:
    """Make the topics that are missing and wait until each partition has a leader; existing ones stay as they are.

    Raises:
        UsageError: the broker does not answer, or refuses a topic.
    """
    wanted = {
        topic.name: {
            "num_partitions": topic.partitions,
            "replication_factor": topic.replication_factor,
            "configs": dict(topic.config),
        }
        for topic in topics
    }
    with admin_client(connection) as admin:
        answers = admin.create_topics(wanted, timeout_ms=REQUEST_TIMEOUT_MS, raise_errors=False)["topics"]
        errors = {answer["name"]: (for_code(answer["error_code"]), answer["error_message"]) for answer in answers}
        for name, (error, message) in errors.items():
            if error.errno and error is not TopicAlreadyExistsError:
                raise UsageError(f"topic {name} cannot be created: {message or error.description}")
        admin.wait_for_topics(list(wanted), timeout_ms=REQUEST_TIMEOUT_MS)
    return [
        Creation(topic, "exists" if errors[topic.name][0] is TopicAlreadyExistsError else "created") for topic in topics
    ]


def describe_topics(connection: Connection, names: Iterable[str]) -> dict[str, ExistingTopic | None]:
    """Each named topic as the cluster has it; None where it has not.

    Raises:
        UsageError: the broker does not answer, or refuses.
    """
    names = list(names)
    with admin_client(connection) as admin:
        found = [topic for topic in admin.describe_topics(names) if _exists(topic)]
        resources = [ConfigResource(ConfigResourceType.TOPIC, topic["name"]) for topic in found]
        configs = admin.describe_configs(resources, config_filter="all").get("topic", {}) if resources else {}
    known = {topic["name"]: _existing(topic, configs.get(topic["name"], {})) for topic in found}
    return {name: known.get(name) for name in names}


def existing(connection: Connection, name: str) -> ExistingTopic:
    """Return a topic as the cluster has it.

    Raises:
        UsageError: it is missing, or the broker does not answer, or refuses.
    """
    topic = describe_topics(connection, [name])[name]
    if topic is None:
        raise missing_topic(connection, name)
    return topic


def missing_topic(connection: Connection, topic: str) -> UsageError:
    """What to say where a topic does not exist."""
    servers = ", ".join(connection.bootstrap_servers)
    return UsageError(f"the Kafka at {servers} has no topic {topic}: run `claimwire topics create`, or see --prefix")


def _exists(topic: dict[str, Any]) -> bool:
    error = for_code(topic["error_code"])
    if error is UnknownTopicOrPartitionError:
        return False
    if error.errno:
        raise UsageError(f"topic {topic['name']} cannot be described: {error.description}")
    return True


def _existing(topic: dict[str, Any], config: dict[str, dict[str, Any]]) -> ExistingTopic:
    partitions = topic["partitions"]
    return ExistingTopic(
        name=topic["name"],
        partitions=len(partitions),
        replication_factor=min((len(partition["replica_nodes"]) for partition in partitions), default=0),
        config={name: str(entry["value"]) for name, entry in config.items()},
    )


def check_topics(connection: Connection, topics: Sequence[Topic]) -> list[Difference]:
    """Where the cluster's topics differ from the wanted ones: missing, other partitions, replicas or configuration.

    Raises:
        UsageError: the broker does not answer, or refuses.
    """
    found = describe_topics(connection, [topic.name for topic in topics])
    return [difference for topic in topics for difference in compare(topic, found[topic.name])]


def compare(wanted: Topic, found: ExistingTopic | None) -> list[Difference]:
    """How one topic differs."""
    if found is None:
        return [Difference(wanted.name, "exists", "yes", "no")]
    pairs = [("partitions", str(wanted.partitions), str(found.partitions))]
    if wanted.replication_factor != _BROKERS_DEFAULT:
        pairs.append(("replication_factor", str(wanted.replication_factor), str(found.replication_factor)))
    pairs.extend((name, value, found.config.get(name, "unknown")) for name, value in wanted.config.items())
    return [Difference(wanted.name, what, want, have) for what, want, have in pairs if want != have]
