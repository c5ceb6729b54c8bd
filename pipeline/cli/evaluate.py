"""``claimwire evaluate``: how well the model does on labelled data."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import Cell, Shown, note, print_json
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.training.data.gold import Gold
    from pipeline.training.judge import Judged, Task
    from pipeline.training.scoring import Figure

_PARTED = ("news_gold", "news_claims")
_LAST = ("all", "macro")
_COLUMNS = ("P", "R", "F1", "95 %", "found", "gold")


class GoldPart(str, Enum):
    """Parts of news_gold and news_claims, by a row's id."""

    train = "train"
    dev = "dev"
    test = "test"


DataArgument = Annotated[
    Path,
    typer.Argument(
        metavar="DATA",
        help="Labelled file or folder: news_gold, news_claims, CoNLL / IOB2, CoNLL-U, ClaimBuster CSV, CheckThat! TSV,"
        " PolNeAR / brat, families of article versions.",
        show_default=False,
    ),
]
PartOption = Annotated[
    GoldPart | None,
    typer.Option(
        "--part",
        metavar="train|dev|test",
        help="Use only this part of news_gold or news_claims. The model was trained on train.",
        show_default=False,
    ),
]
PlotOption = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE.png", help="Write a chart of the claims' calibration.", show_default=False),
]
ModelOption = Annotated[
    Path | None,
    typer.Option("--model", metavar="DIR", help="Model folder.", show_default="the shipped model"),
]


@with_context("json", "csv")
def evaluate(
    context: CommandContext,
    *,
    data: DataArgument,
    part: PartOption = None,
    plot: PlotOption = None,
    model: ModelOption = None,
) -> int:
    """Evaluate the model on labelled data: precision, recall and F1 of each class with 95 % intervals.

    Entities must match in span and label. Intervals are bootstrapped over sentences, articles or documents.
    """
    from pipeline.nlp.model import load_model
    from pipeline.training.data.gold import read_gold
    from pipeline.training.judge import judge
    from pipeline.training.plots import plot_calibration

    gold = _select(read_gold(data), part)
    if plot is not None and gold.format not in {*_PARTED, "ClaimBuster", "CheckThat!"}:
        raise UsageError(f"--plot shows the calibration of claims, and {gold.format} data has no claims")
    report = judge(gold, load_model(model))
    if plot is not None and report.calibration is not None:
        plot_calibration(report.calibration, f"{report.model} on {data.name}", plot)
    if context.json:
        print_json(report)
    elif context.csv:
        _print_csv(context, report)
    else:
        _print(context, report)
    return 0


def _select(gold: Gold, part: GoldPart | None) -> Gold:
    if gold.format not in _PARTED:
        if part is not None:
            raise UsageError(f"--part is for {' and '.join(_PARTED)}; {gold.format} data has no parts")
        return gold
    if part is None:
        note(f"the shipped model was trained on the train part of {gold.format}: --part dev leaves it out", "yellow")
        return gold
    examples = tuple(example for example in gold.examples if example.part == part.value)
    if not examples:
        raise UsageError(f"no sentence of this data is in the part {part.value}")
    from dataclasses import replace

    return replace(gold, examples=examples)


def _print_csv(context: CommandContext, report: Judged) -> None:
    """One table of all figures."""
    rows = [
        (task.name, kind, name, *_cells(figure))
        for task in report.tasks
        for kind, figures in (("class", task.classes), ("domain", task.domains or {}))
        for name, figure in figures.items()
    ]
    context.table(("task", "of", "name", *_COLUMNS), rows)


def _print(context: CommandContext, report: Judged) -> None:
    note(f"{report.model} ({report.model_hash[:12]}) on {report.format} data")
    for task in report.tasks:
        _print_task(context, task)
    if report.confusion is not None:
        labels = list(report.confusion)
        confusion: list[list[Cell]] = [
            [label, *(report.confusion[label][other] for other in labels)] for label in labels
        ]
        context.table(["gold \\ found", *labels], confusion, title="confusion of claims")
    if report.calibration is not None:
        bins: list[list[Cell]] = [
            [f"{one.low:.1f}", one.count, f"{one.chance:.2f}", f"{one.true:.2f}"] for one in report.calibration.bins
        ]
        title = f"calibration of the score: ECE {report.calibration.ece:.1f} %"
        context.table(["score from", "sentences", "mean score", "check-worthy"], bins, title=title)
    if report.ignored:
        note(f"not compared, because the model has no such label: {', '.join(report.ignored)}", "yellow")


def _print_task(context: CommandContext, task: Task) -> None:
    names = sorted(task.classes, key=lambda name: (name in _LAST, -task.classes[name].gold, name))
    rows = [[name, *_cells(task.classes[name])] for name in names]
    context.table(["class", *_COLUMNS], rows, title=f"{task.name} ({task.units:,} {task.unit})")
    if task.domains:
        rows = [[name, *_cells(figure)] for name, figure in task.domains.items()]
        context.table(["domain", *_COLUMNS], rows, title=f"{task.name}, by domain")


def _cells(figure: Figure) -> list[Cell]:
    rates = (Shown(f"{value:.1f}", value) for value in (figure.precision, figure.recall, figure.f1))
    return [*rates, f"{figure.low:.1f} - {figure.high:.1f}", figure.found, figure.gold]
