import re

import pytest

from pipeline.nlp.lexicon import tables
from pipeline.nlp.lexicon.tables import alternation, table, words_of

_NAMES = sorted(path.stem for path in tables._FOLDER.glob("*.tsv"))


def test_words_are_found_by_any_of_their_traits() -> None:
    assert {"Mrs", "Queen"} <= words_of("titles", "female")
    assert words_of("titles", "female", "male") == words_of("titles", "female") | words_of("titles", "male")
    assert words_of("months") == set(table("months"))


def test_the_longest_of_several_words_is_found() -> None:
    found = re.match(alternation(["Minister", "Prime Minister", "Prime"]), "Prime Minister Doe")
    assert found is not None
    assert found.group() == "Prime Minister"


@pytest.mark.parametrize("name", _NAMES)
def test_a_word_stands_once_in_its_table(name: str) -> None:
    lines = (tables._FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    words = [line.partition("\t")[0] for line in lines if not line.startswith("#")]
    assert all(words)
    assert all(word == word.strip() for word in words)
    assert len(words) == len(set(words))
