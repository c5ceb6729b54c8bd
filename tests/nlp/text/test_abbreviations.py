import pytest

from pipeline.nlp.text.abbreviations import ends_in_abbreviation, ends_in_title


@pytest.mark.parametrize("text", ["said Mr.", "Gen.", '"Dr.', "George W.", "near St."])
def test_a_name_follows_a_title_or_initial(text: str) -> None:
    assert ends_in_title(text)


@pytest.mark.parametrize("text", ["He left.", "in the U.S.", "at 5 p.m.", "by I."])
def test_no_name_need_follow(text: str) -> None:
    assert not ends_in_title(text)


@pytest.mark.parametrize("text", ["in the U.S.", "at 5 p.m.", "Apple Inc.", "on Jan.", "No.", "e.g.", "1.", "well..."])
def test_the_stop_may_be_the_abbreviations(text: str) -> None:
    assert ends_in_abbreviation(text)


@pytest.mark.parametrize("text", ["He left.", "in 2015.", "the USA.", "to him."])
def test_the_stop_is_the_sentences(text: str) -> None:
    assert not ends_in_abbreviation(text)
