from typing import Any

import numpy as np
import pytest

from pipeline.nlp.layers.tok2vec import Tok2Vec
from pipeline.nlp.model import Model


@pytest.mark.parametrize("lengths", [[1], [7, 1, 30], [1] * 9, [200]])
def test_states_are_those_of_thinc(lengths: list[int], model: Model) -> None:
    tok2vec: Any = model.nlp.get_pipe("tok2vec")
    ner: Any = model.nlp.get_pipe("ner")
    of_parser, of_tagger = tok2vec.model, ner.model.layers[0].layers[0]
    for trained in (of_parser, of_tagger):
        words = Tok2Vec.of(model.nlp.vocab, trained)
        embedded = np.random.default_rng(0).normal(size=(sum(lengths), 96)).astype(np.float32)
        wanted = trained.layers[1].predict(np.split(embedded, np.cumsum(lengths)[:-1]))
        found = words.encoder.states(embedded, lengths)
        assert [len(states) for states in found] == lengths
        for states, other in zip(found, wanted, strict=True):
            assert states == pytest.approx(other, abs=1e-4)
