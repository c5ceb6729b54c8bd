import pytest

from pipeline.training.data.datasets import Example, Mention
from pipeline.training.data.splits import document_of, part_of_document
from pipeline.training.swaps import rename

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


def test_somebody_keeps_one_name_throughout() -> None:
    [renamed] = rename([_example()], lambda: ("Hu Wei", "Wei", "Hu"))
    assert _names(renamed) == ["Hu Wei", "Hu", "Oslo", "Hu", "Acme"]


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
