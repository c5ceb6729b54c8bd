from random import Random

import pytest

from pipeline.training.cultures import measured
from pipeline.training.datasets import Example, Mention
from pipeline.training.invented import Invented
from pipeline.training.splits import document_of, part_of_document
from pipeline.training.swaps import Swaps, rename

_TEXT = "Ada Quill met Reed in Oslo, and Quill gave Acme 5 percent."
_NAMES = [("Ada Quill", "PERSON"), ("Reed", "PERSON"), ("Oslo", "GPE"), ("Quill", "PERSON"), ("Acme", "ORG")]


def _example(text: str = _TEXT) -> Example:
    mentions = []
    at = 0
    for name, label in _NAMES:
        at = text.index(name, at)
        mentions.append(Mention(at, at + len(name), label))
        at += len(name)
    return Example("x-1", text, "news", "train", "", mentions=tuple(mentions))


def _names(example: Example) -> list[str]:
    return [example.text[one.start : one.end] for one in example.mentions]


def test_swapped_sentences_keep_their_words_labels_and_order() -> None:
    swaps = Swaps.of(1)
    seen = {swaps.apply(_example()).text for _ in range(40)}
    assert len(seen) > 10
    for _ in range(200):
        swapped = swaps.apply(_example())
        assert [one.label for one in swapped.mentions] == [label for _, label in _NAMES]
        assert " in " in swapped.text
        assert all(name and name == name.strip() for name in _names(swapped))
        assert swapped.text.endswith("5 percent.")


def test_the_same_seed_gives_the_same_names() -> None:
    first, second = Swaps.of(3), Swaps.of(3)
    assert [first.apply(_example()) for _ in range(50)] == [second.apply(_example()) for _ in range(50)]


def test_somebody_keeps_one_name_throughout() -> None:
    [renamed] = rename([_example()], lambda: ("Hu Wei", "Wei", "Hu"))
    assert _names(renamed) == ["Hu Wei", "Hu", "Oslo", "Hu", "Acme"]


def test_no_invented_person_has_a_word_that_is_measured() -> None:
    invented = Invented(Random(0))  # noqa: S311  (no secret)
    words = {word.lower() for one in measured().values() for name in (*one.given, *one.family) for word in name.split()}
    drawn = [invented.person()[1:] for _ in range(2_000)]
    assert all(words.isdisjoint(f"{given} {family}".lower().split()) for given, family in drawn)


@pytest.mark.parametrize(
    ("key", "document"),
    [
        ("masc-wsj_0120-12", "masc-wsj_0120"),
        ("GUM_bio_holt-29", "GUM_bio_holt"),
        ("gmb-37180", "gmb-37180"),
        ("newssd-train-596", "newssd-train-596"),
    ],
)
def test_sentences_of_a_document_share_its_part(key: str, document: str) -> None:
    assert document_of(key) == document
    assert part_of_document(document) in {"train", "dev"}
