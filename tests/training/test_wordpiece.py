from pathlib import Path

import pytest

from pipeline.training.wordpiece import MAX_PIECES, WordPiece

_PIECES = ["[UNK]", "[CLS]", "[SEP]", "talk", "##s", "##ing", "the", ".", "-", "uber", "\u4eba"]


@pytest.fixture
def pieces(tmp_path: Path) -> WordPiece:
    (tmp_path / "vocab.txt").write_text("\n".join(_PIECES), encoding="utf-8")
    return WordPiece.read(tmp_path / "vocab.txt")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The talks.", ["the", "talk", "##s", "."]),
        ("Talking-talk", ["talk", "##ing", "-", "talk"]),
        ("\u00dcber", ["uber"]),
        ("\u4eba\u4eba", ["\u4eba", "\u4eba"]),
        ("talkx", ["[UNK]"]),
        ("x" * 200, ["[UNK]"]),
        ("", []),
    ],
)
def test_words_are_split_as_bert_does(pieces: WordPiece, text: str, found: list[str]) -> None:
    assert [_PIECES[number] for number in pieces.encode(text)] == ["[CLS]", *found, "[SEP]"]


def test_each_piece_knows_its_word(pieces: WordPiece) -> None:
    numbers, places = pieces.encode_with_places("The talks.")
    assert places == [None, (0, 3), (4, 9), (4, 9), (9, 10), None]
    assert len(numbers) == len(places)


def test_a_long_sentence_loses_its_end(pieces: WordPiece) -> None:
    numbers = pieces.encode("talks " * 500)
    assert len(numbers) == MAX_PIECES
    assert numbers[-1] == _PIECES.index("[SEP]")


def test_the_memory_of_words_is_bounded(pieces: WordPiece, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.training.wordpiece._CACHED_WORDS", 1)
    assert pieces.encode("the talk the talk") == pieces.encode("the talk the talk")
