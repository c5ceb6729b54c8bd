"""Progress bars on standard error: how many, how fast, and how long the rest will take."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.cli.output import notes

if TYPE_CHECKING:
    from pipeline.sources import Meter
    from pipeline.streaming.kafka.reader import OnProgress


@contextmanager
def progress(what: str, meter: Meter) -> Iterator[Callable[[int], None]]:
    """Show how many are done; ``meter`` says how far the reading is. Silent where there is no terminal."""
    with _bar(what, meter.total_bytes or None) as show:
        yield lambda done: show(done, meter.done_bytes, None)


@contextmanager
def counted(what: str) -> Iterator[OnProgress]:
    """Show how many of how many are done; another total starts a new bar. Silent where there is no terminal."""
    with _bar(what, None) as show:
        yield lambda done, total: show(done, done, total)


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int, int, int | None], None]]:
    """Return a function of how many are done, how far that is, and the total where it was not known before."""
    if not sys.stderr.isatty():
        yield lambda *_: None
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
        task = bar.add_task(what, total=total, done=0, rate=0.0)

        def show(done: int, completed: int, of: int | None) -> None:
            if of not in {None, bar.tasks[0].total}:
                bar.reset(task, total=of)
            rate = done / max(bar.tasks[0].elapsed or 0.0, 0.001)
            bar.update(task, completed=completed, done=done, rate=rate)

        yield show
