"""A text and its sentences in, one spaCy Doc for each sentence out; documents in, batches that fit in memory out."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.chunks import chunks
from pipeline.nlp.layers.slim_spacy import spacy
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc, Token

    from pipeline.nlp.spans import Sentence

# The layers hold some 10 kB for each token of a batch at once. No batch of news has so many; one without a full stop
# in it has hundreds of sentences as long as a piece may be (``MAX_PIECE_CHARS``).
_MOST_TOKENS = 12_000
_KEPT_WORDS = 25_000  # lexemes with their strings: 6 MB
_TEXT = "text"  # in a document's ``user_data``


def word_zone(nlp: Language) -> AbstractContextManager[Any]:
    """Where documents are made: words stay in the vocabulary until it is full, then go with the zone.

    Looking a word up is four times as quick as making it, and most words of news come back.
    """
    return nullcontext() if len(nlp.vocab) < _KEPT_WORDS else nlp.memory_zone()


def sentence_docs(text: str, sentences: Sequence[Sentence], nlp: Language) -> Iterator[Doc]:
    """Tokenise each sentence by itself.

    So no token, and no name, can cross a sentence; the models were trained on single sentences as well, and many short
    documents are quicker than one long one, since the transitions of a batch run side by side.
    """
    for sentence in sentences:
        simple = plain(text[sentence.start : sentence.end])
        doc = nlp.make_doc(simple)
        doc.user_data[_TEXT] = simple
        starts = np.full(len(doc), -1, np.int64)
        starts[:1] = 1
        yield doc.from_array("SENT_START", starts.view(np.uint64))


def text_of(doc: Doc) -> str:
    """Return a document's text; spaCy puts it together from the words each time that it is asked."""
    text: str | None = doc.user_data.get(_TEXT)
    return doc.text if text is None else text


def word_hashes(words: Iterable[str]) -> frozenset[int]:
    """Return the numbers by which ``tokens_of`` knows words."""
    return frozenset(map(spacy.strings.get_string_id, words))


def tokens_of(doc: Doc, hashes: frozenset[int]) -> Iterator[Token]:
    """Return the tokens whose lower-cased form is among some; a Python object is made for these alone."""
    return (doc[at] for at, word in enumerate(doc.to_array("LOWER").tolist()) if word in hashes)


def in_batches(docs: Iterable[Doc], *, most: int) -> Iterator[list[Doc]]:
    """Take ``most`` documents at once, fewer where they are long: memory does not grow with the text."""
    return chunks(docs, size=len, max_size=_MOST_TOKENS, max_items=most)
