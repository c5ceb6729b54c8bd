"""``claimwire worker``: one worker in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext, with_context

if TYPE_CHECKING:
    from pipeline.streaming.kafka.connection import Connection
    from pipeline.streaming.worker.run import WorkerOptions

StagesOption = Annotated[
    str | None,
    typer.Option("--stages", metavar="A,B", help="Run only these stages, to scale them alone.", show_default="all"),
]
WorkerIdOption = Annotated[
    str | None,
    typer.Option(
        "--worker-id",
        metavar="NAME",
        help="Id that is unique among running workers and stays the same across restarts.",
        show_default="worker.id, else the host name and a free number",
    ),
]
SupervisedOption = Annotated[bool, typer.Option("--supervised", hidden=True, help="Stop when standard input closes.")]


@with_context("bootstrap", "prefix", "config")
def worker(
    context: CommandContext,
    *,
    stages: StagesOption = None,
    worker_id: WorkerIdOption = None,
    supervised: SupervisedOption = False,
) -> int:
    """Run one worker until SIGTERM or Ctrl-C. It logs to standard error.

    Exit codes: 0 after a clean stop, 70 if it cannot continue, 75 if it did not stop in time, 78 if it rejected too
    many records.
    """
    from pipeline.streaming.worker.run import run_worker

    context.override(worker={"id": worker_id})
    context.log_as_service()
    return run_worker(worker_options(context, context.connection(), stages), supervised=supervised)


def worker_options(context: CommandContext, connection: Connection, stages: str | None = None) -> WorkerOptions:
    """Return the settings as the worker takes them."""
    from pipeline.streaming.worker.rejection_rate import RejectionLimit
    from pipeline.streaming.worker.run import WorkerOptions
    from pipeline.streaming.worker.timing import Timing
    from pipeline.topology import STAGES

    worker = context.settings.worker
    chosen = [name.strip() for name in stages.split(",")] if stages else [stage.name for stage in STAGES]
    return WorkerOptions(
        connection=connection,
        prefix=context.prefix,
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
        max_chars=context.settings.articles.max_chars,
        threshold=context.settings.claims.threshold,
        rejection_limit=RejectionLimit(
            share=worker.max_rejected_share, at_least=worker.min_rejected, window_s=worker.rejected_window_ms / 1000
        ),
        metrics_host=context.settings.metrics.host,
        metrics_port=context.settings.metrics.port,
    )
