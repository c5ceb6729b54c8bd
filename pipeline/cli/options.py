"""What many commands take, and what becomes of it: flags in, settings and a connection out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.streaming.kafka.connection import Connection


@dataclass
class State:
    """What ``main`` must know of a command that failed."""

    debug: bool = False


def _remember_debug(context: typer.Context, value: bool) -> bool:
    if value and isinstance(context.obj, State):
        context.obj.debug = True
    return value


_COMMON = "Common options"

Bootstrap = Annotated[
    str | None,
    typer.Option(
        "--bootstrap",
        metavar="HOST:PORT",
        help="Your Kafka, several with commas; else the one that `claimwire up` runs.",
        show_default=False,
        rich_help_panel=_COMMON,
    ),
]
Prefix = Annotated[
    str | None,
    typer.Option(
        "--prefix", help="Put before the names of topics and group.", show_default=False, rich_help_panel=_COMMON
    ),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings, as in config/claimwire.toml.",
        show_default=False,
        rich_help_panel=_COMMON,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON lines, for programs.", rich_help_panel=_COMMON)]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug", help="Log more; show stack traces.", is_eager=True, callback=_remember_debug, rich_help_panel=_COMMON
    ),
]


@dataclass(frozen=True)
class Call:
    """The settings in force for one call of a command."""

    settings: Settings
    debug: bool

    @property
    def prefix(self) -> str:
        """Before the names of topics and group."""
        return self.settings.kafka.prefix

    def connection(self, bootstrap: str | None = None) -> Connection:
        """How to reach the user's Kafka; where none was named, the one that ``claimwire up`` runs here.

        ``bootstrap`` is the address of an embedded Kafka that this process runs itself.
        """
        from pipeline.streaming.kafka.connection import Connection

        kafka = self.settings.kafka
        servers = bootstrap or kafka.bootstrap_servers or f"127.0.0.1:{self.settings.broker.port}"
        return Connection(
            bootstrap_servers=tuple(server.strip() for server in servers.split(",") if server.strip()),
            security_protocol="PLAINTEXT" if bootstrap else kafka.security_protocol,
            sasl_mechanism=kafka.sasl_mechanism or None,
            sasl_username=kafka.sasl_username or None,
            sasl_password=kafka.password() or None,
            ssl_cafile=kafka.ssl_cafile or None,
            ssl_certfile=kafka.ssl_certfile or None,
            ssl_keyfile=kafka.ssl_keyfile or None,
            ssl_keyfile_password=kafka.key_password() or None,
        )


def call(
    *,
    bootstrap: str | None = None,
    prefix: str | None = None,
    config: Path | None = None,
    debug: bool = False,
    serves: bool = False,
    **flags: dict[str, object],
) -> Call:
    """Settle the settings and the logging of a command; one that ``serves`` logs, all others speak for themselves.

    Raises:
        UsageError: a setting is wrong.
    """
    from pipeline import log
    from pipeline.settings import load_settings

    settings = load_settings(config, {"kafka": {"bootstrap_servers": bootstrap, "prefix": prefix}, **flags})
    level = settings.worker.log_level if serves else "warning"
    log.configure("debug" if debug else level, quiet=not serves)
    return Call(settings, debug)
