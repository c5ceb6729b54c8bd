from pathlib import Path

import orjson
import pytest

from pipeline.bench.corpus import from_file, generated, of_length, renumbered
from pipeline.errors import UsageError


def test_the_same_seed_gives_the_same_articles() -> None:
    assert generated(3, seed=5) == generated(3, seed=5)
    assert generated(3, seed=5).records != generated(3, seed=6).records


def test_lengths_and_vocabulary_are_those_of_news() -> None:
    corpus = generated(200, seed=1)
    words = [orjson.loads(record.value)["text"].split() for record in corpus.records]
    lengths = sorted(map(len, words))
    assert 330 < lengths[100] < 480
    assert lengths[180] > 1.7 * lengths[100]
    half = {word for text in words[:100] for word in text}
    assert len({word for text in words for word in text}) > 1.2 * len(half)  # new words keep coming


def test_a_length_is_exact() -> None:
    corpus = of_length(1_000, 4, seed=1)
    assert [len(orjson.loads(record.value)["text"]) for record in corpus.records] == [1_000] * 4
    assert corpus.chars == 4_000


def test_each_article_of_a_run_has_an_id_of_its_own() -> None:
    records = renumbered(generated(2, seed=1), 5, first=10)
    assert [record.key for record in records] == [b"bench-%d" % number for number in range(10, 15)]
    assert orjson.loads(records[0].value)["text"] == orjson.loads(records[2].value)["text"]


def test_articles_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text":"One two."}\n{"text":"Three."}\n')
    corpus = from_file(path)
    assert (len(corpus), corpus.chars, corpus.tokens) == (2, 14, 5)


def test_what_is_no_article_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title":"One"}\n')
    with pytest.raises(UsageError, match=r"a\.jsonl"):
        from_file(path)
