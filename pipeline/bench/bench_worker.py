"""A worker process that is measured: the orders of a chaos worker on standard input, its layers' CPU in a file.

``python -m pipeline.bench.bench_worker [FILE]``: with FILE the CPU of each layer is written there at the end.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from pipeline import log
from pipeline.bench.layers import Layers
from pipeline.chaos.chaos_worker import context_of_orders, read_orders
from pipeline.streaming.worker.run import run_worker


def main() -> int:
    """Run the worker."""
    orders = read_orders()
    log.configure("warning")
    layers = Layers() if sys.argv[1:] else None
    if layers:
        layers.install()
    code = run_worker(orders.options, context_of_orders(orders), supervised=True)
    if layers:
        Path(sys.argv[1]).write_bytes(orjson.dumps(layers.totals()))
    return code


if __name__ == "__main__":
    sys.exit(main())
