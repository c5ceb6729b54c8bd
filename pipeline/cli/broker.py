"""``claimwire broker``: the embedded Kafka alone."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import note
from pipeline.cli.signals import sigterm_interrupts

PortOption = Annotated[
    int | None,
    typer.Option("--port", metavar="N", min=1, max=65535, help="Port to listen on.", show_default="broker.port"),
]
DataDirOption = Annotated[
    str | None,
    typer.Option("--data-dir", metavar="DIR", help="Data directory.", show_default="broker.data_dir"),
]


@with_context("config")
def broker(context: CommandContext, *, port: PortOption = None, data_dir: DataDirOption = None) -> int:
    """Run Apache Kafka on this machine until Ctrl-C, reachable from this machine only. Its data is kept."""
    from pipeline.broker import EmbeddedKafka

    context.override(broker={"port": port, "data_dir": data_dir})
    settings = context.settings.broker
    try:
        with (
            sigterm_interrupts(),
            EmbeddedKafka(settings.folder, environ=os.environ, port=settings.port, progress=note) as kafka,
        ):
            note(f"Kafka is ready at {kafka.bootstrap}, its data is in {kafka.data_dir}; stop it with Ctrl-C")
            kafka.wait()
    except KeyboardInterrupt:
        pass
    return 0
