import numpy as np
import pytest

from pipeline.labels import LABELS
from pipeline.nlp.claims import embeddings
from pipeline.nlp.claims.classifier import Scale, towards
from pipeline.nlp.claims.network import OUTPUTS, Network
from pipeline.nlp.model import Model

_CLAIM = "The bomb killed 30 people in Kabul, police said."
_OTHERS = [
    "Nobody knew.",
    "\u201cYes!\u201d",
    _CLAIM,
    "It rose 4% to \u20ac1,200 in 2019, the U.S.-led group's head-count said.",
]


def test_a_claim_is_judged_with_its_types_and_reasons(model: Model) -> None:
    [judged] = model.claims.judge([_CLAIM])
    assert sum(judged.chances) == pytest.approx(1)
    assert judged.chances.index(max(judged.chances)) == LABELS.index("CFS")
    assert "quantity" in judged.types
    assert judged.reasons


def test_no_sentence_no_judgement(model: Model) -> None:
    assert model.claims.judge([]) == []


@pytest.mark.parametrize("empty", ["", " \u00a0"])
def test_a_sentence_without_a_word_is_judged_too(empty: str, model: Model) -> None:
    first, second, third = model.claims.judge([_CLAIM, empty, _CLAIM])
    assert first == third
    assert second.reasons == ()
    assert model.claims.judge([empty]) == [second]


def test_what_is_said_of_a_sentence_does_not_depend_on_those_beside_it(model: Model) -> None:
    together = model.claims.judge(_OTHERS * 40)
    for sentence, judged in zip(_OTHERS, together, strict=False):
        [alone] = model.claims.judge([sentence])
        assert alone.chances == pytest.approx(judged.chances, abs=1e-6)
        assert alone.reasons == judged.reasons


def test_all_of_a_very_long_sentence_is_read(model: Model) -> None:
    short, long = model.claims.network.judge(["no " * 5_000, "no " * 5_000 + _CLAIM])
    assert len(long.words) - len(short.words) == len(model.claims.network.judge([_CLAIM])[0].words)
    assert long.logits.tolist() != short.logits.tolist()


def test_words_that_were_forgotten_are_learned_again(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    before = model.claims.judge(_OTHERS)
    monkeypatch.setattr(embeddings, "_KEPT", 3)
    assert [model.claims.judge([sentence])[0].chances for sentence in _OTHERS] == [
        pytest.approx(judged.chances, abs=1e-6) for judged in before
    ]


def test_the_words_parts_sum_to_the_logits(model: Model) -> None:
    reads = model.claims.network.judge(_OTHERS)
    rests = [read.logits - read.parts.sum(axis=0) for read in reads]
    # What is left is the bias: the same for every sentence.
    assert np.allclose(rests, rests[0], atol=1e-4)


def test_reasons_are_words_that_say_something(model: Model) -> None:
    [judged] = model.claims.judge([_CLAIM])
    assert not {'word: "the"', 'word: "."', 'word: "in"'} & set(judged.reasons)


def test_reasons_speak_against_the_likelier_rival() -> None:
    assert towards([0.1, 0.2, 0.7]).tolist() == pytest.approx([-1 / 3, -2 / 3, 1.0])
    assert towards([0.0, 1.0, 0.0]).tolist() == [0.0, 1.0, 0.0]


def test_temperature_and_doubt_even_out() -> None:
    def chances(first: float, heat: float, doubt: float) -> list[float]:
        [found] = Scale(heat, doubt, ()).chances(np.array([[first, 0.0, 0.0]], np.float32))
        return found.tolist()  # type: ignore[no-any-return]

    assert chances(0.0, 2.0, 0.1) == pytest.approx([1 / 3] * 3)
    assert chances(1.0, 1.0, 0.0)[0] > chances(1.0, 4.0, 0.0)[0] > 1 / 3
    assert chances(50.0, 1.0, 0.06) == pytest.approx([0.96, 0.02, 0.02])


def test_a_network_for_other_labels_is_refused(model: Model) -> None:
    other = {"final bias": np.zeros(OUTPUTS + 1, np.float16)}
    with pytest.raises(ValueError, match="other labels"):
        Network.of(other, model.nlp.vocab.vectors)
