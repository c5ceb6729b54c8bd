"""How a Faust app reaches the cluster of a ``Connection``."""

from __future__ import annotations

from typing import Any

import faust

from pipeline.streaming.kafka.connection import Connection


def faust_settings(connection: Connection) -> dict[str, Any]:
    """Return the settings of a Faust app that name the brokers and the credentials."""
    settings: dict[str, Any] = {"broker": [f"kafka://{server}" for server in connection.bootstrap_servers]}
    if connection.has_sasl:
        settings["broker_credentials"] = faust.SASLCredentials(
            username=connection.sasl_username,
            password=connection.sasl_password,
            mechanism=connection.sasl_mechanism,
            ssl_context=connection.ssl_context() if connection.has_tls else None,
        )
    elif connection.has_tls:
        settings["broker_credentials"] = faust.SSLCredentials(context=connection.ssl_context())
    return settings
