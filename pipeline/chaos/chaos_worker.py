"""A worker process of a chaos run: its orders as one line of JSON on standard input, exit code as ``claimwire worker``.

Its language functions find little and take a set time of CPU, so that the stream is what is tested; ``real`` orders
those of the shipped model. Both raise where a poisoned text tells them to. It stops when its standard input closes.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import structlog

from pipeline import log
from pipeline.chaos.made_up_articles import RAISE_IN, RAISING
from pipeline.contract.events import Pipeline
from pipeline.errors import UsageError
from pipeline.nlp.spans import Assertion, Resolved, Sentence
from pipeline.stages.context import Context, Nlp
from pipeline.streaming.health.supervisor import EXIT_USAGE
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.worker.rejection_rate import RejectionLimit
from pipeline.streaming.worker.run import WorkerOptions, run_worker
from pipeline.streaming.worker.timing import Timing

_SENTENCE = re.compile(r"[^\s.][^.\n]*\.?")


@dataclass(frozen=True)
class Orders:
    """What a worker is told; ``ms`` of CPU a text and stage are what plain language functions take."""

    options: WorkerOptions
    real: bool
    ms: float

    def encode(self) -> bytes:
        """As one line. On standard input, not on the command line: a password may be among it."""
        return orjson.dumps(self) + b"\n"


def decode_orders(line: bytes) -> Orders:
    """The orders of a line."""
    found = orjson.loads(line)
    options = found["options"]
    options["connection"]["bootstrap_servers"] = tuple(options["connection"]["bootstrap_servers"])
    options["connection"] = Connection(**options["connection"])
    options["timing"] = Timing(**options["timing"])
    options["stages"] = tuple(options["stages"])
    options["rejection_limit"] = RejectionLimit(**options["rejection_limit"])
    return Orders(WorkerOptions(**options), found["real"], found["ms"])


def main() -> int:
    """Run the worker."""
    orders = read_orders()
    log.configure("info")
    try:
        return run_worker(orders.options, poisonable(context_of_orders(orders)), supervised=True)
    except UsageError as exc:  # a broker that is away just now is one: its supervisor tries again
        structlog.get_logger(__name__).critical("cannot start", why=str(exc))
        return EXIT_USAGE


def read_orders() -> Orders:
    """The orders on standard input. Ends the process where it closes before they come."""
    return decode_orders(_first_line())


def context_of_orders(orders: Orders) -> Context:
    """The language functions that are ordered."""
    return _model(orders.options.threshold) if orders.real else plain_context(orders.ms, orders.options.threshold)


def _first_line() -> bytes:
    """Unbuffered: what watches for the end of standard input reads its descriptor."""
    line = b""
    while not line.endswith(b"\n"):
        char = os.read(sys.stdin.fileno(), 4096)
        if not char:
            raise SystemExit(0)
        line += char
    return line


def _model(threshold: float) -> Context:
    from pipeline.nlp.model import load_model  # noqa: PLC0415  (plain functions do not wait for spaCy)
    from pipeline.stages.context import context_of  # noqa: PLC0415

    return context_of(load_model(), threshold=threshold)


def plain_context(ms: float, threshold: float) -> Context:
    """Language functions that cut at full stops and find a check-worthy claim in each sentence with a figure."""
    nlp = Nlp(
        split_sentences=lambda texts: _taking(ms, texts, [_sentences(text) for text in texts]),
        tag_entities=lambda texts, _: _taking(ms, texts, [[] for _ in texts]),
        canonical_names=lambda fields: [[None] * len(entities) for _, entities in fields],
        classify_claims=lambda texts, split, _: _taking(
            ms, texts, [_assertions(text, found) for text, found in zip(texts, split, strict=True)]
        ),
        find_attributions=lambda texts, _split, _tagged: [Resolved([], []) for _ in texts],
        detect_language=lambda _: "en",
        split_by_rules=_sentences,
    )
    return Context(nlp, Pipeline(version="0", model="chaos-0", model_hash="0"), threshold)


def poisonable(context: Context) -> Context:
    """The same functions, which raise for a text that tells them to."""
    raising = {name: _raising(name, getattr(context.nlp, name)) for name in RAISING}
    return replace(context, nlp=replace(context.nlp, **raising))


def _raising(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def raising(texts: Sequence[str], *arguments: Any) -> Any:  # noqa: ANN401  (whatever the function takes)
        if any(f"{RAISE_IN}{stage}" in text for text in texts):
            raise ValueError(f"a poisoned text makes {stage} raise")
        return function(texts, *arguments)

    return raising


def _taking(ms: float, texts: Sequence[str], answer: list[Any]) -> list[Any]:
    end = time.thread_time() + ms / 1000 * len(texts)
    while time.thread_time() < end:
        pass
    return answer


def _sentences(text: str) -> list[Sentence]:
    found: list[Sentence] = []
    for paragraph, line in enumerate(re.finditer(r"[^\n]*\S[^\n]*", text)):
        for match in _SENTENCE.finditer(text, line.start(), line.end()):
            end = match.start() + len(match[0].rstrip())
            found.append(Sentence(len(found), match.start(), end, paragraph, "sentence"))
    return found


def _assertions(text: str, sentences: Sequence[Sentence]) -> list[Assertion]:
    claim = Assertion("CFS", 0.9, {"NFS": 0.05, "UFS": 0.05, "CFS": 0.9}, ("quantity",), ("a figure",))
    other = Assertion("NFS", 0.1, {"NFS": 0.8, "UFS": 0.1, "CFS": 0.1}, (), ())
    return [claim if any(char.isdigit() for char in text[found.start : found.end]) else other for found in sentences]


if __name__ == "__main__":
    sys.exit(main())
