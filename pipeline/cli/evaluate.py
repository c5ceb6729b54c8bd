"""``claimwire evaluate``: how right the model is on labelled data."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Debug, Json, call
from pipeline.cli.output import note, print_json, print_table
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.training.gold import Gold
    from pipeline.training.judge import Report, Task
    from pipeline.training.scoring import Figure

_LAST = ("all", "macro")
_COLUMNS = ("P", "R", "F1", "95 %", "found", "gold")


class Part(str, Enum):
    """Parts of news_gold, by the hash of a row's id."""

    train = "train"
    dev = "dev"
    test = "test"


def evaluate(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA",
            help="A file or folder: news_gold, CoNLL / IOB2, CoNLL-U, ClaimBuster CSV, CheckThat! TSV, PolNeAR / brat.",
            show_default=False,
        ),
    ],
    part: Annotated[
        Part | None,
        typer.Option(help="Of news_gold: only this part; the model learned from train.", show_default=False),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw the claims' calibration.", show_default=False)
    ] = None,
    model: Annotated[Path | None, typer.Option(metavar="DIR", help="Another model folder.", show_default=False)] = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Measure the model on labelled data: precision, recall and F1 of each class with 95 % intervals.

    Entities count strictly, by span and label; intervals are by bootstrap over sentences, articles or documents.
    """
    from pipeline.nlp.model import load_model
    from pipeline.training.gold import read_gold
    from pipeline.training.judge import judge
    from pipeline.training.plots import plot_calibration

    call(debug=debug)
    gold = _part(read_gold(data), part)
    if plot is not None and gold.format not in {"news_gold", "ClaimBuster", "CheckThat!"}:
        raise UsageError(f"--plot draws the calibration of claims, and {gold.format} data has none.")
    report = judge(gold, load_model(model))
    if plot is not None and report.calibration is not None:
        plot_calibration(report.calibration, f"{report.model} on {data.name}", plot)
    if json:
        print_json(report)
    else:
        _print(report)
    return 0


def _part(gold: Gold, part: Part | None) -> Gold:
    if gold.format != "news_gold":
        if part is not None:
            raise UsageError(f"--part goes by the ids of news_gold; {gold.format} data has no such parts.")
        return gold
    if part is None:
        note("news_gold: the shipped model has learned from its train part; --part test leaves that out", "yellow")
        return gold
    examples = tuple(example for example in gold.examples if example.part == part.value)
    if not examples:
        raise UsageError(f"No sentence of this data is in the part {part.value}.")
    from dataclasses import replace

    return replace(gold, examples=examples)


def _print(report: Report) -> None:
    note(f"{report.model} ({report.model_hash[:12]}) on data in the format {report.format}")
    for task in report.tasks:
        _print_task(task)
    if report.confusion is not None:
        labels = list(report.confusion)
        rows = [[label, *(str(report.confusion[label][other]) for other in labels)] for label in labels]
        print_table(["gold \\ found", *labels], rows, title="confusion of claims")
    if report.calibration is not None:
        rows = [
            [f"{one.low:.1f}", str(one.count), f"{one.chance:.2f}", f"{one.true:.2f}"]
            for one in report.calibration.bins
        ]
        title = f"calibration of the score: ECE {report.calibration.ece:.1f} %"
        print_table(["score from", "sentences", "mean score", "check-worthy"], rows, title=title)
    if report.ignored:
        note(f"not compared, since no label of the model is like them: {', '.join(report.ignored)}", "yellow")


def _print_task(task: Task) -> None:
    names = sorted(task.classes, key=lambda name: (name in _LAST, -task.classes[name].gold, name))
    rows = [[name, *_cells(task.classes[name])] for name in names]
    print_table(["class", *_COLUMNS], rows, title=f"{task.name} ({task.units:,} {task.unit})")
    if task.domains:
        rows = [[name, *_cells(figure)] for name, figure in task.domains.items()]
        print_table(["domain", *_COLUMNS], rows, title=f"{task.name}, by domain")


def _cells(figure: Figure) -> list[str]:
    rates = (f"{value:.1f}" for value in (figure.precision, figure.recall, figure.f1))
    return [*rates, f"{figure.low:.1f} - {figure.high:.1f}", f"{figure.found:,}", f"{figure.gold:,}"]
