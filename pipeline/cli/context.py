"""The options that many commands share, and the ``CommandContext`` that a command gets in place of them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, Literal, ParamSpec

import typer

from pipeline.cli.output import Tables
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.streaming.kafka.connection import Connection

P = ParamSpec("P")


@dataclass
class State:
    """What ``main`` must know of a command that failed."""

    debug: bool = False


def _remember_debug(context: typer.Context, value: bool) -> bool:
    if value and isinstance(context.obj, State):
        context.obj.debug = True
    return value


def _common(*names: str, help: str, **settings: Any) -> Any:  # noqa: A002, ANN401  (as typer calls it)
    return typer.Option(*names, help=help, show_default=False, rich_help_panel="Common options", **settings)


OptionName = Literal["bootstrap", "prefix", "config", "json", "csv", "debug"]

# The type, the default and the option of each.
_OPTIONS: Mapping[OptionName, tuple[Any, Any]] = {
    "bootstrap": (
        Annotated[
            str | None,
            _common(
                "--bootstrap",
                metavar="HOST:PORT,...",
                help="Kafka's bootstrap servers. Without it, the Kafka that `claimwire up` runs on this machine.",
            ),
        ],
        None,
    ),
    "prefix": (
        Annotated[
            str | None,
            _common("--prefix", metavar="TEXT", help="Prefix of all topic names and of the consumer group."),
        ],
        None,
    ),
    "config": (
        Annotated[
            Path | None,
            _common("--config", metavar="FILE", help="Settings file, in the form of config/claimwire.toml."),
        ],
        None,
    ),
    "json": (Annotated[bool, _common("--json", help="Print JSON lines.")], False),
    "csv": (Annotated[bool, _common("--csv", help="Print tables as CSV.")], False),
    "debug": (
        Annotated[
            bool, _common("--debug", help="Log more and show stack traces.", is_eager=True, callback=_remember_debug)
        ],
        False,
    ),
}


class CommandContext:
    """One call of a command: its common options and the settings in force."""

    def __init__(
        self,
        *,
        bootstrap: str | None = None,
        prefix: str | None = None,
        config: Path | None = None,
        json: bool = False,
        csv: bool = False,
        debug: bool = False,
    ) -> None:
        """Read the options; logging is quiet, since a command prints its errors itself.

        Raises:
            UsageError: ``json`` and ``csv`` are both wanted.
        """
        from pipeline import log

        if json and csv:
            raise UsageError("--json and --csv are two formats: give one of them")
        self.config, self.json, self.csv, self.debug = config, json, csv, debug
        self._flags: dict[str, Mapping[str, object]] = {"kafka": {"bootstrap_servers": bootstrap, "prefix": prefix}}
        log.configure("debug" if debug else "warning", quiet=True)

    def override(self, **sections: Mapping[str, object]) -> None:
        """Let options of the command itself override settings; None was not given. Before the settings are read."""
        self._flags |= sections

    def log_as_service(self) -> None:
        """Log at the level of the settings: for commands that run until they are stopped."""
        from pipeline import log

        log.configure("debug" if self.debug else self.settings.worker.log_level)

    @cached_property
    def settings(self) -> Settings:
        """The settings in force.

        Raises:
            UsageError: a setting is wrong.
        """
        from pipeline.settings import load_settings

        return load_settings(self.config, self._flags)

    @cached_property
    def table(self) -> Tables:
        """Prints tables: for people, or as CSV."""
        return Tables(csv=self.csv)

    @property
    def prefix(self) -> str:
        """The prefix of topics and group."""
        return self.settings.kafka.prefix

    def connection(self, bootstrap: str | None = None) -> Connection:
        """Return how to reach the user's Kafka, by default the one that ``claimwire up`` runs on this machine.

        ``bootstrap`` is the address of an embedded Kafka that this process runs itself.
        """
        from pipeline.streaming.kafka.connection import Connection

        kafka = self.settings.kafka
        servers = bootstrap or kafka.bootstrap_servers or f"127.0.0.1:{self.settings.broker.port}"
        return Connection(
            bootstrap_servers=tuple(server.strip() for server in servers.split(",") if server.strip()),
            compression=kafka.compression,
            security_protocol="PLAINTEXT" if bootstrap else kafka.security_protocol,
            sasl_mechanism=kafka.sasl_mechanism or None,
            sasl_username=kafka.sasl_username or None,
            sasl_password=kafka.password() or None,
            ssl_cafile=kafka.ssl_cafile or None,
            ssl_certfile=kafka.ssl_certfile or None,
            ssl_keyfile=kafka.ssl_keyfile or None,
            ssl_keyfile_password=kafka.key_password() or None,
        )


def with_context(
    *names: OptionName,
) -> Callable[[Callable[Concatenate[CommandContext, P], int]], Callable[..., int]]:
    """Return a command the common options ``names`` and ``--debug``; it gets a ``CommandContext`` in place of them."""
    chosen: tuple[OptionName, ...] = (*names, "debug")

    def decorate(command: Callable[Concatenate[CommandContext, P], int]) -> Callable[..., int]:
        @functools.wraps(command)
        def call(**arguments: Any) -> int:  # noqa: ANN401  (typer calls it by the signature below)
            common = {name: arguments.pop(name) for name in chosen}
            return command(CommandContext(**common), **arguments)  # type: ignore[call-arg]

        signature = inspect.signature(command, eval_str=True)
        own = list(signature.parameters.values())[1:]
        common = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name in chosen
            for annotation, default in (_OPTIONS[name],)
        ]
        call.__signature__ = signature.replace(parameters=[*own, *common])  # type: ignore[attr-defined]
        call.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *common)}
        return call

    return decorate
