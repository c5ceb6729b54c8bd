"""Universal NER's English web treebank in, weblogs, newsgroups and reviews with names in news_gold's labels out.

The treebank marks people, bodies and places alone. Which kind of place it is, and dates, sums and all other labels, say
the names that a tagger finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.nlp.names.borders import NameSpan, tidy
from pipeline.training.data.datasets import Example, Mention
from pipeline.training.data.spacing import respace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    Tagger = Callable[[Sequence[str]], Iterable[Iterable[NameSpan]]]
    Tagged = tuple[str, str, list[tuple[str, str]]]  # id, text, words with their tags

_FILE = "ner_uner_ewt/en_ewt-ud-train.2022-12-02.iob2"
_SOURCES = frozenset({"weblog", "newsgroup", "reviews"})
_LABELS = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE"}
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_LEAST_WORDS = 5


def read_web(data: Path, tag: Tagger) -> list[Example]:
    """Read the sentences with the annotated names, and with those of other labels that ``tag`` finds in their texts."""
    sentences = [one for one in _sentences(data / _FILE) if one[0].partition("-")[0] in _SOURCES]
    spaced = [respace(text) for _, text, words in sentences if len(words) >= _LEAST_WORDS]
    kept = [one for one in sentences if len(one[2]) >= _LEAST_WORDS]
    examples = []
    for (key, text, words), one, found in zip(kept, spaced, tag([one.text for one in spaced]), strict=True):
        names = [NameSpan(*one.move(name.start, name.end), name.label) for name in _names(text, words)]
        mentions = tuple(Mention(*name) for name in _with_others(one.text, names, sorted(found)))
        examples.append(Example(f"uner-{key}", one.text, "web", "train", "", mentions=mentions))
    return examples


def _with_others(text: str, names: Sequence[NameSpan], found: Sequence[NameSpan]) -> list[NameSpan]:
    """Return the names with the kind of each place, and what is neither person, body nor place."""
    told = []
    for name in names:
        over = [one for one in found if one.start < name.end and name.start < one.end and one.label in _PLACES]
        told.append(name._replace(label=over[0].label) if name.label == "GPE" and over else name)
    told = tidy(text, told)
    others = (one for one in found if one.label not in {*_PLACES, "PERSON", "ORG"})
    free = [one for one in others if all(one.end <= name.start or name.end <= one.start for name in told)]
    return sorted([*told, *free])


def _names(text: str, words: Sequence[tuple[str, str]]) -> Iterator[NameSpan]:
    name: NameSpan | None = None
    at = 0
    for word, tag in words:
        start = text.index(word, at)
        at = start + len(word)
        label = _LABELS.get(tag[2:])
        if name and label == name.label and tag.startswith("I"):
            name = name._replace(end=at)
            continue
        if name:
            yield name
        name = NameSpan(start, at, label) if label else None
    if name:
        yield name


def _sentences(path: Path) -> Iterator[Tagged]:
    key = text = ""
    words: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# text = "):
            text = line.removeprefix("# text = ")
        elif line.startswith("# sent_id = "):
            key = line.removeprefix("# sent_id = ")
        elif line and not line.startswith("#"):
            _, word, tag, *_ = line.split("\t")
            words.append((word, tag))
        elif not line and words:
            yield key, text, words
            words = []
