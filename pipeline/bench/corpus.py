"""A seed in, generated articles out, with the statistics of news that decide what an article costs; or a user's own.

Lengths are log-normal around 400 words, sentences around 20, a quarter of the sentences are quotes, a quarter has
figures, a tenth of the words belongs to names. Words of each class follow Zipf's law over some 20,000 made-up types:
new words keep coming, as in news, so that no cache looks better than it is. The sentences mean nothing.
"""

from __future__ import annotations

import bisect
import itertools
import math
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from pipeline.errors import UsageError
from pipeline.sources import Skipped, SourceRecord, Unreadable, read_paths

MEDIAN_WORDS, SPREAD, MOST_WORDS = 400, 0.6, 3000

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SYLLABLES = tuple(
    a + b for a in ("b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v") for b in "aeiou"
)
_NOUNS, _VERBS, _ADJECTIVES, _NAMES = 9000, 3000, 3000, 5000
_REPORTED = ("said", "told reporters", "said on Monday", "announced", "argued", "warned")


@dataclass(frozen=True)
class Corpus:
    """Articles as they go to Kafka, with the number of tokens (words and marks) of their texts."""

    name: str
    records: tuple[SourceRecord, ...]
    chars: int
    tokens: int

    def __len__(self) -> int:
        return len(self.records)


def corpus_of(name: str, records: Sequence[SourceRecord]) -> Corpus:
    """The records, counted."""
    texts = [str(orjson.loads(record.value)["text"]) for record in records]
    return Corpus(name, tuple(records), sum(map(len, texts)), sum(len(_TOKEN.findall(text)) for text in texts))


def generated(articles: int, *, seed: int, words: int | None = None) -> Corpus:
    """So many articles; ``words`` gives all of them one length."""
    grammar = _Grammar(seed)
    records = [as_record(number, grammar.text(words or grammar.length())) for number in range(articles)]
    return corpus_of(f"generated, seed {seed}", records)


def of_length(chars: int, articles: int, *, seed: int) -> Corpus:
    """Articles whose texts have exactly so many characters: cut from generated ones."""
    grammar = _Grammar(seed)
    records = [as_record(number, grammar.text(chars // 4 + 40)[:chars]) for number in range(articles)]
    return corpus_of(f"generated, {chars:,} characters", records)


def from_file(path: Path) -> Corpus:
    """The articles of a file, or of all files of a folder.

    Raises:
        UsageError: it holds none, or something that is no article.
    """
    records: list[SourceRecord] = []
    for found in read_paths([str(path)], stdin=sys.stdin.buffer):
        if isinstance(found, Skipped):
            continue
        if isinstance(found, Unreadable):
            raise UsageError(f"{found.name}: {found.why}")
        try:
            text = orjson.loads(found.value)["text"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as exc:
            raise UsageError(f"{found.name} is not an article: it must be a JSON object with a text") from exc
        records.append(as_record(len(records), str(text)))
    if not records:
        raise UsageError(f"{path} holds no articles")
    return corpus_of(path.name, records)


def as_record(number: int, text: str) -> SourceRecord:
    """The record of a text."""
    name = f"bench-{number}"
    value = orjson.dumps({"id": name, "text": text, "source": "claimwire bench", "language": "en"})
    return SourceRecord(path=name, number=0, name=name, key=name.encode(), value=value, modified_ms=0)


def renumbered(corpus: Corpus, articles: int, *, first: int = 0) -> list[SourceRecord]:
    """So many records, the corpus over and over, each under an id of its own."""
    records = itertools.islice(itertools.cycle(corpus.records), articles)
    return [as_record(first + number, orjson.loads(record.value)["text"]) for number, record in enumerate(records)]


class _Zipf:
    """Words of one class; the n-th is drawn 1/n times as often as the first."""

    def __init__(self, rng: random.Random, types: int, shape: str) -> None:
        words: dict[str, None] = {}
        while len(words) < types:
            stem = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((1, 2, 2, 3))))
            words[shape.format(stem)] = None
        self._words = tuple(words)
        self._sums = list(itertools.accumulate(1 / rank for rank in range(1, types + 1)))
        self._rng = rng

    def __call__(self) -> str:
        return self._words[bisect.bisect_left(self._sums, self._rng.random() * self._sums[-1])]


class _Grammar:
    def __init__(self, seed: int) -> None:
        self._rng = random.Random(f"bench/{seed}")  # noqa: S311  (nothing is secret here)
        self._noun = _Zipf(self._rng, _NOUNS, "{}n")
        self._verb = _Zipf(self._rng, _VERBS, "{}sed")
        self._adjective = _Zipf(self._rng, _ADJECTIVES, "{}ic")
        self._name = _Zipf(self._rng, _NAMES, "{}r")

    def length(self) -> int:
        return max(20, min(MOST_WORDS, round(self._rng.lognormvariate(math.log(MEDIAN_WORDS), SPREAD))))

    def text(self, words: int) -> str:
        lines = [f"{self._place().upper()} (Bench) - {self._statement()}."]
        count = len(lines[0].split())
        while count < words:
            line = " ".join(self._sentence() for _ in range(self._rng.choice((1, 2, 2, 3))))
            lines.append(line)
            count += len(line.split())
        return "\n\n".join(lines)

    def _sentence(self) -> str:
        kind = self._rng.random()
        if kind < 0.25:  # noqa: PLR2004  (a quarter are quotes)
            return f"“{self._statement()}, and {self._clause()},” {self._rng.choice(_REPORTED)} {self._person()}."
        if kind < 0.5:  # noqa: PLR2004  (a quarter have figures)
            share, year = self._rng.randint(2, 97), self._rng.randint(1950, 2049)
            return (
                f"{self._statement()}, {share} per cent more than in {year}, {self._person()} said in {self._place()}."
            )
        return f"{self._statement()} while {self._clause()} of the {self._noun()}."

    def _statement(self) -> str:
        clause = self._clause()
        return f"{clause[0].upper()}{clause[1:]} after the {self._noun()} in {self._place()}"

    def _clause(self) -> str:
        subject = f"the {self._adjective()} {self._noun()}"
        return f"{subject} {self._verb()} a {self._noun()} for {self._noun()} and {self._noun()}"

    def _person(self) -> str:
        return f"{self._name().title()} {self._name().title()}, the {self._noun()} minister"

    def _place(self) -> str:
        return self._name().title()
