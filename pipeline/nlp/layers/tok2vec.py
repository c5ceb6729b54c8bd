"""Documents in, a vector for each token out: the arithmetic of spaCy's ``Tok2Vec.v2``, each word embedded once.

The embedding (hashes of a word's form, prefix, suffix and shape, and its static vector, mixed) depends on the word
alone: it is kept. What is computed anew is how the words of a sentence bear on each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.nlp.layers.encoder import Encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from spacy.tokens import Doc
    from spacy.vocab import Vocab
    from thinc.api import Model

    Floats = npt.NDArray[np.float32]
    Attributes = npt.NDArray[np.uint64]

_KEPT_WORDS = 20_000  # of 96 floats: 8 MB, taken as they are met
_BLOCK_WORDS = 64
# Odd numbers spread the bits of the norm, and of the blank behind a word, over those of the form.
_MIX, _MIX_BLANK = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(slots=True)
class Tok2Vec:
    """The layers of a trained tok2vec and the embeddings of the words met so far."""

    vectors: Any
    columns: list[str]
    blank_at: int | None
    hashes: Any
    vector_weights: Floats
    mix: Any
    encoder: Encoder
    _rows: dict[int, int] = field(default_factory=dict)
    _embeddings: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))

    @classmethod
    def of(cls, vocab: Vocab, model: Model[Any, Any]) -> Tok2Vec:
        """Take the layers of ``spacy.MultiHashEmbed.v2`` with static vectors and ``spacy.MaxoutWindowEncoder.v2``.

        The vocabulary is one of ``load_spacy``.
        """
        embed, encode = model.layers
        hashed, vectors = embed.layers[0].layers
        columns = list(hashed.layers[0].attrs["columns"])
        return cls(
            vectors=vocab.vectors,
            columns=columns,
            blank_at=columns.index("SPACY") if "SPACY" in columns else None,
            hashes=hashed.layers[2].layers[0],
            vector_weights=vectors.get_param("W"),
            mix=embed.layers[1].layers[0],
            encoder=Encoder.of(encode),
        )

    def states(self, docs: Sequence[Doc]) -> list[Floats]:
        """Return a (tokens, width) array for each document; none may be empty.

        All documents are of one text, so that its result is its own: the last bits of a matrix product depend on its
        shape.
        """
        return self.encoder.states(self._embed(docs), [len(doc) for doc in docs])

    def _embed(self, docs: Sequence[Doc]) -> Floats:
        attributes = np.concatenate([doc.to_array(["ORTH", *self.columns]) for doc in docs])
        keys = self._keys(attributes)
        if len(self._rows) > _KEPT_WORDS:
            self._rows.clear()
        new = {key: at for at, key in enumerate(keys) if key not in self._rows}
        if new:
            self._keep(list(new), self._compute(attributes[list(new.values())]))
        return self._embeddings[[self._rows[key] for key in keys]]

    def _keys(self, attributes: Attributes) -> list[int]:
        with np.errstate(over="ignore"):
            keys = attributes[:, 0] ^ (attributes[:, 1] * _MIX)  # the norm is the first column
            if self.blank_at is not None:
                keys ^= attributes[:, 1 + self.blank_at] * _MIX_BLANK
        listed: list[int] = keys.tolist()
        return listed

    def _keep(self, keys: Sequence[int], fresh: Floats) -> None:
        first = len(self._rows)
        if first + len(keys) > len(self._embeddings):
            # Room for all at once: memory that is not written to is not taken, and nothing is ever moved.
            room = max(first + len(keys), _KEPT_WORDS + _BLOCK_WORDS)
            grown = np.empty((room, fresh.shape[1]), np.float32)
            grown[:first] = self._embeddings[:first] if first else 0
            self._embeddings = grown
        self._embeddings[first : first + len(keys)] = fresh
        self._rows.update((key, first + at) for at, key in enumerate(keys))

    def _compute(self, attributes: Attributes) -> Floats:
        """Embed words in blocks of one size.

        A word is embedded beside those that happen to be new with it, and the last bits of a matrix product depend on
        its shape: with one shape for all, no text's result depends on the texts before it.
        """
        missing = -len(attributes) % _BLOCK_WORDS
        filled = np.concatenate([attributes, np.repeat(attributes[:1], missing, axis=0)])
        blocks = [self._compute_block(block) for block in np.split(filled, len(filled) // _BLOCK_WORDS)]
        return np.concatenate(blocks)[: len(attributes)]

    def _compute_block(self, attributes: Attributes) -> Floats:
        hashed = self.hashes.predict(np.ascontiguousarray(attributes[:, 1:]))
        rows = self.vectors.key2row.find(attributes[:, 0])
        # Half precision in memory as on disk: half the size, and only words that are new are ever widened.
        vectors = self.vectors.data[rows].astype(np.float32) @ self.vector_weights.T
        vectors[rows < 0] = 0
        result: Floats = self.mix.predict(np.concatenate([hashed, vectors], axis=1))
        return result
