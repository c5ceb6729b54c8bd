"""``claimwire up``: Kafka, topics and workers, until Ctrl-C."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.children import for_embedded_kafka, worker_command
from pipeline.cli.options import Bootstrap, Call, ConfigFile, Debug, Prefix, call
from pipeline.cli.output import note
from pipeline.cli.signals import sigterm_interrupts
from pipeline.cli.topics import wanted

_POLL_S = 0.5

Workers = Annotated[int, typer.Option("--workers", min=0, help="One for each core that you can spare.")]


def up(
    workers: Workers = 1,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    debug: Debug = False,
) -> int:
    """Run everything: an Apache Kafka (or yours, by --bootstrap), the topics and the workers, until Ctrl-C."""
    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug, serves=True)
    try:
        with sigterm_interrupts(), ExitStack() as stack:
            _serve(this, workers, config, stack)
    except KeyboardInterrupt:
        note("stopped; all that was done is committed")
    return 0


def _serve(this: Call, workers: int, config: Path | None, stack: ExitStack) -> None:
    from pipeline.streaming.supervisor import Supervisor
    from pipeline.streaming.topics import create

    environ = dict(os.environ)
    if this.settings.kafka.bootstrap_servers:
        connection, address, wait = this.connection(), this.settings.kafka.bootstrap_servers, _wait_for_ever
    else:
        address, wait = _embedded_kafka(this, stack)
        connection, environ = this.connection(address), for_embedded_kafka(environ)
    create(connection, wanted(this))
    command = worker_command(bootstrap=address, prefix=this.prefix, config=config, debug=this.debug)
    supervisor = stack.enter_context(Supervisor(command=command, workers=workers, environ=environ))
    _say_how(this, address, workers)
    wait(supervisor.check)


def _embedded_kafka(this: Call, stack: ExitStack) -> tuple[str, Callable[[Callable[[], None]], None]]:
    from pipeline.broker import EmbeddedKafka

    settings = this.settings.broker
    kafka = stack.enter_context(EmbeddedKafka(settings.folder, environ=os.environ, port=settings.port, progress=note))
    return kafka.bootstrap, _wait_for_ever


def _wait_for_ever(check: Callable[[], None]) -> None:
    while True:
        check()
        time.sleep(_POLL_S)


def _say_how(this: Call, address: str, workers: int) -> None:
    default = f"127.0.0.1:{this.settings.broker.port}"
    options = ("" if address == default else f" --bootstrap {shlex.quote(address)}") + (
        f" --prefix {shlex.quote(this.prefix)}" if this.prefix else ""
    )
    note(f"Kafka {address}, {workers} worker{'' if workers == 1 else 's'}; Ctrl-C stops all")
    note(f"push articles:  claimwire push{options} PATH ...", "bold")
    note(f"follow claims:  claimwire tail{options}", "bold")
