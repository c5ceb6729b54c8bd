import dataclasses

import pytest

from pipeline.labels import LABELS
from pipeline.nlp.claims.cascade import Cascade, softmax, towards
from pipeline.nlp.claims.cues import find_cues
from pipeline.nlp.claims.network import contributions
from pipeline.nlp.model import Model

_CLAIM = "The bomb killed 30 people in Kabul, police said."


def _never_sure(cascade: Cascade) -> Cascade:
    return dataclasses.replace(cascade, blend=dataclasses.replace(cascade.blend, sure=1.1))


def _always_sure(cascade: Cascade) -> Cascade:
    return dataclasses.replace(cascade, blend=dataclasses.replace(cascade.blend, sure=0.0))


@pytest.mark.parametrize("choose", [_never_sure, _always_sure])
def test_both_ways_give_whole_judgements(model: Model, choose: object) -> None:
    cascade = choose(model.claims)  # type: ignore[operator]
    [judged] = cascade.judge([(_CLAIM, ["CARDINAL", "GPE"])])
    assert sum(judged.chances) == pytest.approx(1)
    assert judged.chances.index(max(judged.chances)) == LABELS.index("CFS")
    assert "quantity" in judged.types
    assert judged.reasons


def test_no_sentence_no_judgement(model: Model) -> None:
    assert model.claims.judge([]) == []


def test_the_networks_parts_sum_to_its_logits(model: Model) -> None:
    read = model.claims.network.judge(_CLAIM)
    sums = read.parts.sum(axis=0)
    others = [read.logits[at] - sums[at] for at in range(len(LABELS))]
    again = model.claims.network.judge("Nobody knew.")
    # What is left is the head's bias: the same for every sentence.
    assert others == pytest.approx(
        [again.logits[at] - again.parts.sum(axis=0)[at] for at in range(len(LABELS))], abs=1e-3
    )
    assert contributions(_CLAIM, find_cues(_CLAIM), read, towards([0.1, 0.2, 0.7]))


def test_reasons_are_words_that_say_something(model: Model) -> None:
    [judged] = _never_sure(model.claims).judge([(_CLAIM, [])])
    assert not {'word: "the"', 'word: "."', 'word: "in"'} & set(judged.reasons)


def test_reasons_speak_against_the_likelier_rival() -> None:
    assert towards([0.1, 0.2, 0.7]).tolist() == pytest.approx([-1 / 3, -2 / 3, 1.0])
    assert towards([0.0, 1.0, 0.0]).tolist() == [0.0, 1.0, 0.0]


def test_temperature_evens_out() -> None:
    assert softmax([0.0, 0.0], 2.0) == [0.5, 0.5]
    assert softmax([1.0, 0.0], 1.0)[0] > softmax([1.0, 0.0], 4.0)[0] > 0.5
