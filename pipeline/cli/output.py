"""What commands print: results on standard output, notes on standard error; tables for people, JSON for programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.errors import UsageError

LABEL_STYLES = {"CFS": "bold green", "UFS": "yellow", "NFS": "dim"}
_PICTURES = (".png", ".svg", ".pdf")
_WIDTH_WITHOUT_TERMINAL = 160


class PipeClosed(Exception):  # noqa: N818  (it is no error of ours)
    """Whoever read our standard output has enough."""


class _Results(Console):
    def on_broken_pipe(self) -> None:
        raise PipeClosed


class _Notes(Console):
    def on_broken_pipe(self) -> None:
        """Nobody reads the notes: no reason to stop."""


def results() -> Console:
    """The console for results."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_WITHOUT_TERMINAL
    return _Results(highlight=False, width=width)


def notes() -> Console:
    """The console for progress and remarks: standard error, so that results can be piped."""
    return _Notes(stderr=True, highlight=False, soft_wrap=True)


def note(line: str, style: str | None = None) -> None:
    """Print one remark in one line."""
    notes().print(Text(printable(line), style=style or ""))


def print_json(value: Any) -> None:  # noqa: ANN401  (whatever JSON can say)
    """Print one JSON line."""
    print_bytes(orjson.dumps(value))


def print_bytes(line: bytes) -> None:
    """Print one line at once: whoever follows sees it now."""
    try:
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError as exc:
        raise PipeClosed from exc


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    *,
    title: str | None = None,
    widths: Mapping[str, int] | None = None,
) -> None:
    """Print a table; texts are shown as they are, whatever brackets they hold, and whole, however narrow it is.

    ``widths`` fixes some columns'.
    """
    table = Table(title=title and Text(printable(title)), title_justify="left", title_style="bold underline", box=None)
    table.pad_edge = False
    for column in columns:
        width = (widths or {}).get(column)
        table.add_column(column, header_style="bold", width=width, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(printable(cell)) for cell in row))
    results().print(table)


def printable(text: str) -> str:
    """A text in one line, without characters that could steer a terminal or reorder what stands beside it."""
    return "".join(char if char.isprintable() else " " for char in text)


def label(name: str) -> Text:
    """A claim label in its colour."""
    return Text(name, style=LABEL_STYLES.get(name, ""))


def check_plot(path: Path) -> None:
    """Find out before the work is done whether its picture could be drawn.

    Raises:
        UsageError: matplotlib is missing, or the file's name tells no kind of picture.
    """
    if path.suffix.lower() not in _PICTURES:
        raise UsageError(f"--plot takes a file that ends in {', '.join(_PICTURES)}, not {path.name}")
    if find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib: pip install 'claimwire[plots]'")
