"""A text in, its language out; and sentences by rules for the languages that the model does not read."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.nlp.lines import Stretch, split_lines, trim
from pipeline.nlp.spans import Sentence
from pipeline.nlp.words import listed

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_READ_CHARS = 2_000
_LEAST_LETTERS = 12
_LEAST_CHANCE = 0.5  # below it, py3langid's own normalised probability is no better than a guess on short texts

# Words of which English prose has one in four and no other language as many.
_ENGLISH = listed("the of and to that for with was is by as at from has have had were which this be are not who but")
_ENGLISH_SHARE = 0.2
_LEAST_WORDS = 20
_WORD = re.compile(r"[^\W\d_]+")

# Latin, Devanagari, Arabic, Armenian, Ethiopic, Burmese and CJK end marks; CJK puts no blank after them.
_STOP = re.compile(
    r"(?:[.!?\u2026\u0964\u0965\u061f\u06d4\u0589\u1362\u1367\u104b]+[\"'\u2019\u201d\u00bb)\]]*(?=\s))"
    r"|(?:[\u3002\uff01\uff1f\uff61]+[\u300d\u300f\uff09\u201d\u2019]*)"
)


def detect_language(text: str) -> str | None:
    """Give the BCP 47 tag of the language that a text is mostly in; None where it is too short or too mixed to tell."""
    head = text[:_READ_CHARS]
    if sum(map(str.isalpha, head)) < _LEAST_LETTERS:
        return None
    words = [word.lower() for word in _WORD.findall(head)]
    if len(words) >= _LEAST_WORDS and sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words):
        return "en"
    language, chance = _identifier().classify(head)
    return str(language) if chance >= _LEAST_CHANCE and language != "zxx" else None


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    # Loaded at the first text that is not plainly English: it takes half a second and 60 MB.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def split_by_rules(text: str) -> list[Sentence]:
    """Split a text of any language at its lines and end marks."""
    stretches = [
        (stretch, paragraph) for paragraph, line in enumerate(split_lines(text)) for stretch in _split(text, line)
    ]
    return [
        Sentence(index, stretch.start, stretch.end, paragraph, "sentence")
        for index, (stretch, paragraph) in enumerate(stretches)
    ]


def _split(text: str, line: Stretch) -> list[Stretch]:
    borders = [line.start, *(match.end() for match in _STOP.finditer(text, *line)), line.end]
    stretches = (trim(text, start, end) for start, end in pairwise(borders))
    return [stretch for stretch in stretches if stretch.end > stretch.start]
