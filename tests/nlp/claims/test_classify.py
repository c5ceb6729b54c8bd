import pytest

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.claims.classify import is_question
from pipeline.nlp.model import Model
from pipeline.nlp.spans import Assertion


def _classify(text: str, model: Model) -> list[Assertion]:
    sentences = model.split_sentences([text])
    return model.classify_claims([text], sentences)[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The war has killed more than 240,000 people since 2011.", "CFS"),
        ("Unemployment rose to 9.6 percent in August, the government said.", "CFS"),
        ("I hope that we will all be happy.", "NFS"),
        ("Who knows what comes next?", "NFS"),
        ("The minister met his colleague in Oslo on Monday.", "UFS"),
    ],
)
def test_a_sentence_has_a_label(text: str, label: str, model: Model) -> None:
    assert _classify(text, model)[0].label == label


def test_what_stands_around_sentences_asserts_nothing(model: Model) -> None:
    text = "Storm kills 30 people\nBy Jane Doe\nOSLO (AP) - Two people died.\nPhoto: Jane Doe\nROE: We ran."
    found = [(one.label, one.reasons) for one in _classify(text, model)]
    assert found[0] == ("NFS", ("a headline",))
    assert found[1] == ("NFS", ("a byline",))
    assert found[2] == ("NFS", ("a dateline",))
    assert found[4] == ("NFS", ("a caption or credit",))
    assert found[5] == ("NFS", ("a speaker line",))


def test_an_assertion_is_whole(model: Model) -> None:
    one = _classify("The bomb killed 30 people in Kabul, police said.", model)[0]
    assert set(one.probabilities) == set(LABELS)
    assert one.score == one.probabilities["CFS"]
    assert sum(one.probabilities.values()) == pytest.approx(1, abs=0.001)
    assert set(one.types) <= set(TYPES)
    assert one.reasons


def test_casualties_make_a_claim_more_likely(model: Model) -> None:
    without, with_casualties = _classify("The bomb hit Kabul.\nThe bomb killed 30 people in Kabul.", model)
    assert with_casualties.score > without.score


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [("Why?", True), ('"Why?"', True), ('"Why?" he asked.', False), ("(Why?)", True), ("He left.", False), ("", False)],
)
def test_a_question_asks_as_a_whole(sentence: str, asks: bool) -> None:
    assert is_question(sentence) is asks
