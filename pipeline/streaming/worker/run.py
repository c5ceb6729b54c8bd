"""A worker: one process that runs stages on one core until it is told to stop. The composition root of the chain."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial

import faust
import platformdirs
import structlog
from filelock import FileLock, Timeout

from pipeline.contract.events import RejectedV1
from pipeline.contract.ids import text_hash
from pipeline.errors import UsageError
from pipeline.metrics import WORKER_INFO, Metrics
from pipeline.nlp.model import load_model
from pipeline.stages.context import Context, context_of
from pipeline.streaming.health.health_server import serving
from pipeline.streaming.health.lag_probe import LagProbe
from pipeline.streaming.kafka.chain_topics import check_topics
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.worker.app import StreamApp
from pipeline.streaming.worker.rejected_record import RejectedRecords
from pipeline.streaming.worker.rejection_rate import RejectionLimit
from pipeline.streaming.worker.stage_records import BatchFunction
from pipeline.streaming.worker.timing import Timing
from pipeline.topology import COMMITS_TOPIC, STAGES, TOPICS, Stage

log = structlog.get_logger(__name__)

_MOST_WORKERS = 256  # of one machine, of those that are given no id
_WORKER_ID = re.compile(r"[A-Za-z0-9._-]{1,249}", re.ASCII)  # what Kafka takes for a group.instance.id


@dataclass(frozen=True)
class WorkerOptions:
    """All that a worker is told.

    ``stages`` are names of the topology; ``max_chars`` bounds an article's text. ``worker_id`` must be unique among the
    running workers of the group and stable over restarts; where it is empty one is made of the host's name. Metrics and
    health are served at ``metrics_port`` or the first free port after it; 0 is nowhere.
    """

    connection: Connection
    prefix: str
    group: str
    worker_id: str
    stages: tuple[str, ...]
    batch: int
    timing: Timing
    max_chars: int
    threshold: float
    rejection_limit: RejectionLimit = field(default_factory=RejectionLimit)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0


def run_worker(options: WorkerOptions, context: Context | None = None, *, supervised: bool = False) -> int:
    """Run a worker until SIGTERM or SIGINT; 0 is given back after a clean stop.

    The process ends with 70 where a stage cannot go on, with 75 where it could not stop in time and with 78 where too
    many records are rejected; all are safe.
    ``context`` brings other language functions than those of the shipped model. A ``supervised`` worker stops when its
    standard input closes: its supervisor is gone.

    Raises:
        UsageError: topics are missing or do not fit, the broker does not answer, or libraries have changed.
    """
    with worker_name(options) as worker_id:
        return _run(replace(options, worker_id=worker_id), context, supervised=supervised)


def _run(options: WorkerOptions, context: Context | None, *, supervised: bool) -> int:
    app = make_app(options, context or context_of(load_model(), threshold=options.threshold))
    # The model and the libraries stay for good. To look at them in each full collection took 5 % of a worker's time.
    gc.collect()
    gc.freeze()
    topics = {name: options.prefix + TOPICS[_stage(name).reads] for name in options.stages}
    lag = LagProbe(app.connection, group=app.conf.id, topics=topics, assigned=app.partitions, metrics=app.metrics)
    states = {"/healthz": app.progress.alive, "/readyz": app.progress.ready}
    with lag.told_to(app.progress), serving(app.metrics, states, host=options.metrics_host, port=options.metrics_port):
        return _run_app(app, options, supervised=supervised)


def _run_app(app: StreamApp, options: WorkerOptions, *, supervised: bool) -> int:
    if supervised:
        threading.Thread(target=_stop_with_input, name="supervisor-watch", daemon=True).start()
    worker = faust.Worker(
        app, loop=asyncio.new_event_loop(), quiet=True, redirect_stdouts=False, override_logging=False
    )
    worker.spinner = None  # writes escape codes, to a pipe as well
    log.info("worker starts", worker=options.worker_id, group=app.conf.id, stages=list(options.stages))
    try:
        worker.execute_from_commandline()
    except SystemExit as exc:
        log.info("worker stops", worker=options.worker_id)
        return exc.code if isinstance(exc.code, int) else 1
    return 0


def _stop_with_input() -> None:
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def worker_name(options: WorkerOptions) -> Iterator[str]:
    """The worker's id, held while the block runs: a given one, else the host's name and the first free number.

    The id names the transactional ids and the group's static member: two workers of one id would end each other's
    transactions in turn, for ever.

    Raises:
        UsageError: a worker of the given id runs on this machine already, or Kafka would not take the id.
    """
    if options.worker_id and not _WORKER_ID.fullmatch(options.worker_id):
        raise UsageError(f"a worker id has up to 249 letters, digits, '.', '_' and '-', not {options.worker_id[:80]!r}")
    candidates = (
        [options.worker_id] if options.worker_id else [f"{socket.gethostname()}-{n}" for n in range(_MOST_WORKERS)]
    )
    for name in candidates:
        lock = _name_lock(options, name)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        try:
            yield name
        finally:
            lock.release()
        return
    raise UsageError(f"a worker {candidates[0]} already runs on this machine: give this one another --worker-id")


def _name_lock(options: WorkerOptions, name: str) -> FileLock:
    # A hash, for a group's name may have any character and any length.
    worker = text_hash(*sorted(options.connection.bootstrap_servers), options.prefix + options.group, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it is a folder of this user in /tmp, which is as good
        folder = platformdirs.user_runtime_path("claimwire", ensure_exists=True)
    return FileLock(folder / f"{worker}.lock")


def make_app(options: WorkerOptions, context: Context) -> StreamApp:
    """The Faust app of a worker.

    Raises:
        UsageError: as ``run_worker``.
    """
    stages = [_stage(name) for name in options.stages]
    check = partial(check_topics, options.connection, prefix=options.prefix, stages=stages)
    topics = check()
    app = StreamApp(
        connection=options.connection,
        group=options.prefix + options.group,
        commits_topic=options.prefix + COMMITS_TOPIC,
        worker_id=options.worker_id,
        batch=options.batch,
        timing=options.timing,
        topics=topics,
        rejection_limit=options.rejection_limit,
        check_topics=check,
        metrics=_metrics(options.worker_id, context),
    )
    for stage in stages:
        rejected = RejectedRecords(
            topic=options.prefix + TOPICS[RejectedV1],
            stage=stage.name,
            worker=options.worker_id,
            pipeline=context.pipeline,
            max_bytes=topics.max_record_bytes,
        )
        work = BatchFunction(
            stage=stage,
            context=context,
            rejected=rejected,
            prefix=options.prefix,
            max_chars=options.max_chars,
            max_bytes=topics.max_record_bytes,
        )
        app.add_stage(stage.name, options.prefix + TOPICS[stage.reads], work)
    return app


def _metrics(worker_id: str, context: Context) -> Metrics:
    metrics = Metrics()
    made_by = context.pipeline
    metrics.set(WORKER_INFO, 1, worker_id, made_by.version, made_by.model, made_by.model_hash)
    return metrics


def _stage(name: str) -> Stage:
    for stage in STAGES:
        if stage.name == name:
            return stage
    raise UsageError(f"there is no stage {name!r}; the stages are {', '.join(stage.name for stage in STAGES)}")
