from typing import Any

import pytest

from pipeline.nlp.layers.docs import word_zone
from pipeline.nlp.model import Model

_TEXTS = ["Two people died. Nobody knew why, said Mr. Doe.", "Prices rose 3.5 percent", "  ", "-"]


def test_margins_are_those_of_spacy(model: Model) -> None:
    with word_zone(model.nlp):
        found = list(model.senter.margins(model.nlp.make_doc(text) for text in _TEXTS))
        senter: Any = model.nlp.get_pipe("senter")
        scores = senter.model.predict([doc for doc, _ in found])
        for (_, margins), wanted in zip(found, scores, strict=True):
            assert margins == pytest.approx((wanted[:, 1] - wanted[:, 0]).tolist(), abs=1e-4)
    assert max(found[0][1][1:]) > 0  # at "Nobody"


def test_nothing_in_nothing_out(model: Model) -> None:
    assert list(model.senter.margins([])) == []
