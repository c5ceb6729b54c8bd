import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.nlp.model import SHIPPED, Model, hash_folder, load_model


def test_the_shipped_model_says_what_it_is(model: Model) -> None:
    assert model.name
    assert model.version
    assert model.hash == hash_folder(SHIPPED)


def test_it_is_small_enough_to_ship() -> None:
    sizes = [path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()]
    assert sum(sizes) <= 90_000_000


def test_a_folder_that_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " " * 1_000_000,
        "\x00\x01\x02",
        "\U0001f600 \U0001f1fa\U0001f1f8",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u200f \u202e",
        "?!.,;:\"'()",
        "a",
        "\u2028\u2029\x85",
        "\u200b\ufeff",
        "\u0301\u0301",
        "((((((((" * 500,
        "said " * 500,
        '"' * 999,
        "A. " * 999,
    ],
)
def test_any_text_goes_through_every_stage(text: str, model: Model) -> None:
    sentences = model.split_sentences([text])
    entities = model.tag_entities([text], sentences)
    assert len(model.classify_claims([text], sentences, entities)[0]) == len(sentences[0])
    model.find_attributions([text], sentences, entities)


@pytest.mark.parametrize("unit", ["x", "(", "a.", "$1", "-", "'", "Mr. Doe said it was late. ", "and so on ", '"no," '])
def test_the_time_is_linear_in_the_length(unit: str, model: Model) -> None:
    def seconds(chars: int) -> float:
        texts = [unit * (chars // len(unit))]
        before = time.perf_counter()
        sentences = model.split_sentences(texts)
        entities = model.tag_entities(texts, sentences)
        model.classify_claims(texts, sentences, entities)
        model.find_attributions(texts, sentences, entities)
        return time.perf_counter() - before

    seconds(2_000)
    assert seconds(40_000) < 30 * max(0.05, seconds(4_000))


@pytest.mark.parametrize("line", ["- a", "a\tb", "- Jane Doe came to Oslo on Monday."])
def test_equal_lines_are_read_once_and_alike(line: str, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list may have thousands of equal lines, and nobody pays for them."""
    made: list[str] = []

    make_doc = model.nlp.make_doc

    def counted(said: str) -> Any:
        made.append(said)
        return make_doc(said)

    monkeypatch.setattr(model.nlp, "make_doc", counted)
    text = "\n".join([line] * 200)
    (sentences,) = model.split_sentences([text])
    (entities,) = model.tag_entities([text], [sentences])
    distinct = {(text[one.start : one.end], one.kind) for one in sentences}
    assert len(made) <= 2 * len(distinct)
    found: dict[str, set[tuple[str, ...]]] = {}
    for at, one in enumerate(sentences):
        names = tuple(entity.text for entity in entities if entity.sentence == at)
        found.setdefault(text[one.start : one.end], set()).add(names)
    assert {len(names) for names in found.values()} == {1}
