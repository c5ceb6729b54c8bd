import pytest

from pipeline.nlp.lexicon.nouns import company_noun, head_noun, is_person


@pytest.mark.parametrize(
    ("source", "noun"),
    [
        ("the toy maker", "maker"),
        ("The Springfield, Mass.-based maker of toys", "maker"),
        ("The Springfield, Mass., maker of toys", "maker"),
        ("The Dutch paper, packaging and printing concern", "concern"),
        ("the insurer", "insurer"),
        ("a toy maker", None),
        ("The woman who runs the company", None),
        ("the minister", None),
    ],
)
def test_a_company_by_its_trade(source: str, noun: str | None) -> None:
    assert company_noun(source) == noun


def test_the_head_of_a_description_stands_before_what_follows_it() -> None:
    assert head_noun("the head of the local court") == "head"
    assert head_noun("the mayor, a friend of Jane Doe") == "mayor"


def test_people_are_told_from_bodies_and_things() -> None:
    assert all(map(is_person, ("the historian", "the former minister", "the pontiff", "a senior officer")))
    assert not any(map(is_person, ("the ministry", "the truck maker", "the border", "the plant", "the number")))
