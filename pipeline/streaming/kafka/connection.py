"""How to reach a Kafka cluster: plain values in, keyword arguments for kafka-python out."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.errors import UsageError

Compression = Literal["gzip", "zstd", "none"]
SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]


# A name, an IPv4 address or an IPv6 one in brackets; without a port Kafka's usual one is meant.
_SERVER = re.compile(r"(?:\[[^\s/\[\]]+\]|[^\s:/\[\]@]+)(?::(\d{1,5}))?", re.ASCII)
_HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Connection:
    """How to reach a cluster, get in and write. ``bootstrap_servers`` are ``host:port``; paths name PEM files.

    Raises:
        UsageError: one of the ``bootstrap_servers`` is no address, or there is none.
    """

    bootstrap_servers: tuple[str, ...]
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = field(default=None, repr=False)
    ssl_keyfile_password: str | None = field(default=None, repr=False)
    compression: Compression = "gzip"  # of what is written; every client of Kafka reads gzip

    def __post_init__(self) -> None:
        wrong = [server for server in self.bootstrap_servers or ("",) if not _is_server(server)]
        if wrong and "@" in wrong[0]:  # never shown: it may hold a password
            raise UsageError(
                "the address of a Kafka broker holds a login: write HOST:PORT, as in"
                f" {wrong[0].rpartition('@')[2]!r}, and use the kafka.sasl_ settings"
            )
        if wrong:
            raise UsageError(f"{wrong[0]!r} is not the address of a Kafka broker: write HOST:PORT, several with commas")

    def for_kafka_python(self) -> dict[str, Any]:
        """Keyword arguments of kafka-python's producer, consumer and admin client."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": list(self.bootstrap_servers),
            "security_protocol": self.security_protocol,
        }
        if self.has_sasl:
            arguments |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": self.sasl_password,
            }
        if self.has_tls:
            arguments["ssl_context"] = self.ssl_context()
        return arguments

    @property
    def has_sasl(self) -> bool:
        """Whether clients log in by SASL."""
        return self.security_protocol.startswith("SASL")

    @property
    def has_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.security_protocol.endswith("SSL")

    def ssl_context(self) -> ssl.SSLContext:
        """Return the TLS context of the PEM files."""
        context = ssl.create_default_context(cafile=self.ssl_cafile)
        if self.ssl_certfile:
            # Without any password OpenSSL would ask for that of an encrypted key on the terminal.
            context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile, self.ssl_keyfile_password or "")
        return context


def _is_server(text: str) -> bool:
    found = _SERVER.fullmatch(text)
    return found is not None and 1 <= int(found[1] or 1) <= _HIGHEST_PORT
