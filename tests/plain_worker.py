"""A worker process for tests, ``plain_worker.py BOOTSTRAP PREFIX NAME [--real] [--ms N] [--stages A,B] [--batch N]``.

A supervisor names it by ``--worker-id`` instead; ``--give-up`` are the seconds that a batch may take to be committed.

Its language functions find nothing and take N milliseconds of CPU a text: what is tested is the stream. A text with
POISON in it makes the stage raise that is named behind it. ``--real`` takes the shipped model.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pipeline import log
from pipeline.contract.events import Pipeline
from pipeline.nlp.spans import Resolved
from pipeline.stages.context import Context, Nlp
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.worker.rejection_rate import RejectionLimit
from pipeline.streaming.worker.run import WorkerOptions, run_worker
from pipeline.streaming.worker.timing import Timing
from pipeline.topology import STAGES

TIMING = Timing(linger_s=0.05, session_timeout_s=6, transaction_timeout_s=6, give_up_s=30, stop_timeout_s=8)


def plain(stage: str, ms: float) -> Callable[..., list[list[Any]]]:
    def function(texts: Sequence[str], *_: object) -> list[list[Any]]:
        end = time.thread_time() + len(texts) * ms / 1000
        while time.thread_time() < end:
            pass
        while any(f"SPIN {stage}" in text for text in texts):
            pass
        while any(f"HANG {stage}" in text for text in texts):
            time.sleep(1)
        if any(f"POISON {stage}" in text for text in texts):
            raise ValueError(f"poisoned {stage}")
        return [[] for _ in texts]

    return function


def resolved(texts: Sequence[str], *found: object) -> list[Resolved]:
    return [Resolved([], []) for _ in plain("find_attributions", 0)(texts, *found)]


def context(ms: float) -> Context:
    nlp = Nlp(
        split_sentences=plain("split_sentences", ms),
        tag_entities=plain("tag_entities", ms),
        canonical_names=lambda fields: [[entity.text for entity in entities] for _, entities in fields],
        classify_claims=plain("classify_claims", ms),
        find_attributions=resolved,
        detect_language=lambda _: "en",
        split_by_rules=lambda _: [],
    )
    return Context(nlp, Pipeline(version="0", model="plain-0", model_hash="0"), threshold=0.5)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("bootstrap")
    parser.add_argument("prefix")
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("--worker-id")
    parser.add_argument("--supervised", action="store_true")
    parser.add_argument("--give-up", type=float, default=30)
    parser.add_argument("--session", type=float, default=TIMING.session_timeout_s)
    parser.add_argument("--rebalance", type=float, default=TIMING.rebalance_timeout_s)
    parser.add_argument("--stall", type=float, default=120)
    parser.add_argument("--cpu", type=float, default=60)
    parser.add_argument("--share", type=float, default=1)
    parser.add_argument("--window", type=float, default=300)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--ms", type=float, default=0)
    parser.add_argument("--stages", default=",".join(stage.name for stage in STAGES))
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--memory", type=int, help="bytes")
    arguments = parser.parse_args()
    if arguments.memory:
        resource.setrlimit(resource.RLIMIT_AS, (arguments.memory, arguments.memory))
    log.configure("info")
    options = WorkerOptions(
        connection=Connection((arguments.bootstrap,)),
        prefix=arguments.prefix,
        group="claimwire",
        worker_id=arguments.worker_id or arguments.prefix + arguments.name,
        stages=tuple(arguments.stages.split(",")),
        batch=arguments.batch,
        timing=replace(
            TIMING,
            session_timeout_s=arguments.session,
            rebalance_timeout_s=arguments.rebalance,
            give_up_s=arguments.give_up,
            stall_s=arguments.stall,
            batch_cpu_s=arguments.cpu,
        ),
        max_chars=500_000,
        threshold=0.5,
        rejection_limit=RejectionLimit(share=arguments.share, window_s=arguments.window),
    )
    return run_worker(options, None if arguments.real else context(arguments.ms), supervised=arguments.supervised)


if __name__ == "__main__":
    sys.exit(main())
