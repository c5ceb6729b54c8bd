"""The bins of a calibration in, a reliability diagram out (PNG): is what scores .8 right in 8 of 10 cases?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.training.judge import Calibration

_BAR = 0.09


def plot_calibration(calibration: Calibration, title: str, path: Path) -> None:
    """Draw the share of check-worthy sentences against their score, and how many there are of each.

    Raises:
        UsageError: matplotlib is missing, or the file cannot be written.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415  (of the extra `plots`)
    except ImportError as error:
        raise UsageError('Plots need matplotlib: install claimwire with its extra, "claimwire[plots]".') from error
    figure = Figure(figsize=(5.5, 6), layout="constrained")
    curve, counts = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
    curve.plot((0, 1), (0, 1), color="0.6", linestyle="--", label="perfect")
    curve.plot([one.chance for one in calibration.bins], [one.true for one in calibration.bins], "o-", label="model")
    curve.set(ylabel="share that is check-worthy", ylim=(0, 1), xlim=(0, 1))
    curve.set_title(f"{title}\nECE {calibration.ece:.1f} %", fontsize=10)
    curve.legend(loc="upper left")
    counts.bar([one.low + 0.05 for one in calibration.bins], [one.count for one in calibration.bins], _BAR, color="0.6")
    counts.set(xlabel="score", ylabel="sentences")
    try:
        figure.savefig(path, format="png", dpi=120)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
