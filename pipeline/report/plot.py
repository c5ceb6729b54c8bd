"""ClaimCounts in, four charts as one picture out: days, sources, speakers and types."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.report.counts import ClaimCounts, Row, filled

_DAYS = 92
_LONGEST_NAME = 32  # characters
_COLOURS = {"check-worthy": "#1f6feb", "others": "#9aa5b1"}
_TITLES = {"source": "Claims by source", "speaker": "Claims by speaker", "type": "Claims by type"}
_SETTINGS: Any = {
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "svg.fonttype": "none",  # text stays text: it can be read, searched, and has the reader's fonts
    "svg.hashsalt": "claimwire",  # the same counts give the same bytes
    "font.size": 9,
}


def draw_counts(counts: ClaimCounts, title: str, path: Path, *, top: int) -> None:
    """Draw them, the ``top`` names of each kind, as the kind of picture that the file's name says.

    Raises:
        UsageError: the file cannot be written.
    """
    import matplotlib as mpl  # noqa: PLC0415  (an extra)
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # a name in a script that the font lacks is drawn as boxes
        figure = Figure(figsize=(13, 8), layout="constrained")
        figure.suptitle(_shown(title, 120))
        (days, sources), (speakers, types) = figure.subplots(2, 2)
        _draw_days(days, list(filled(counts.days(), most=_DAYS)))
        for axes, kind in ((sources, "source"), (speakers, "speaker"), (types, "type")):
            _draw_names(axes, _TITLES[kind], counts.rows(kind)[:top])
        try:
            figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
        except OSError as exc:
            raise UsageError(f"{path} cannot be written: {exc.strerror or exc}") from exc


def _draw_days(axes: Any, rows: list[Row]) -> None:  # noqa: ANN401  (matplotlib's Axes)
    places = range(len(rows))
    _bars(axes.bar, places, rows, "bottom")
    step = max(1, len(rows) // 12)
    axes.set_xticks(places[::step], [row.name for row in rows[::step]], rotation=45, ha="right")
    axes.set(title="Claims by day", ylabel="claims")
    if rows:
        axes.legend()


def _draw_names(axes: Any, title: str, rows: list[Row]) -> None:  # noqa: ANN401
    _bars(axes.barh, range(len(rows)), rows, "left")
    axes.invert_yaxis()  # the first one on top
    axes.set_yticks(range(len(rows)), [_shown(row.name, _LONGEST_NAME) for row in rows])
    axes.set(title=title, xlabel="claims")


def _bars(draw_bars: Any, places: range, rows: list[Row], stacked: str) -> None:  # noqa: ANN401
    worthy = [row.check_worthy for row in rows]
    draw_bars(places, worthy, color=_COLOURS["check-worthy"], label="check-worthy")
    others = [row.claims - row.check_worthy for row in rows]
    draw_bars(places, others, color=_COLOURS["others"], label="others", **{stacked: worthy})


def _shown(name: str, most: int) -> str:
    """Without what no XML may hold, or what would reorder its neighbours."""
    shown = "".join(char if char.isprintable() else " " for char in name)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
