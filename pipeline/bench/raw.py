"""The language functions alone, in a process as a worker is: orders on standard input, one line of JSON when done.

``python -m pipeline.bench.raw``: the first line holds the texts' file, the batch and the threshold; the process
answers "ready" once it is warm, and runs all of it once for each further line.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from pipeline.contract.codec import decode_article
from pipeline.contract.events import Origin
from pipeline.nlp.model import load_model
from pipeline.stages.context import context_of
from pipeline.stages.split_sentences import Arrival
from pipeline.topology import enrich_arrivals


@dataclass(frozen=True)
class RawOrders:
    """``articles`` is a file with a record on each line."""

    articles: str
    batch: int
    threshold: float


def main() -> None:
    """Serve."""
    orders = RawOrders(**orjson.loads(sys.stdin.buffer.readline()))
    context = context_of(load_model(), threshold=orders.threshold)
    lines = Path(orders.articles).read_bytes().splitlines()
    arrivals = [
        Arrival(decode_article(line, max_chars=2**63), Origin(topic="bench", partition=0, offset=number, timestamp=0))
        for number, line in enumerate(lines)
    ]
    enrich_arrivals(arrivals[: orders.batch], context)
    _say(b"ready")
    for _ in sys.stdin.buffer:
        wall, cpu = time.perf_counter(), time.process_time()
        for first in range(0, len(arrivals), orders.batch):
            enrich_arrivals(arrivals[first : first + orders.batch], context)
        _say(orjson.dumps({"seconds": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}))


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
