"""``claimwire up``: Kafka, topics, workers and the live page, until Ctrl-C."""

from __future__ import annotations

import os
import shlex
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.children import for_embedded_kafka, worker_command
from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import note, plural
from pipeline.cli.signals import sigterm_interrupts
from pipeline.cli.topics import wanted_topics
from pipeline.errors import FatalError

if TYPE_CHECKING:
    from pipeline.broker import EmbeddedKafka
    from pipeline.streaming.kafka.connection import Connection
    from pipeline.web.background import BackgroundPage

_POLL_S = 0.5

WorkersOption = Annotated[
    int, typer.Option("--workers", metavar="N", min=0, help="Number of workers: one for each core that you can spare.")
]
WebPortOption = Annotated[
    int | None,
    typer.Option(
        "--web",
        metavar="PORT",
        min=0,
        max=65535,
        help="Also serve the live page on this port; 0 picks a free one.",
        show_default=False,
    ),
]


@with_context("bootstrap", "prefix", "config")
def up(context: CommandContext, *, workers: WorkersOption = 1, web: WebPortOption = None) -> int:
    """Run everything until Ctrl-C: Apache Kafka (or your own, with --bootstrap), topics and workers."""
    context.override(web={"port": web})
    context.log_as_service()
    try:
        with sigterm_interrupts(), ExitStack() as stack:
            _serve(context, workers, stack, with_page=web is not None)
    except KeyboardInterrupt:
        note("stopped; all finished work is committed")
    return 0


def _serve(context: CommandContext, workers: int, stack: ExitStack, *, with_page: bool) -> None:
    from pipeline.streaming.health.supervisor import Supervisor
    from pipeline.streaming.kafka.topics import create_topics

    environ = dict(os.environ)
    address = context.settings.kafka.bootstrap_servers
    checks: list[Callable[[], None]] = []
    if address:
        connection = context.connection()
    else:
        kafka = _embedded_kafka(context, stack)
        address, environ = kafka.bootstrap, for_embedded_kafka(environ)
        connection = context.connection(address)
        checks.append(_watch(kafka))
    create_topics(connection, wanted_topics(context))
    command = worker_command(bootstrap=address, prefix=context.prefix, config=context.config, debug=context.debug)
    supervisor = stack.enter_context(Supervisor(command=command, workers=workers, environ=environ))
    checks.append(supervisor.check)
    page = _page(context, connection, stack) if with_page else None
    if page:
        checks.append(page.check)
    _show_next_steps(context, address, workers)
    if page:
        note(f"the live page:  {page.address}", "bold")
    while True:
        for check in checks:
            check()
        time.sleep(_POLL_S)


def _embedded_kafka(context: CommandContext, stack: ExitStack) -> EmbeddedKafka:
    from pipeline.broker import EmbeddedKafka

    settings = context.settings.broker
    return stack.enter_context(EmbeddedKafka(settings.folder, environ=os.environ, port=settings.port, progress=note))


def _page(context: CommandContext, connection: Connection, stack: ExitStack) -> BackgroundPage:
    from pipeline.cli.web import web_options
    from pipeline.web.background import background_page

    return stack.enter_context(background_page(web_options(context, connection)))


def _watch(kafka: EmbeddedKafka) -> Callable[[], None]:
    """Return a function that raises ``FatalError`` once the broker has ended by itself."""
    errors: list[FatalError] = []

    def wait() -> None:
        try:
            kafka.wait()
        except FatalError as exc:
            errors.append(exc)

    def check() -> None:
        if errors:
            raise errors[0]

    threading.Thread(target=wait, name="kafka-watch", daemon=True).start()
    return check


def _show_next_steps(context: CommandContext, address: str, workers: int) -> None:
    default = f"127.0.0.1:{context.settings.broker.port}"
    options = ("" if address == default else f" --bootstrap {shlex.quote(address)}") + (
        f" --prefix {shlex.quote(context.prefix)}" if context.prefix else ""
    )
    note(f"Kafka at {address}, {plural(workers, 'worker')}; stop everything with Ctrl-C")
    note(f"push articles:  claimwire push{options} PATH ...", "bold")
    note(f"follow claims:  claimwire tail{options}", "bold")
