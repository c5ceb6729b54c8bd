"""``claimwire worker``: one worker in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Bootstrap, Call, ConfigFile, Debug, Prefix, call

if TYPE_CHECKING:
    from pipeline.streaming.kafka.connection import Connection
    from pipeline.streaming.worker.run import WorkerOptions

Stages = Annotated[
    str | None,
    typer.Option("--stages", metavar="A,B", help="Only these, to scale one stage alone; else all.", show_default=False),
]
WorkerId = Annotated[
    str | None,
    typer.Option(
        "--worker-id",
        help="Stable and unique among running workers; else worker.id, else the host's name and a free number.",
        show_default=False,
    ),
]
Supervised = Annotated[bool, typer.Option("--supervised", hidden=True, help="Stop when standard input closes.")]


def worker(
    stages: Stages = None,
    worker_id: WorkerId = None,
    supervised: Supervised = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    debug: Debug = False,
) -> int:
    """Run one worker until SIGTERM or Ctrl-C. Logs on standard error.

    Exit code 0 after a clean stop, 70 where it could not go on, 75 where it could not stop in time, 78 where it rejects
    too much.
    """
    from pipeline.streaming.worker.run import run_worker

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug, serves=True, worker={"id": worker_id})
    return run_worker(worker_options(this, this.connection(), stages), supervised=supervised)


def worker_options(this: Call, connection: Connection, stages: str | None = None) -> WorkerOptions:
    """The settings as the worker takes them."""
    from pipeline.streaming.worker.rejection_rate import RejectionLimit
    from pipeline.streaming.worker.run import WorkerOptions
    from pipeline.streaming.worker.timing import Timing
    from pipeline.topology import STAGES

    worker = this.settings.worker
    chosen = [name.strip() for name in stages.split(",")] if stages else [stage.name for stage in STAGES]
    return WorkerOptions(
        connection=connection,
        prefix=this.prefix,
        group=worker.group,
        worker_id=worker.id,
        stages=tuple(chosen),
        batch=worker.batch,
        timing=Timing(
            linger_s=worker.linger_ms / 1000,
            session_timeout_s=worker.session_timeout_ms / 1000,
            transaction_timeout_s=worker.transaction_timeout_ms / 1000,
            give_up_s=worker.give_up_ms / 1000,
            stop_timeout_s=worker.stop_timeout_ms / 1000,
            stall_s=worker.stall_ms / 1000,
            batch_cpu_s=worker.batch_cpu_ms / 1000,
        ),
        max_chars=this.settings.articles.max_chars,
        threshold=this.settings.claims.threshold,
        rejection_limit=RejectionLimit(
            share=worker.max_rejected_share, at_least=worker.min_rejected, window_s=worker.rejected_window_ms / 1000
        ),
        metrics_host=this.settings.metrics.host,
        metrics_port=this.settings.metrics.port,
    )
