from statistics import median

import orjson
import pytest

from pipeline.chaos.made_up_articles import RAISE_IN, make_article, poison_of
from pipeline.contract.codec import decode_article
from pipeline.errors import RecordError


def test_the_same_seed_gives_the_same_articles_and_another_gives_others() -> None:
    first = [make_article(number, seed=1) for number in range(50)]
    assert first == [make_article(number, seed=1) for number in range(50)]
    assert first != [make_article(number, seed=2) for number in range(50)]


def test_articles_are_as_long_as_news() -> None:
    words = [len(orjson.loads(make_article(number, seed=3).value)["text"].split()) for number in range(30)]
    assert 250 < median(words) < 650
    assert len(set(words)) > 20


def test_one_in_a_hundred_is_poison_of_three_kinds_in_turn() -> None:
    kinds = [kind for number in range(900) if (kind := poison_of(number))]
    assert kinds == ["undecodable", "raises", "too-large"] * 3


def test_what_cannot_be_decoded_is_refused_and_what_raises_is_a_good_article() -> None:
    with pytest.raises(RecordError):
        decode_article(make_article(37, seed=1).value, key=None, headers={}, max_chars=100_000)
    stages = [
        decode_article(make_article(number, seed=1).value, key=None, headers={}, max_chars=100_000).text.split(
            RAISE_IN
        )[1]
        for number in (137, 437, 737)
    ]
    assert stages == ["split_sentences", "tag_entities", "classify_claims"]


def test_what_is_too_large_fits_into_its_topic_and_its_outputs_do_not() -> None:
    value = make_article(237, seed=1).value
    assert len(value) < 500_000
    assert len(orjson.dumps(orjson.loads(value))) > 1_048_576
