import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract.field_types import is_language_tag
from pipeline.contract.languages import may_be_a_country, understood


@pytest.mark.parametrize("tag", ["uk", "UK", "ca", "ng", "ZA", "sg", "ie"])
def test_a_code_of_a_country_with_news_in_english_may_be_one(tag: str) -> None:
    assert may_be_a_country(tag)


@pytest.mark.parametrize("tag", ["en", "de", "fr", "uk-UA", "ca-ES", "ukr", "pcm", ""])
def test_another_language_is_none(tag: str) -> None:
    assert not may_be_a_country(tag)


@given(st.text(max_size=12) | st.from_regex(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,2}", fullmatch=True))
def test_what_is_understood_is_a_tag_and_stays_so(written: str) -> None:
    tag = understood(written)
    assert tag is None or (is_language_tag(tag) and understood(tag) == tag)
