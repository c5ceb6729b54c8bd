import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.contract.field_types import LanguageTag, Probability, Rfc3339, is_language_tag, is_rfc3339
from pipeline.topology import TOPICS

TIMES = [
    "2015-10-07T18:30:00Z",
    "2015-10-07t18:30:00.123456789z",
    "2016-02-29 23:59:60-00:00",
    "2015-10-07T18:30:00+14:00",
]
NO_TIMES = [
    "", "2015-10-07", "2015-10-07T18:30:00", "2015-10-07T18:30Z", "2015-02-29T00:00:00Z", "2015-13-01T00:00:00Z",
    "2015-10-07T24:00:00Z", "2015-10-07T18:60:00Z", "2015-10-07T18:30:00+0200", "15-10-07T18:30:00Z",
    "2015-10-07T18:30:00Z\n",
    "٢٠١٥-10-07T18:30:00Z", "Wed, 07 Oct 2015 18:30:00 GMT", "0000-01-01T00:00:00Z",
]  # fmt: skip
TAGS = ["en", "pt-BR", "zh-Hant-TW", "de-CH-1996", "x-klingon", "i-default", "EN-us"]
NO_TAGS = ["", "e", "en_US", "english!", "en-", "-en", "en-toolongsubtag", "englishes", "en\n", "dé"]


@pytest.mark.parametrize("value", TIMES)
def test_a_time_after_rfc_3339_is_kept_to_the_letter(value: str) -> None:
    assert TypeAdapter(Rfc3339).validate_python(value) == value


@pytest.mark.parametrize("value", NO_TIMES)
def test_anything_else_is_no_time(value: str) -> None:
    assert not is_rfc3339(value)
    with pytest.raises(ValidationError, match="not a date and time after RFC 3339"):
        TypeAdapter(Rfc3339).validate_python(value)


@pytest.mark.parametrize("value", TAGS)
def test_a_language_tag_is_kept_to_the_letter(value: str) -> None:
    assert TypeAdapter(LanguageTag).validate_python(value) == value


@pytest.mark.parametrize("value", NO_TAGS)
def test_anything_else_is_no_language_tag(value: str) -> None:
    assert not is_language_tag(value)
    with pytest.raises(ValidationError, match="not a language tag after BCP 47"):
        TypeAdapter(LanguageTag).validate_python(value)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_what_json_cannot_carry_is_no_probability(value: float) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Probability).validate_python(value)


@pytest.mark.parametrize("event", TOPICS, ids=lambda event: event.__name__)
def test_an_event_is_frozen_and_says_what_it_is(event: type) -> None:
    assert event.__doc__
    assert event.model_config["frozen"]  # type: ignore[attr-defined]
