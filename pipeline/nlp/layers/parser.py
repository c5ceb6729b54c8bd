"""Documents of one sentence each in, the same with parts of speech and a dependency parse out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.nlp.layers.docs import in_batches
from pipeline.nlp.layers.tok2vec import Tok2Vec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

# Their transitions run side by side: 32 cost a third more time a token, 128 a third more memory.
_BATCH_SENTENCES = 64


@dataclass(frozen=True, slots=True)
class Parser:
    """spaCy's ``tagger`` and ``parser`` over one pass of the tok2vec that they share."""

    words: Tok2Vec
    heads: tuple[Any, ...]

    @classmethod
    def of(cls, nlp: Language) -> Parser:
        """Take the components of a pipeline."""
        tok2vec: Any = nlp.get_pipe("tok2vec")
        return cls(Tok2Vec.of(nlp.vocab, tok2vec.model), (nlp.get_pipe("tagger"), nlp.get_pipe("parser")))

    def parse(self, docs: Iterable[Doc]) -> Iterator[Doc]:
        """Annotate documents, none of them empty and all of one text (see ``Tok2Vec.states``)."""
        for batch in in_batches(docs, most=_BATCH_SENTENCES):
            for doc, states in zip(batch, self.words.states(batch), strict=True):
                doc.tensor = states  # type: ignore[assignment]  # where the heads look for it
            for head in self.heads:
                head.set_annotations(batch, head.predict(batch))
            yield from batch
