"""A text and its sentences in, one spaCy Doc for each sentence out; documents in, batches that fit in memory out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.nlp.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Doc

    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Sentence

# The layers hold some 10 kB for each token of a batch at once. No batch of news has so many; one without a full stop
# in it has hundreds of sentences as long as a piece may be (``MAX_PIECE_CHARS``).
_MOST_TOKENS = 12_000


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


def in_batches(docs: Iterable[Doc], *, most: int) -> Iterator[list[Doc]]:
    """Take ``most`` documents at once, fewer where they are long: memory does not grow with the text."""
    batch: list[Doc] = []
    tokens = 0
    for doc in docs:
        if batch and (len(batch) == most or tokens + len(doc) > _MOST_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(doc)
        tokens += len(doc)
    if batch:
        yield batch
