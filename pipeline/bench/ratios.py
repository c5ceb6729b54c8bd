"""The ratios of a run, kept in a file; and those of a later run, held against them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson

from pipeline.bench.measure import BenchReport, ratios
from pipeline.errors import UsageError


def write_ratios(report: BenchReport, path: Path) -> None:
    """Keep them."""
    path.write_bytes(
        orjson.dumps({name: round(ratio, 3) for name, ratio in ratios(report).items()}, option=orjson.OPT_INDENT_2)
        + b"\n"
    )


def read_ratios(path: Path) -> dict[str, float]:
    """Those of an earlier run.

    Raises:
        UsageError: the file holds none.
    """
    try:
        found = orjson.loads(path.read_bytes())
        return {str(name): float(ratio) for name, ratio in found.items()}
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise UsageError(f"{path} holds no ratios from `claimwire bench --save`: {exc}") from exc


def losses(report: BenchReport, expected: Mapping[str, float], *, most: float) -> list[str]:
    """A line for each ratio that is missing, or lower than expected by more than the share ``most``."""
    found = ratios(report)
    return [
        f"{name}: {found[name]:.3f}, expected {ratio:.3f}" if name in found else f"{name} was not measured"
        for name, ratio in expected.items()
        if found.get(name, 0.0) < ratio * (1 - most)
    ]
