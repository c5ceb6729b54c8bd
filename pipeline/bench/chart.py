"""A report in, its figures as one picture out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.bench.measure import BenchReport


def draw(report: BenchReport, path: Path) -> None:
    """Draw what the report has: rates, latency, CPU by layer, cost by length."""
    from matplotlib.figure import Figure  # noqa: PLC0415  (an extra)

    panels = [draw_one for name, draw_one in _PANELS.items() if name in report]
    figure = Figure(figsize=(6 * max(1, len(panels)), 4.2), layout="constrained")
    for place, draw_one in enumerate(panels, 1):
        draw_one(figure.add_subplot(1, len(panels), place), report)
    figure.savefig(path, dpi=120)


def _rates(axes: Any, report: BenchReport) -> None:  # noqa: ANN401  (matplotlib's Axes)
    rates = {name: report[name]["articles_per_s"] for name in ("raw", "chain")}
    if several := report.get("workers"):
        for kind in ("raw", "chain"):
            rates[f"{kind} x {several['workers']}"] = several[kind]["articles_per_s"]
    bars = axes.bar(list(rates), list(rates.values()), color=["#9aa5b1", "#1f6feb"] * 2)
    axes.bar_label(bars, fmt="%.1f")
    axes.set(ylabel="articles a second", title=f"The chain keeps {report['kept_share']:.2f} of the raw rate")


def _latency(axes: Any, report: BenchReport) -> None:  # noqa: ANN401
    loads = [f"{found['load']:.0%}" for found in report["latency"]]
    for name in ("p50_ms", "p99_ms"):
        axes.plot(loads, [found[name] for found in report["latency"]], marker="o", label=name.removesuffix("_ms"))
    axes.set(yscale="log", xlabel="share of the highest rate", ylabel="ms from push to enriched", title="Latency")
    axes.legend()


def _layers(axes: Any, report: BenchReport) -> None:  # noqa: ANN401
    seconds: Counter[str] = Counter()
    for found in report["layers"]:
        seconds[found["layer"]] += found["cpu_s_per_1000"]
    names = [name for name, _ in seconds.most_common()][::-1]
    bars = axes.barh(names, [seconds[name] for name in names], color="#1f6feb")
    axes.bar_label(bars, fmt="%.2f")
    axes.set(xscale="log", xlabel="CPU seconds per 1,000 articles", title="Where a worker's CPU goes")


def _length(axes: Any, report: BenchReport) -> None:  # noqa: ANN401
    lengths = [found["chars"] for found in report["length"]]
    axes.plot(lengths, [found["ms_per_article"] for found in report["length"]], marker="o", color="#1f6feb")
    axes.set(xscale="log", yscale="log", xlabel="characters", ylabel="ms an article", title="Cost by length")


_PANELS = {"chain": _rates, "latency": _latency, "layers": _layers, "length": _length}
