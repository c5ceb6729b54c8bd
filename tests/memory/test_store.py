import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.memory.lines import Line, Mention
from pipeline.memory.store import VersionStore
from pipeline.memory.versions import Known, Order

_texts = st.text(st.characters(codec="utf-8"))
_numbers = st.none() | st.integers(-(2**53), 2**53)
_mentions = st.builds(Mention, st.integers(0, 9), st.integers(0, 9), _texts, st.none() | _texts)
_lines = st.builds(Line, _texts, st.lists(_mentions, max_size=3).map(tuple), st.booleans())
_known = st.builds(
    Known,
    _texts,
    st.integers(1, 100),
    st.builds(Order, _numbers, _numbers, _numbers),
    st.sampled_from(["usable", "canceled"]),
    st.lists(_lines, max_size=4).map(tuple),
    st.dictionaries(st.integers(0, 9), _texts, max_size=3),
)


@given(_texts, _known, _known)
def test_what_was_put_last_comes_back_as_it_was(article: str, first: Known, second: Known) -> None:
    with VersionStore() as store:
        assert store.get(article) is None
        store.put(article, first)
        assert store.get(article) == first
        store.put(article, second)
        assert store.get(article) == second
        assert store.get(article + "x") is None


def test_stores_do_not_share_what_they_know() -> None:
    known = Known("a-1:0", 1, Order(None, None, None), "usable", (), {})
    with VersionStore() as one, VersionStore() as other:
        one.put("a-1", known)
        assert other.get("a-1") is None


def test_a_closed_store_answers_no_more() -> None:
    store = VersionStore()
    store.close()
    store.close()
    with pytest.raises(Exception, match="closed database"):
        store.get("a-1")
