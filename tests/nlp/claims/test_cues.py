from pathlib import Path

import pytest

from pipeline.nlp.claims.cues import Cues, describe, shorten
from pipeline.nlp.model import Model


@pytest.mark.parametrize(
    ("sentence", "word", "reason"),
    [
        ("It killed 30 people.", "30", 'number with a unit: "30 people"'),
        ("It killed 30 people.", "killed", 'reporting of casualties: "killed"'),
        ("Prices rose 3.5% in May.", "%", 'percentage: "3.5%"'),
        ("It cost $20 million.", "$", 'amount of money: "$20 million"'),
        ("They don't know.", "don't", 'negation: "don\'t"'),
        ("We are here.", "We", 'first person: "We"'),
        ("Nobody lives there.", "lives", None),
        ("US troops left.", "US", None),
    ],
)
def test_a_word_makes_the_cue_that_it_stands_in(sentence: str, word: str, reason: str | None, model: Model) -> None:
    start = sentence.index(word)
    cue = model.claims.cues.find(sentence, start, start + len(word))
    assert (cue and describe(sentence, cue)) == reason


@pytest.mark.parametrize(
    ("text", "short"), [(' "yes" ', "yes"), ("x" * 50, "x" * 40 + "\u2026"), ("\u201cno\u201d", "no")]
)
def test_a_long_cue_is_shortened(text: str, short: str) -> None:
    assert shorten(text) == short


@pytest.mark.parametrize("table", ["a cue\n", "a cue\ta(\n"])
def test_a_broken_table_is_refused(table: str, tmp_path: Path) -> None:
    (tmp_path / "cues.tsv").write_text(table, encoding="utf-8")
    with pytest.raises(ValueError, match=r"not enough values|pattern that is none"):
        Cues.read(tmp_path)
