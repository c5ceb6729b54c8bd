import pytest
from resolved import resolve_speaker


@pytest.mark.parametrize(
    ("lines", "source", "labels", "speaker"),
    [
        ("Prime Minister Jane Doe came.\nThe prime minister said no.", "The prime minister", "Jane_Doe", "Jane Doe"),
        ("Vice President Jane Doe came.\nThe president said no.", "The president", "Jane_Doe", None),
        ("Vice President Jane Doe came.\nThe vice president said no.", "The vice president", "Jane_Doe", "Jane Doe"),
        ("Nobody came.\nThe prime minister said no.", "The prime minister", "Jane_Doe", None),
        ("Jane Doe said yes.\nThe British historian said no.", "The British historian", "Jane_Doe", "Jane Doe"),
        ("The actor Jane Doe said yes.\nThe landowner said no.", "The landowner", "Jane_Doe", None),
        ("Jane Doe said yes.\nThe prime minister said no.", "The prime minister", "Jane_Doe", None),
        ("Jane Doe said yes.\nThe second landowner said no.", "The second landowner", "Jane_Doe", None),
        ("Pope Jane Doe came.\nThe pontiff said no.", "The pontiff", "Jane_Doe", "Jane Doe"),
    ],
)
def test_somebody_is_called_so(lines: str, source: str, labels: str, speaker: str | None) -> None:
    assert resolve_speaker(lines, source, **{labels: "PERSON"}) == speaker


def test_who_stands_beside_a_description_is_somebody_else() -> None:
    names = {"Ann_Poe": "PERSON", "Jane_Doe": "PERSON"}
    lines = "Prime Minister Ann Poe met Jane Doe.\nThe prime minister said no."
    assert resolve_speaker(lines, "The prime minister", **names) == "Ann Poe"


def test_somebody_described_in_the_first_sentence_is_who_the_next_one_names() -> None:
    lines = "A senior lawmaker said no.\nJane Doe spoke in Oslo."
    assert resolve_speaker(lines, "A senior lawmaker", 0, Jane_Doe="PERSON") == "Jane Doe"


def test_somebody_of_a_nation_is_who_was_called_so() -> None:
    names = {"Syrian": "NORP", "Ann_Poe": "PERSON", "Jane_Doe": "PERSON"}
    lines = "Syrian President Ann Poe met the Arab League chief Jane Doe.\nThe Syrian leader said no."
    assert resolve_speaker(lines, "The Syrian leader", **names) == "Ann Poe"


@pytest.mark.parametrize(
    "opening",
    [
        "Norway's President Ann Poe received Ireland's President Jane Doe.",
        "Norwegian president Ann Poe received Ireland's President Jane Doe.",
        "President Jane Doe of Ireland met her Norwegian counterpart Ann Poe.",
    ],
)
def test_an_office_is_of_its_own_country(opening: str) -> None:
    names = {"Norway": "GPE", "Norwegian": "NORP", "Ireland": "GPE", "Ann_Poe": "PERSON", "Jane_Doe": "PERSON"}
    lines = f"{opening}\nThe Norwegian president said no."
    assert resolve_speaker(lines, "The Norwegian president", **names) == "Ann Poe"


def test_who_is_president_of_another_country_is_not_meant() -> None:
    names = {"Norwegian": "NORP", "Ireland": "GPE", "Jane_Doe": "PERSON"}
    lines = "Ireland's President Jane Doe came to Oslo.\nThe Norwegian president said no."
    assert resolve_speaker(lines, "The Norwegian president", **names) is None


def test_a_country_where_somebody_has_been_is_not_of_the_office() -> None:
    names = {"Norwegian": "NORP", "Ireland": "GPE", "Jane_Doe": "PERSON"}
    lines = "President Jane Doe spoke.\nAfter talks in Ireland, Jane Doe left.\nThe Norwegian president said no."
    assert resolve_speaker(lines, "The Norwegian president", **names) == "Jane Doe"


def test_a_spokesman_in_the_first_sentence_is_not_the_president_named_next() -> None:
    lines = "An Oslo spokesman said no.\nMr. Doe came home."
    assert resolve_speaker(lines, "An Oslo spokesman", 0, Doe="PERSON") is None


def test_an_office_is_of_its_own_department() -> None:
    lines = "Prime Minister Ann Poe met Defense Minister Jane Doe.\nThe defense minister said no."
    names = {"Jane_Doe": "PERSON", "Ann_Poe": "PERSON"}
    assert resolve_speaker(lines, "The defense minister", **names) == "Jane Doe"
    lines = "Defense Minister Jane Doe met Prime Minister Ann Poe.\nThe defense minister said no."
    assert resolve_speaker(lines, "The defense minister", **names) == "Jane Doe"


def test_a_title_that_was_taken_into_the_name_is_one() -> None:
    names = {"Prince_Doe": "PERSON"}
    assert resolve_speaker("Prince Doe came.\nThe prince said no.", "The prince", **names) == "Prince Doe"
