from itertools import pairwise

from pipeline.nlp.names.evidence import by_evidence
from pipeline.nlp.spans import Entity, Sentence


def _settled(text: str, *names: tuple[str, str, float]) -> list[tuple[str, str]]:
    """Settle names as the tagger gives them: in order, each with its label and chance."""
    entities = []
    at = 0
    for name, label, chance in names:
        at = text.index(name, at)
        entities.append(Entity(at, at + len(name), name, label, 0, chance))
        at += len(name)
    units = [Sentence(0, 0, len(text), 0, "sentence")]
    found = by_evidence(text, units, entities)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    return [(one.text, one.label) for one in found]


def test_a_name_has_the_label_of_most_evidence() -> None:
    text = "Quarne fell, then Quarne rose, and Quarne was calm."
    assert (
        _settled(text, ("Quarne", "ORG", 0.5), ("Quarne", "GPE", 0.9), ("Quarne", "GPE", 0.6))
        == [("Quarne", "GPE")] * 3
    )


def test_a_house_may_be_a_building_and_a_body() -> None:
    text = "The White House said so at the White House."
    assert _settled(text, ("White House", "ORG", 0.9), ("White House", "FAC", 0.8)) == [
        ("White House", "ORG"),
        ("White House", "FAC"),
    ]


def test_a_part_of_a_person_is_the_person() -> None:
    text = "Jan Krawczyk lost. For Krawczyk and Krawczyk it was over."
    names = [("Jan Krawczyk", "PERSON", 0.9), ("Krawczyk", "NORP", 0.9), ("Krawczyk", "ORG", 0.9)]
    assert [label for _, label in _settled(text, *names)] == ["PERSON"] * 3


def test_a_place_stays_one_though_somebody_has_its_name() -> None:
    text = "Jane London left London for Paris, and London mourned."
    names = [("Jane London", "PERSON", 0.9), ("London", "GPE", 0.9), ("Paris", "GPE", 0.9), ("London", "GPE", 0.9)]
    assert [label for _, label in _settled(text, *names)] == ["PERSON", "GPE", "GPE", "GPE"]


def test_mentions_that_were_missed_are_found() -> None:
    text = "Jan Krawczyk of the ITR lost. The ITR met Krawczyk, and Krawczyks abound in Quarne."
    names = [("Jan Krawczyk", "PERSON", 0.9), ("ITR", "ORG", 0.9), ("Quarne", "GPE", 0.9)]
    assert _settled(text, *names) == [
        ("Jan Krawczyk", "PERSON"),
        ("ITR", "ORG"),
        ("ITR", "ORG"),
        ("Krawczyk", "PERSON"),
        ("Quarne", "GPE"),
    ]


def test_a_word_that_is_no_name_alone_is_not_found() -> None:
    text = "Ann Brown saw it. Brown Street is brown."
    assert _settled(text, ("Ann Brown", "PERSON", 0.9)) == [("Ann Brown", "PERSON")]


def test_the_short_name_of_a_company_is_a_company() -> None:
    text = "Orvane Inc. makes tyres. Orvane cut jobs, and shares of Orvane fell."
    names = [("Orvane Inc.", "ORG", 0.9), ("Orvane", "PERSON", 0.9)]
    assert _settled(text, *names) == [("Orvane Inc.", "ORG"), ("Orvane", "ORG"), ("Orvane", "ORG")]


def test_an_acronym_in_brackets_is_labelled_as_what_it_stands_for() -> None:
    text = "The Popular Movement of Orvane (MPO) left."
    names = [("Popular Movement of Orvane", "ORG", 0.9), ("MPO", "GPE", 0.9)]
    assert [label for _, label in _settled(text, *names)] == ["ORG", "ORG"]


def test_a_person_is_parted_from_the_body_before() -> None:
    text = "Halvik Port Commission will build, CEO of HPC Ada Quill said."
    names = [("Halvik Port Commission", "ORG", 0.9), ("HPC Ada Quill", "ORG", 0.9)]
    assert _settled(text, *names) == [("Halvik Port Commission", "ORG"), ("HPC", "ORG"), ("Ada Quill", "PERSON")]
    assert _settled("BBC World Service said.", ("BBC World Service", "ORG", 0.9)) == [("BBC World Service", "ORG")]


def test_a_brand_is_no_person_or_place_unless_somebody_has_its_name() -> None:
    text = "They sold a Tesla and two Puma jackets for Bitcoin."
    names = [("Tesla", "PERSON", 0.9), ("Puma", "GPE", 0.9), ("Bitcoin", "GPE", 0.9)]
    assert _settled(text, *names) == [("Tesla", "ORG"), ("Puma", "ORG"), ("Bitcoin", "PRODUCT")]
    text = "Nikola Tesla came. Tesla left."
    assert [label for _, label in _settled(text, ("Nikola Tesla", "PERSON", 0.9), ("Tesla", "ORG", 0.9))] == [
        "PERSON"
    ] * 2


def test_a_surname_that_was_taken_for_a_place_is_the_person_named_in_full() -> None:
    text = (
        "Sani Oyelaran came. Oyelaran sat. In Oyelaran they trust. Oyelaran left. Oyelaran ran. Oyelaran won. Oyelaran."
    )
    names = [("Sani Oyelaran", "PERSON", 0.9), *[("Oyelaran", "GPE", 0.99)] * 6]
    assert {label for _, label in _settled(text, *names)} == {"PERSON"}


def test_a_title_or_an_age_tells_a_person() -> None:
    assert _settled("Mr. Waziri left.", ("Waziri", "ORG", 0.9)) == [("Waziri", "PERSON")]
    assert _settled("Waziri, 54, left.", ("Waziri", "GPE", 0.9)) == [("Waziri", "PERSON")]
    text = "Chioma Waziri came. Mr. Waziri left."
    names = [("Chioma Waziri", "GPE", 0.9), ("Waziri", "ORG", 0.9)]
    assert [label for _, label in _settled(text, *names)] == ["PERSON", "PERSON"]


def test_diseases_and_variants_of_viruses_are_no_names() -> None:
    text = "Omicron, BA.2.75 and COVID-19 struck Oslo."
    names = [("Omicron", "ORG", 0.9), ("BA.2.75", "PERSON", 0.9), ("COVID-19", "PRODUCT", 0.9), ("Oslo", "GPE", 0.9)]
    assert _settled(text, *names) == [("Oslo", "GPE")]
