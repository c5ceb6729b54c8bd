from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any, get_args

import faust
import pytest
from faust.types.auth import AuthProtocol, SASLMechanism

from pipeline.errors import UsageError
from pipeline.streaming.kafka.connection import Connection, SecurityProtocol
from pipeline.streaming.worker.app import faust_settings

SERVERS = ("one:9092", "two:9092")


def sasl(protocol: SecurityProtocol, mechanism: str = "SCRAM-SHA-512") -> Connection:
    return Connection(
        SERVERS,
        security_protocol=protocol,
        sasl_mechanism=mechanism,
        sasl_username="ada",
        sasl_password="secret",  # noqa: S106  (nobody's)
    )


def test_a_plain_cluster_needs_its_addresses_only() -> None:
    assert Connection(SERVERS).for_kafka_python() == {
        "bootstrap_servers": ["one:9092", "two:9092"],
        "security_protocol": "PLAINTEXT",
    }
    assert faust_settings(Connection(SERVERS)) == {"broker": ["kafka://one:9092", "kafka://two:9092"]}


@pytest.mark.parametrize("server", ["kafka", "kafka_1:9092", "127.0.0.1:9092", "[::1]:9092", "broker.example.org:443"])
def test_an_address_is_a_host_and_a_port(server: str) -> None:
    assert Connection((server,)).for_kafka_python()["bootstrap_servers"] == [server]


@pytest.mark.parametrize(
    "servers",
    [(), ("",), ("one:9092", ""), ("one:kafka",), ("one:0",), ("one:65536",), ("kafka://one:9092",), ("one two:9092",)],
)
def test_what_is_no_address_is_refused(servers: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="is not the address of a Kafka broker: write HOST:PORT"):
        Connection(servers)


@pytest.mark.parametrize("server", ["user:hunter2@one:9092", "SASL_SSL://user:hunter2@one:9092", "hunter2@one:9092"])
def test_a_login_in_an_address_is_refused_and_not_shown(server: str) -> None:
    with pytest.raises(UsageError, match=r"holds a login: write HOST:PORT, as in 'one:9092'") as caught:
        Connection(("two:9092", server))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_user_and_password_reach_both_libraries(mechanism: str) -> None:
    connection = sasl("SASL_PLAINTEXT", mechanism)
    assert connection.for_kafka_python() == {
        "bootstrap_servers": ["one:9092", "two:9092"],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": mechanism,
        "sasl_plain_username": "ada",
        "sasl_plain_password": "secret",
    }
    credentials = faust_settings(connection)["broker_credentials"]
    assert (credentials.username, credentials.password) == ("ada", "secret")
    assert (credentials.mechanism, credentials.protocol) == (SASLMechanism(mechanism), AuthProtocol.SASL_PLAINTEXT)


def test_tls_checks_the_brokers_name_and_certificate_in_both_libraries() -> None:
    connection = Connection(SERVERS, security_protocol="SSL")
    credentials = faust_settings(connection)["broker_credentials"]
    assert isinstance(credentials, faust.SSLCredentials)
    for context in (connection.for_kafka_python()["ssl_context"], credentials.context):
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED


def test_tls_and_a_password_go_together() -> None:
    connection = sasl("SASL_SSL")
    arguments = connection.for_kafka_python()
    assert arguments["sasl_plain_password"] == "secret"  # noqa: S105
    assert arguments["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    credentials = faust_settings(connection)["broker_credentials"]
    assert credentials.protocol is AuthProtocol.SASL_SSL
    assert credentials.ssl_context.verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("protocol", get_args(SecurityProtocol))
def test_passwords_and_contexts_are_given_only_where_the_protocol_has_them(protocol: SecurityProtocol) -> None:
    arguments = sasl(protocol).for_kafka_python()
    assert ("sasl_mechanism" in arguments) is protocol.startswith("SASL")
    assert ("ssl_context" in arguments) is protocol.endswith("SSL")
    assert ("broker_credentials" in faust_settings(sasl(protocol))) is (protocol != "PLAINTEXT")


@pytest.mark.parametrize(
    "files",
    [{"ssl_cafile": "absent.pem"}, {"ssl_certfile": "absent.pem"}, {"ssl_certfile": "absent.pem", "ssl_keyfile": "k"}],
)
def test_a_file_that_is_missing_is_found_at_once(files: dict[str, str], tmp_path: Path) -> None:
    paths: dict[str, Any] = {name: str(tmp_path / file) for name, file in files.items()}
    with pytest.raises(FileNotFoundError):
        Connection(SERVERS, security_protocol="SSL", **paths).for_kafka_python()


def test_secrets_are_not_shown() -> None:
    shown = repr(
        Connection(SERVERS, sasl_password="secret", ssl_keyfile="/secret.key", ssl_keyfile_password="secret")  # noqa: S106
    )
    assert "secret" not in shown
    assert "one:9092" in shown
