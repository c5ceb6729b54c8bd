import pytest

from pipeline.nlp.speakers.titles import genders_before, titles_beside


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("The Oslo mayor Jane Doe left.", {"mayor"}),
        ("The mayor, Brigadier General Jane Doe, left.", {"mayor", "general"}),
        ("Secretary of State Jane Doe left.", {"secretary"}),
        ("Oslo's Mayor Jane Doe left.", {"oslo", "mayor"}),
        ("The Irish prime minister Jane Doe left.", {"irish", "prime", "minister"}),
        ("The head of the local court, Jane Doe, left.", {"head"}),
        ("The minister and prominent writer Jane Doe left.", {"minister", "writer"}),
        ("Jane Doe, a historian of ships, left.", {"historian"}),
        ("Jane Doe, who is also the minister of roads, left.", {"minister"}),
    ],
)
def test_a_title_stands_beside_the_name(text: str, called: set[str]) -> None:
    start = text.index("Jane Doe")
    assert called <= titles_beside(text, 0, len(text), start, start + 8)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The officer asked Jane Doe to leave.", "officer"),
        ("A spokesman for Jane Doe left.", "spokesman"),
        ("The mayor met with Jane Doe.", "mayor"),
        ("The mayor's lawyer Jane Doe left.", "mayor"),
        ("Jane Doe, praising the mayor, left.", "mayor"),
        ("Jane Doe, whom the mayor met, left.", "mayor"),
        ("Jane Doe, an aide to the mayor, left.", "mayor"),
    ],
)
def test_what_somebody_else_is_called_is_no_title(text: str, word: str) -> None:
    start = text.index("Jane Doe")
    assert word not in titles_beside(text, 0, len(text), start, start + 8)


@pytest.mark.parametrize(
    ("before", "genders"),
    [
        ("Mrs. ", (True, False)),
        ("the actor ", (False, True)),
        ("his wife, ", (True, False)),
        ("the mother of ", (False, False)),
        ("he met ", (False, False)),
    ],
)
def test_signs_of_the_gender_stand_right_before_the_name(before: str, genders: tuple[bool, bool]) -> None:
    assert genders_before(f"{before}Jane Doe", 0, len(before)) == genders
