"""A text in, its language out; and sentences by rules for the languages that the model does not read."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.spans import Sentence
from pipeline.nlp.text.lines import Stretch, split_lines, trim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from py3langid.langid import LanguageIdentifier

_READ_CHARS = 2_000
_LEAST_LETTERS = 12
_LEAST_CHANCE = 0.5  # below it, py3langid's own normalised probability is no better than a guess on short texts

# Words of which English prose has one in four and the thinnest of 690 news articles one in eight; other languages share
# some ("is" and "was" in Dutch, "for" and "have" in Danish), but none has "the" or "and", one in 35 there.
_ENGLISH = words_of("function_words", "english")
_ENGLISH_SHARE, _ONLY_ENGLISH_SHARE = 0.125, 0.025
_ONLY_ENGLISH = frozenset({"the", "and"})
_LEAST_WORDS = 20
_WORD = re.compile(r"[^\W\d_]+")
# py3langid calls short English about Nigeria or football Pidgin. Pidgin prose has one of its own words in three.
_PIDGIN = words_of("function_words", "pidgin")
_PIDGIN_SHARE = 0.08

# Latin, Devanagari, Arabic, Armenian, Ethiopic, Burmese and CJK end marks; CJK puts no blank after them.
_STOP = re.compile(
    r"(?:[.!?\u2026\u0964\u0965\u061f\u06d4\u0589\u1362\u1367\u104b]+[\"'\u2019\u201d\u00bb)\]]*(?=\s))"
    r"|(?:[\u3002\uff01\uff1f\uff61]+[\u300d\u300f\uff09\u201d\u2019]*)"
)

# Abbreviations that a name, a number or the rest of a sentence follows, in the languages of most articles that are not
# English: titles, "millions", "for example", "article", companies; and initials. A day of a month is no end either.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'\u201e\u00ab])(?:[^\W\d_]|(?:[^\W\d_]\.\s?)+[^\W\d_]|"
    r"Dr|Prof|Hr|Fr|Frl|Ing|Mag|Dipl|Mio|Mrd|Tsd|Nr|St|Str|bzw|ca|usw|vgl|evtl|ggf|inkl|exkl|sog|Abs|Art|Bd|Jh|Jhd|geb|gest|"
    r"MM|Mme|Mlle|Me|env|av|apr|vol|Sr|Sra|Srta|Sres|Dra|Ud|Uds|p\u00e1g|n\u00fam|art|Sig|Dott|Avv|On|Gen|Col|Cap|Mons|"
    r"dhr|mevr|drs|ir|mr|mw|bijv|nr|blz|Exmo|Exma|\u0433|\u0443\u043b|\u0440\u0443\u0431|\u043c\u043b\u043d|\u0442\u044b\u0441)\.$"
)
_DAY = re.compile(r"(?:^|\s)\d{1,2}\.$")
_MONTH = re.compile(
    r"(?:Jan|Feb|M\u00e4r|Mar|Apr|Mai|Maj|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec|Jahrhundert|[0-3]?\d\.)", re.IGNORECASE
)
_TAIL_CHARS = 16


def detect_language(text: str) -> str | None:
    """Return the BCP 47 tag of the language that a text is mostly in; None if it is too short or too mixed."""
    head = text[:_READ_CHARS]
    if sum(map(str.isalpha, head)) < _LEAST_LETTERS:
        return None
    words = [word.lower() for word in _WORD.findall(head)]
    if len(words) >= _LEAST_WORDS and _is_english(words):
        return "en"
    language, chance = _identifier().classify(head)
    if language == "pcm" and sum(word in _PIDGIN for word in words) < _PIDGIN_SHARE * len(words):
        return "en"
    return str(language) if chance >= _LEAST_CHANCE and language != "zxx" else None


def _is_english(words: Sequence[str]) -> bool:
    shares = ((_ENGLISH, _ENGLISH_SHARE), (_ONLY_ENGLISH, _ONLY_ENGLISH_SHARE))
    return all(sum(word in known for word in words) >= share * len(words) for known, share in shares)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    # Loaded at the first text that is not plainly English: it takes half a second and 75 MB.
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


def _goes_on(text: str, stop: int, end: int) -> bool:
    """Return whether a full stop is an abbreviation's or an ordinal's, or a small letter follows it."""
    if text[stop - 1] != ".":
        return False
    before, after = text[max(0, stop - _TAIL_CHARS) : stop], text[stop:end].lstrip()
    return bool(after[:1].islower() or _ABBREVIATION.search(before) or (_DAY.search(before) and _MONTH.match(after)))


def _split(text: str, line: Stretch) -> list[Stretch]:
    stops = (match.end() for match in _STOP.finditer(text, *line) if not _goes_on(text, match.end(), line.end))
    borders = [line.start, *stops, line.end]
    stretches = (trim(text, start, end) for start, end in pairwise(borders))
    return [stretch for stretch in stretches if stretch.end > stretch.start]
