"""What commands print: results on standard output, notes on standard error; tables for people, CSV and JSON else."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.errors import UsageError, redacted

LABEL_STYLES = {"CFS": "bold green", "UFS": "yellow", "NFS": "dim"}
_PICTURES = (".png", ".svg", ".pdf")
_WIDTH_WITHOUT_TERMINAL = 160


class PipeClosed(Exception):  # noqa: N818  (it is no error of ours)
    """The reader of our standard output has closed it."""


class _Results(Console):
    def on_broken_pipe(self) -> None:
        raise PipeClosed


class _Notes(Console):
    def on_broken_pipe(self) -> None:
        """Nobody reads the notes: no reason to stop."""


def results() -> Console:
    """Return the console for results."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_WITHOUT_TERMINAL
    return _Results(highlight=False, width=width)


def notes() -> Console:
    """Return the console for progress and remarks: standard error, so that results can be piped."""
    return _Notes(stderr=True, highlight=False, soft_wrap=True)


def note(line: str, style: str | None = None) -> None:
    """Print one remark in one line."""
    notes().print(Text(redacted(printable(line)), style=style or ""))


def print_json(value: Any) -> None:  # noqa: ANN401  (whatever JSON can say)
    """Print one JSON line."""
    print_bytes(orjson.dumps(value))


def print_bytes(line: bytes) -> None:
    """Print one line and flush it, so that a follower sees it at once."""
    try:
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError as exc:
        raise PipeClosed from exc


@dataclass(frozen=True)
class Shown:
    """A cell that people see in another form than programs: ``2 h`` and 7300."""

    text: str
    value: str | float | None


Cell = str | int | float | Text | Shown | None


class CsvTable:
    """A table as CSV (RFC 4180, with line feeds), printed row by row."""

    def __init__(self, columns: Sequence[str]) -> None:
        """Print the header."""
        self.add(columns)

    def add(self, cells: Sequence[Cell]) -> None:
        """Print one row."""
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow([_for_programs(cell) for cell in cells])
        print_bytes(line.getvalue().encode("utf-8", "backslashreplace"))


class Tables:
    """Prints tables: for people, or as CSV, where an empty line stands between two of them."""

    def __init__(self, *, csv: bool) -> None:
        self._csv = csv
        self._printed = 0

    def __call__(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        *,
        title: str | None = None,
        widths: Mapping[str, int] | None = None,
    ) -> None:
        """Print one. ``widths`` fixes the widths of some columns, and ``title`` stands above it, both for people."""
        if not self._csv:
            _print_table(columns, rows, title, widths or {})
            return
        if self._printed:
            print_bytes(b"")
        self._printed += 1
        table = CsvTable(columns)
        for row in rows:
            table.add(row)


def _print_table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str | None, widths: Mapping[str, int]
) -> None:
    """Print every cell whole, however narrow the terminal is; brackets are no markup."""
    table = Table(title=title and Text(printable(title)), title_justify="left", title_style="bold underline", box=None)
    table.pad_edge = False
    for column in columns:
        table.add_column(column, header_style="bold", width=widths.get(column), overflow="fold")
    for row in rows:
        table.add_row(*map(_for_people, row))
    results().print(table)


def _for_people(cell: Cell) -> Text:
    if isinstance(cell, Text):
        return cell
    if isinstance(cell, Shown):
        cell = cell.text
    if isinstance(cell, int | float):
        cell = f"{cell:,}"
    return Text(printable("" if cell is None else cell))


def _for_programs(cell: Cell) -> str | float | None:
    if isinstance(cell, Text):
        return cell.plain
    return cell.value if isinstance(cell, Shown) else cell


def printable(text: str) -> str:
    """Return a text in one line, without characters that could steer a terminal or reorder what is around it."""
    return "".join(char if char.isprintable() else " " for char in text)


def plural(number: int, noun: str) -> str:
    """Return ``1 claim`` or ``1,200 claims``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def label(name: str) -> Text:
    """Return a claim label in its colour."""
    return Text(name, style=LABEL_STYLES.get(name, ""))


def check_plot(path: Path) -> None:
    """Check before the work is done that its picture can be drawn.

    Raises:
        UsageError: matplotlib is missing, or the file's ending names no kind of picture.
    """
    if path.suffix.lower() not in _PICTURES:
        raise UsageError(f"--plot takes a file that ends in {', '.join(_PICTURES)}, not {path.name}")
    if find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib: pip install 'claimwire[plots]'")
