"""``claimwire broker``: the embedded Kafka alone."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pipeline.cli.options import ConfigFile, Debug, call
from pipeline.cli.output import note
from pipeline.cli.signals import sigterm_interrupts

Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Else broker.port.", show_default=False)]
DataDir = Annotated[
    str | None,
    typer.Option(
        "--data-dir", metavar="DIR", help="Where it keeps its records; else broker.data_dir.", show_default=False
    ),
]


def broker(port: Port = None, data_dir: DataDir = None, config: ConfigFile = None, debug: Debug = False) -> int:
    """Run an Apache Kafka on this machine's loopback until Ctrl-C. Its data stays for the next start."""
    from pipeline.broker import EmbeddedKafka

    this = call(config=config, debug=debug, broker={"port": port, "data_dir": data_dir})
    settings = this.settings.broker
    try:
        with (
            sigterm_interrupts(),
            EmbeddedKafka(settings.folder, environ=os.environ, port=settings.port, progress=note) as kafka,
        ):
            note(f"Kafka is ready at {kafka.bootstrap}, with its data in {kafka.data_dir}; Ctrl-C stops it")
            kafka.wait()
    except KeyboardInterrupt:
        pass
    return 0
