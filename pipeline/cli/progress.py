"""Progress on standard error: how many, how fast, and how long the rest will take."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.cli.output import notes

if TYPE_CHECKING:
    from pipeline.sources import Meter


@contextmanager
def progress(what: str, meter: Meter) -> Iterator[Callable[[int], None]]:
    """To be told how many are done; ``meter`` says how far the reading is. Silent where there is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn(f"{what} {{task.fields[done]:,}}, {{task.fields[rate]:,.0f}}/s"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=notes(), transient=True) as bar:
        task = bar.add_task(what, total=meter.total_bytes or None, done=0, rate=0.0)

        def show(done: int) -> None:
            rate = done / max(bar.tasks[0].elapsed or 0.0, 0.001)
            bar.update(task, completed=meter.done_bytes, done=done, rate=rate)

        yield show
