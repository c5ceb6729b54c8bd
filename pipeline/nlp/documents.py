"""A text and its sentences in, one spaCy Doc for each sentence out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.nlp.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Sentence


def sentence_docs(text: str, sentences: Sequence[Sentence], model: Model) -> Iterator[Doc]:
    """Tokenise each sentence by itself.

    So no token, and no name, can cross a sentence; the models were trained on single sentences as well, and many short
    documents are quicker than one long one, since the transitions of a batch run side by side.
    """
    for sentence in sentences:
        doc = model.nlp.make_doc(plain(text[sentence.start : sentence.end]))
        starts = np.full(len(doc), -1, np.int64)
        starts[:1] = 1
        yield doc.from_array("SENT_START", starts.view(np.uint64))
