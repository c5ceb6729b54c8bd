"""A sentence in, the numbers of its word pieces out, as BERT's uncased tokenizer (Devlin et al., NAACL 2019) does."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAX_PIECES = 128  # of a sentence, its marks included; 99.9 % of news sentences have fewer
_MAX_WORD_CHARS = 100
_CACHED_WORDS = 20_000

# A run of letters and digits, or any single other character; CJK characters stand alone.
WordPlace = tuple[int, int] | None

_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+|[^\w\s]|_")


@dataclass(slots=True)
class WordPiece:
    """A vocabulary; what it gave for a word is kept, since an article's words come back."""

    numbers: dict[str, int]
    _cache: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> WordPiece:
        """Read ``vocab.txt``: one piece a line, its number is the line's."""
        pieces = path.read_text(encoding="utf-8").split("\n")
        return cls({piece: number for number, piece in enumerate(pieces) if piece})

    def encode(self, sentence: str) -> list[int]:
        """Return [CLS], the pieces and [SEP]; a sentence that is longer than ``MAX_PIECES`` loses its end."""
        return self.encode_with_places(sentence)[0]

    def encode_with_places(self, sentence: str) -> tuple[list[int], list[WordPlace]]:
        """Return the pieces as ``encode`` does, and for each the word that it comes from; None for [CLS] and [SEP]."""
        pieces = [self.numbers["[CLS]"]]
        places: list[WordPlace] = [None]
        for match in _WORD.finditer(sentence):
            numbers = self._pieces(match.group())
            pieces += numbers
            places += [match.span()] * len(numbers)
            if len(pieces) >= MAX_PIECES:
                break
        return (
            [*pieces[: MAX_PIECES - 1], self.numbers["[SEP]"]],
            [*places[: MAX_PIECES - 1], None],
        )

    def _pieces(self, word: str) -> tuple[int, ...]:
        known = self._cache.get(word)
        if known is None:
            if len(self._cache) >= _CACHED_WORDS:
                self._cache.clear()
            known = self._cache[word] = self._split(_without_accents(word.lower()))
        return known

    def _split(self, word: str) -> tuple[int, ...]:
        """Take the longest known piece off the front until nothing is left; a word with a gap is unknown as a whole."""
        numbers = []
        start = 0
        while start < len(word) <= _MAX_WORD_CHARS:
            prefix = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if prefix + word[start:end] in self.numbers), None)
            if end is None:
                return (self.numbers["[UNK]"],)
            numbers.append(self.numbers[prefix + word[start:end]])
            start = end
        return tuple(numbers) or (self.numbers["[UNK]"],)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one) != "Mn")
