"""``claimwire up``: Kafka, topics, workers and the live page, until Ctrl-C."""

from __future__ import annotations

import os
import shlex
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.children import for_embedded_kafka, worker_command
from pipeline.cli.options import Bootstrap, Call, ConfigFile, Debug, Prefix, call
from pipeline.cli.output import note
from pipeline.cli.signals import sigterm_interrupts
from pipeline.cli.topics import wanted
from pipeline.errors import FatalError

if TYPE_CHECKING:
    from pipeline.broker import EmbeddedKafka
    from pipeline.streaming.kafka.connection import Connection
    from pipeline.web.background import BackgroundPage

_POLL_S = 0.5

Workers = Annotated[int, typer.Option("--workers", min=0, help="One for each core that you can spare.")]


WebPort = Annotated[
    int | None,
    typer.Option(
        "--web",
        metavar="PORT",
        min=0,
        max=65535,
        help="The live page too, on this port; 0: a free one.",
        show_default=False,
    ),
]


def up(
    workers: Workers = 1,
    web: WebPort = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    debug: Debug = False,
) -> int:
    """Run everything: an Apache Kafka (or yours, by --bootstrap), the topics and the workers, until Ctrl-C."""
    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug, serves=True, web={"port": web})
    try:
        with sigterm_interrupts(), ExitStack() as stack:
            _serve(this, workers, config, stack, with_page=web is not None)
    except KeyboardInterrupt:
        note("stopped; all that was done is committed")
    return 0


def _serve(this: Call, workers: int, config: Path | None, stack: ExitStack, *, with_page: bool) -> None:
    from pipeline.streaming.health.supervisor import Supervisor
    from pipeline.streaming.kafka.topics import create

    environ = dict(os.environ)
    address = this.settings.kafka.bootstrap_servers
    checks: list[Callable[[], None]] = []
    if address:
        connection = this.connection()
    else:
        kafka = _embedded_kafka(this, stack)
        address, environ = kafka.bootstrap, for_embedded_kafka(environ)
        connection = this.connection(address)
        checks.append(_watch(kafka))
    create(connection, wanted(this))
    command = worker_command(bootstrap=address, prefix=this.prefix, config=config, debug=this.debug)
    supervisor = stack.enter_context(Supervisor(command=command, workers=workers, environ=environ))
    checks.append(supervisor.check)
    page = _page(this, connection, stack) if with_page else None
    if page:
        checks.append(page.check)
    _say_how(this, address, workers)
    if page:
        note(f"the live page:  {page.address}", "bold")
    while True:
        for check in checks:
            check()
        time.sleep(_POLL_S)


def _embedded_kafka(this: Call, stack: ExitStack) -> EmbeddedKafka:
    from pipeline.broker import EmbeddedKafka

    settings = this.settings.broker
    return stack.enter_context(EmbeddedKafka(settings.folder, environ=os.environ, port=settings.port, progress=note))


def _page(this: Call, connection: Connection, stack: ExitStack) -> BackgroundPage:
    from pipeline.cli.web import web_options
    from pipeline.web.background import background_page

    return stack.enter_context(background_page(web_options(this, connection)))


def _watch(kafka: EmbeddedKafka) -> Callable[[], None]:
    """A function that raises ``FatalError`` once the broker has ended by itself."""
    found: list[FatalError] = []

    def wait() -> None:
        try:
            kafka.wait()
        except FatalError as exc:
            found.append(exc)

    def check() -> None:
        if found:
            raise found[0]

    threading.Thread(target=wait, name="kafka-watch", daemon=True).start()
    return check


def _say_how(this: Call, address: str, workers: int) -> None:
    default = f"127.0.0.1:{this.settings.broker.port}"
    options = ("" if address == default else f" --bootstrap {shlex.quote(address)}") + (
        f" --prefix {shlex.quote(this.prefix)}" if this.prefix else ""
    )
    note(f"Kafka {address}, {workers} worker{'' if workers == 1 else 's'}; Ctrl-C stops all")
    note(f"push articles:  claimwire push{options} PATH ...", "bold")
    note(f"follow claims:  claimwire tail{options}", "bold")
