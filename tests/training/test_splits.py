from pathlib import Path

import pipeline.training
from pipeline.training.splits import part_of, part_of_claim, part_of_debate

_DEV = (Path(pipeline.training.__file__).parent / "dev_documents.txt").read_text(encoding="utf-8").split()


def test_a_document_is_on_one_side() -> None:
    assert len(_DEV) == len(set(_DEV)) > 40
    for document in _DEV:
        assert {part_of_claim(f"{document}-{number}", "masc-blog") for number in range(200)} == {"dev"}
    assert part_of_claim("masc-of_another-7", "masc-blog") == "train"


def test_sentences_of_the_news_sets_keep_the_part_of_their_id() -> None:
    ids = [f"gmb-{number}" for number in range(1_000)]
    assert [part_of_claim(one, "gmb") for one in ids] == [part_of(one) for one in ids]
    parts = [part_of_claim(f"newssd-train-{number}", "newssd") for number in range(1_000)]
    assert 250 < parts.count("dev") < 350
    assert parts.count("train") == 1_000 - parts.count("dev")


def test_debates_are_parted_by_year() -> None:
    assert [part_of_debate(f"{year}-10-03.txt") for year in (1960, 2008, 2012, 2016)] == [
        "train",
        "train",
        "dev",
        "test",
    ]
