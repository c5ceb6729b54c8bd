"""A connection in, kafka-python clients out that answer in bounded time, or one line that says what to do."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import (
    AuthorizationError,
    IncompatibleBrokerVersion,
    KafkaError,
    KafkaTimeoutError,
    SaslAuthenticationFailedError,
    UnsupportedSaslMechanismError,
)

from pipeline.errors import UsageError
from pipeline.streaming.kafka import kafka_python_patches as patches  # noqa: F401  (bounds what a batch may unpack to)
from pipeline.streaming.kafka.connection import Connection

BOOTSTRAP_TIMEOUT_MS = 6_000  # until a broker must have answered for the first time
REQUEST_TIMEOUT_MS = 10_000
DELIVERY_TIMEOUT_MS = 20_000  # until a record is confirmed or has failed, with all its retries
_LEADER_RETRY_S = 0.1
_HANDSHAKE_S = 2.0

BOUNDS: dict[str, Any] = {
    "bootstrap_timeout_ms": BOOTSTRAP_TIMEOUT_MS,
    "request_timeout_ms": REQUEST_TIMEOUT_MS,
    "reconnect_backoff_max_ms": 1_000,
}


@contextmanager
def kafka_errors_as_usage_errors(connection: Connection) -> Iterator[None]:
    """What kafka-python raises, as a ``UsageError`` in one line."""
    servers = ", ".join(connection.bootstrap_servers)
    try:
        yield
    except KafkaTimeoutError as exc:
        raise UsageError(_why_no_answer(connection)) from exc
    except (SaslAuthenticationFailedError, UnsupportedSaslMechanismError) as exc:
        raise UsageError(
            f"the Kafka at {servers} refuses this user's login ({exc}): see the kafka.sasl_ settings"
        ) from exc
    except AuthorizationError as exc:
        raise UsageError(f"the Kafka at {servers} does not permit this user to do that: {exc}") from exc
    except IncompatibleBrokerVersion as exc:
        raise UsageError(f"the Kafka at {servers} is too old for this: {exc}") from exc
    except KafkaError as exc:
        raise UsageError(f"the Kafka at {servers} refuses: {exc}") from exc
    except (ssl.SSLError, FileNotFoundError, PermissionError) as exc:
        raise UsageError(
            f"TLS to the Kafka at {servers} cannot be set up ({exc}): see the kafka.ssl_ settings"
        ) from exc


def _why_no_answer(connection: Connection) -> str:
    """What to do where no client could be connected: kafka-python says only in its log why it was not let in."""
    servers = ", ".join(connection.bootstrap_servers)
    context = connection.for_kafka_python().get("ssl_context")
    for server in connection.bootstrap_servers:
        host, _, port = server.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=_HANDSHAKE_S) as plain:
                _shake_hands(plain, context, host)
        except ssl.SSLError as exc:
            return f"TLS to the Kafka at {servers} fails ({exc.reason or exc}): see the kafka.ssl_ settings"
        except (OSError, ValueError):
            continue
        if connection.security_protocol.startswith("SASL"):
            return (
                f"the Kafka at {server} refuses this user's login, or is not ready: see kafka.security_protocol and the"
                " kafka.sasl_ settings"
            )
    return f"no Kafka broker answers at {servers}: start one with `claimwire up`, or name yours with --bootstrap"


def _shake_hands(plain: socket.socket, context: ssl.SSLContext | None, host: str) -> None:
    if context is None:
        return
    with context.wrap_socket(plain, server_hostname=host) as encrypted, suppress(TimeoutError):
        encrypted.recv(1)  # in TLS 1.3 a client learns here that its certificate was refused; else there is nothing


def open_consumer(connection: Connection, **settings: object) -> KafkaConsumer:
    """Open a ``KafkaConsumer`` that sees committed transactions only and commits nothing by itself.

    ``settings`` are more of kafka-python's, or instead of these.

    Raises:
        kafka.errors.KafkaError: no broker answers, or one refuses.
    """
    ours: dict[str, Any] = {
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",  # where retention has taken what was asked for, with the oldest that is left
        "allow_auto_create_topics": False,
        "fetch_max_wait_ms": 200,
    }
    return KafkaConsumer(**connection.for_kafka_python(), **{**BOUNDS, **ours, **settings})


def open_producer(connection: Connection, **settings: object) -> KafkaProducer:
    """Open a ``KafkaProducer`` whose sends are confirmed by all replicas in sync, or fail in bounded time.

    ``settings`` are more of kafka-python's, or instead of these.

    Raises:
        kafka.errors.KafkaError: no broker answers, or one refuses.
    """
    ours: dict[str, Any] = {
        "acks": "all",
        "enable_idempotence": True,
        "compression_type": None if connection.compression == "none" else connection.compression,
        "batch_size": 256 * 1024,
        "delivery_timeout_ms": DELIVERY_TIMEOUT_MS,
        "max_block_ms": REQUEST_TIMEOUT_MS,
        "allow_auto_create_topics": False,
    }
    return KafkaProducer(**connection.for_kafka_python(), **{**BOUNDS, **ours, **settings})


def open_admin(connection: Connection) -> KafkaAdminClient:
    """Open a ``KafkaAdminClient``.

    Raises:
        kafka.errors.KafkaError: no broker answers, or one refuses.
    """
    return KafkaAdminClient(**connection.for_kafka_python(), **BOUNDS)


@contextmanager
def admin_client(connection: Connection) -> Iterator[KafkaAdminClient]:
    """Open a ``KafkaAdminClient`` for a block.

    Raises:
        UsageError: no broker answers, or one refuses.
    """
    with kafka_errors_as_usage_errors(connection), closing(open_admin(connection)) as admin:
        yield admin


def close_producer(producer: KafkaProducer) -> None:
    """Disconnect, whether a broker answers or not."""
    try:
        producer.close(timeout=1)
    except KafkaError:
        producer._closed = True  # noqa: SLF001  (else its destructor waits and complains once more)


def list_offsets(
    ask: Callable[[Sequence[TopicPartition], int], dict[TopicPartition, int]], partitions: Sequence[TopicPartition]
) -> dict[TopicPartition, int]:
    """What ``end_offsets`` or ``beginning_offsets`` of a consumer says of all the partitions.

    kafka-python 3.0.12 asks nobody about a partition whose leader it does not know yet, and then stumbles over the
    missing answer: such a one is asked for again.

    Raises:
        KafkaTimeoutError: the leaders do not become known, or do not answer.
    """
    deadline = time.monotonic() + REQUEST_TIMEOUT_MS / 1000
    while True:
        try:
            return ask(partitions, REQUEST_TIMEOUT_MS)
        except KeyError as exc:
            if time.monotonic() > deadline:
                raise KafkaTimeoutError(f"no leader of {exc} is known") from exc
        time.sleep(_LEADER_RETRY_S)
