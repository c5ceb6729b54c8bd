import pytest

from pipeline.nlp.names.sums import with_sums
from pipeline.nlp.spans import Entity, Sentence


def _entity(text: str, name: str, label: str) -> Entity:
    start = text.index(name)
    return Entity(start, start + len(name), name, label, 0, 0.9)


def _found(text: str, *entities: Entity) -> list[tuple[str, str]]:
    units = [Sentence(0, 0, len(text), 0, "sentence")]
    return [(one.text, one.label) for one in with_sums(text, units, entities)]


@pytest.mark.parametrize(
    "amount",
    [
        "Rs 500 crore",
        "Rs.200 crore",
        "\u20b91,500",
        "QR512.4mn",
        "QR3,210,778",
        "CHF 5 million",
        "R$ 30 million",
        "US$4bn",
        "\u20a65 billion",
        "N5bn",
        "KSh 3,000",
        "21m euros",
        "781 billion won",
        "40 million Hong Kong dollars",
    ],
)
def test_sums_of_the_world_are_money(amount: str) -> None:
    assert _found(f"The bridge cost {amount} in May.") == [(amount, "MONEY")]


@pytest.mark.parametrize("share", ["4 per cent", "4.2 percent", "4%", "3.5 pct", "2 percentage points"])
def test_shares_are_percent_whatever_they_were_taken_for(share: str) -> None:
    text = f"Sales rose {share} in May."
    assert _found(text) == [(share, "PERCENT")]
    assert _found(text, _entity(text, share, "MONEY")) == [(share, "PERCENT")]


@pytest.mark.parametrize(
    "text",
    ["The N95 masks sold well.", "All 3 won the race.", "COP 27 begins.", "It has 40 members.", "P. 4 is torn."],
)
def test_letters_and_verbs_make_no_sum(text: str) -> None:
    assert _found(text) == []


def test_a_sum_takes_the_place_of_what_the_tagger_saw_in_its_parts() -> None:
    text = "About Rs 500 crore was paid."
    parts = [_entity(text, "Rs", "PERSON"), _entity(text, "500 crore", "CARDINAL")]
    assert _found(text, *parts) == [("Rs 500 crore", "MONEY")]
    about = _entity(text, "About Rs 500 crore", "MONEY")
    assert _found(text, about) == [("About Rs 500 crore", "MONEY")]


def test_a_sum_inside_a_name_is_left_to_the_name() -> None:
    text = "The Rs 500 crore Scheme ended."
    name = _entity(text, "Rs 500 crore Scheme", "LAW")
    assert _found(text, name) == [("Rs 500 crore Scheme", "LAW")]
