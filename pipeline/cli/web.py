"""``claimwire web``: the live page."""

from __future__ import annotations

import asyncio
import signal
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Bootstrap, Call, ConfigFile, Debug, Prefix, call
from pipeline.cli.output import note

if TYPE_CHECKING:
    from pipeline.streaming.kafka.connection import Connection
    from pipeline.web.options import WebOptions

Host = Annotated[
    str | None,
    typer.Option("--host", help="Where to listen; else web.host, the loopback.", show_default=False),
]
Port = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Else web.port, 8765; 0: a free one.", show_default=False)
]
Name = Annotated[
    list[str] | None,
    typer.Option("--name", metavar="HOST", help="A name under which the page is reached.", show_default=False),
]
AllowReplay = Annotated[
    bool | None,
    typer.Option("--allow-replay", help="Rejected records can be sent back from the page.", show_default=False),
]


def web(
    host: Host = None,
    port: Port = None,
    name: Name = None,
    allow_replay: AllowReplay = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    debug: Debug = False,
) -> int:
    """Show claims, articles, rejected records and lag in a browser, live, until Ctrl-C."""
    this = call(
        bootstrap=bootstrap,
        prefix=prefix,
        config=config,
        debug=debug,
        serves=True,
        web={"host": host, "port": port, "names": ",".join(name) if name else None, "allow_replay": allow_replay},
    )
    asyncio.run(_serve_until_signal(web_options(this, this.connection())))
    note("stopped")
    return 0


async def _serve_until_signal(options: WebOptions) -> None:
    from pipeline.web.server import serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(options, stop=stop, ready=lambda address: _say(options, address))


def _say(options: WebOptions, address: str) -> None:
    note(f"the live page: {address}  (Ctrl-C stops it)", "bold")
    if not _is_loopback(options.host):
        can = "read all articles" + (" and replay rejected records" if options.allow_replay else "")
        note(f"it has no passwords: whoever reaches {options.host} port {options.port} can {can}", "yellow")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def web_options(this: Call, connection: Connection) -> WebOptions:
    """The settings as the page takes them."""
    from pipeline.web.options import WebOptions

    settings = this.settings
    return WebOptions(
        connection=connection,
        prefix=this.prefix,
        group=settings.worker.group,
        threshold=settings.claims.threshold,
        host=settings.web.host,
        port=settings.web.port,
        names=tuple(name.strip() for name in settings.web.names.split(",") if name.strip()),
        claims=settings.web.claims,
        memory_bytes=settings.web.memory_mb * 1024 * 1024,
        allow_replay=settings.web.allow_replay,
    )
