"""Documents in, how likely a sentence starts at each of their tokens out: spaCy's ``senter``, a word embedded once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.nlp.layers.docs import in_batches
from pipeline.nlp.layers.tok2vec import Tok2Vec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

_BATCH_DOCS = 64


@dataclass(frozen=True, slots=True)
class Senter:
    """The layers of a trained ``senter``."""

    words: Tok2Vec
    scores: Any

    @classmethod
    def of(cls, nlp: Language) -> Senter:
        """Take the layers of a pipeline's ``senter`` (``spacy.Tagger.v2`` over ``spacy.Tok2Vec.v2``)."""
        senter: Any = nlp.get_pipe("senter")
        tok2vec, scores = senter.model.layers
        return cls(Tok2Vec.of(nlp.vocab, tok2vec), scores)

    def margins(self, docs: Iterable[Doc]) -> Iterator[tuple[Doc, list[float]]]:
        """Return for each token how much more likely a sentence starts at it than not, in logits.

        No document may be empty, and all are of one text (see ``Tok2Vec.states``).
        """
        for batch in in_batches(docs, most=_BATCH_DOCS):
            for doc, scores in zip(batch, self.scores.predict(self.words.states(batch)), strict=True):
                yield doc, (scores[:, 1] - scores[:, 0]).tolist()
