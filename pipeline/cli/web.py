"""``claimwire web``: the live page."""

from __future__ import annotations

import asyncio
import signal
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import note

if TYPE_CHECKING:
    from pipeline.streaming.kafka.connection import Connection
    from pipeline.web.options import WebOptions

HostOption = Annotated[
    str | None,
    typer.Option("--host", metavar="HOST", help="Address to listen on.", show_default="web.host, the loopback"),
]
PortOption = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="N",
        min=0,
        max=65535,
        help="Port to listen on; 0 picks a free one.",
        show_default="web.port",
    ),
]
NamesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--name", metavar="HOST", help="Host name that the page may be reached by; may be repeated.", show_default=False
    ),
]
AllowReplayOption = Annotated[
    bool | None,
    typer.Option("--allow-replay", help="Let users send rejected records back from the page.", show_default=False),
]


@with_context("bootstrap", "prefix", "config")
def web(
    context: CommandContext,
    *,
    host: HostOption = None,
    port: PortOption = None,
    name: NamesOption = None,
    allow_replay: AllowReplayOption = None,
) -> int:
    """Serve a web page that shows claims, articles, rejected records and lag live, until Ctrl-C."""
    names = ",".join(name) if name else None
    context.override(web={"host": host, "port": port, "names": names, "allow_replay": allow_replay})
    context.log_as_service()
    asyncio.run(_serve_until_signal(web_options(context, context.connection())))
    note("stopped")
    return 0


async def _serve_until_signal(options: WebOptions) -> None:
    from pipeline.web.server import serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(options, stop=stop, ready=lambda address: _announce(options, address))


def _announce(options: WebOptions, address: str) -> None:
    note(f"the live page: {address}  (stop it with Ctrl-C)", "bold")
    if not _is_loopback(options.host):
        can = "read all articles" + (" and replay rejected records" if options.allow_replay else "")
        note(f"there is no password: anyone who can reach {options.host} port {options.port} can {can}", "yellow")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def web_options(context: CommandContext, connection: Connection) -> WebOptions:
    """Return the settings as the page takes them."""
    from pipeline.web.options import WebOptions

    settings = context.settings
    return WebOptions(
        connection=connection,
        prefix=context.prefix,
        group=settings.worker.group,
        threshold=settings.claims.threshold,
        host=settings.web.host,
        port=settings.web.port,
        names=tuple(name.strip() for name in settings.web.names.split(",") if name.strip()),
        claims=settings.web.claims,
        memory_bytes=settings.web.memory_mb * 1024 * 1024,
        allow_replay=settings.web.allow_replay,
    )
