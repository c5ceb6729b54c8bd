"""How to reach a Kafka cluster: plain values in, keyword arguments for kafka-python and for Faust out."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import Any, Literal

import faust

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]


@dataclass(frozen=True)
class Connection:
    """A cluster's address and how to get in. ``bootstrap_servers`` are ``host:port``; paths name PEM files."""

    bootstrap_servers: tuple[str, ...]
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = field(default=None, repr=False)
    ssl_keyfile_password: str | None = field(default=None, repr=False)

    def for_kafka_python(self) -> dict[str, Any]:
        """Keyword arguments of kafka-python's producer, consumer and admin client."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": list(self.bootstrap_servers),
            "security_protocol": self.security_protocol,
        }
        if self._sasl:
            arguments |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": self.sasl_password,
            }
        if self._tls:
            arguments["ssl_context"] = self._ssl_context()
        return arguments

    def for_faust(self) -> dict[str, Any]:
        """Settings of a Faust app."""
        settings: dict[str, Any] = {"broker": [f"kafka://{server}" for server in self.bootstrap_servers]}
        if self._sasl:
            settings["broker_credentials"] = faust.SASLCredentials(
                username=self.sasl_username,
                password=self.sasl_password,
                mechanism=self.sasl_mechanism,
                ssl_context=self._ssl_context() if self._tls else None,
            )
        elif self._tls:
            settings["broker_credentials"] = faust.SSLCredentials(context=self._ssl_context())
        return settings

    @property
    def _sasl(self) -> bool:
        return self.security_protocol.startswith("SASL")

    @property
    def _tls(self) -> bool:
        return self.security_protocol.endswith("SSL")

    def _ssl_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ssl_cafile)
        if self.ssl_certfile:
            # Without any password OpenSSL would ask for that of an encrypted key on the terminal.
            context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile, self.ssl_keyfile_password or "")
        return context
