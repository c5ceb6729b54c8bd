from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract.asides import NOTES, noted, notes_of, set_aside

_names = st.sampled_from(["published", "published_as_sent", "language", NOTES, "x"])
_values = st.integers() | st.text(max_size=3) | st.dictionaries(st.sampled_from("ab"), st.text(max_size=2), max_size=2)


@given(
    st.dictionaries(_names, _values),
    st.dictionaries(_names, _values),
    st.dictionaries(_names, st.none() | st.just("why")),
)
def test_nothing_is_lost_and_what_the_sender_wrote_stays(
    fields: dict[str, Any], extra: dict[str, Any], why: dict[str, str | None]
) -> None:
    found = set_aside({**fields, "extra": extra}, why)
    aside = found.pop("extra")
    assert found == {name: value for name, value in fields.items() if name not in why}
    written = [value for name, value in aside.items() if not (isinstance(value, dict) and name.startswith(NOTES))]
    for value in (fields[name] for name in why.keys() & fields.keys()):
        assert value in written or isinstance(value, dict)
    for name, value in extra.items():
        assert aside[name] == value or (name == NOTES and value.items() <= {**aside[name], **value}.items())


def test_a_reason_is_a_note_and_none_is_none() -> None:
    assert set_aside({"a": 1, "b": 2}, {"a": "why", "b": None}) == {"extra": {"a": 1, "b": 2, NOTES: {"a": "why"}}}
    assert noted({"x": 1}, {}) == {"x": 1}
    assert notes_of({NOTES: {"a": "why"}}) == ["a"]
    assert notes_of({NOTES: "mine"}) == notes_of({}) == []
