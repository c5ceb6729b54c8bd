import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp.layers.vector_index import WordRows
from pipeline.nlp.model import Model

_HASHES = st.integers(0, 2**64 - 1)


@given(st.dictionaries(_HASHES, st.integers(0, 20_000)), st.lists(_HASHES))
def test_words_have_the_rows_of_the_dictionary(rows: dict[int, int], others: list[int]) -> None:
    found = WordRows(rows)
    assert dict(found) == rows
    keys = [*rows, *others]
    assert found.find(np.array(keys, np.uint64)).tolist() == [rows.get(key, -1) for key in keys]


def test_a_word_without_a_row_is_missing_as_in_a_dictionary() -> None:
    found = WordRows({7: 1})
    assert (found[7], found.get(8, -1), 7 in found, 8 in found) == (1, -1, True, False)
    with pytest.raises(KeyError):
        found[8]


def test_spacy_finds_the_vectors_of_words(model: Model) -> None:
    vectors = model.nlp.vocab.vectors
    assert isinstance(vectors.key2row, WordRows)
    the, nonsense = model.nlp.vocab["the"], model.nlp.vocab["qzxqzxqzx"]
    assert the.has_vector
    assert not nonsense.has_vector
    assert vectors.data.dtype == np.float16
    assert (the.vector == vectors.data[vectors.key2row[the.orth]]).all()
