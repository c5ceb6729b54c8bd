"""Annotated sentences in, the same with other names of the same labels out: a tagger learns the shape, not the name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from pipeline.training.attributions import articles
from pipeline.training.invented import Invented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.training.datasets import Example, Mention

    Person = tuple[str, str, str]  # the full name, the given name, the family name

_SWAPPED = 0.6  # of the sentences, each time that they are seen; of their names by label:
_SHARES = {"PERSON": 0.9, "ORG": 0.4, "GPE": 0.4, "MONEY": 0.5, "PERCENT": 0.4}
_TITLED = 0.12  # of the swapped people
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_BEHIND_SMALL_WORD = re.compile(r"(?:^|\b[a-z]+ )$")
_ARTICLE = re.compile(r"\b[Tt]he $")


@dataclass(slots=True)
class Swaps:
    """Names for training sentences, drawn anew each time."""

    random: Random
    invented: Invented

    @classmethod
    def of(cls, seed: int) -> Swaps:
        """Begin with a seed."""
        random = Random(seed)  # noqa: S311  (no secret)
        return cls(random, Invented(random))

    def apply(self, example: Example) -> Example:
        """Give a sentence with other names, or as it is."""
        if self.random.random() >= _SWAPPED:
            return example
        people: dict[str, Person] = {}
        others: dict[tuple[str, str], str] = {}
        forms = []
        for mention in example.mentions:
            old = example.text[mention.start : mention.end]
            if mention.label == "PERSON":
                form = _form(old, mention, people, self.invented.person)
            else:
                key = (old, mention.label)
                form = others.setdefault(key, self._other(example.text[: mention.start], old, mention.label))
            forms.append(form if self.random.random() < _SHARES.get(mention.label, 0) else old)
        return _with_forms(example, forms, [self._title(example, mention) for mention in example.mentions])

    def _other(self, before: str, old: str, label: str) -> str:
        if label == "ORG":
            if _ACRONYM.fullmatch(old):
                return self.invented.acronym(old)
            return self.invented.office() if _ARTICLE.search(before) else self.invented.company()
        if label == "GPE" and "." not in old and not _ACRONYM.fullmatch(old):
            return self.invented.place(old)
        if label == "MONEY":
            return self.invented.money()
        return self.invented.percent() if label == "PERCENT" else old

    def _title(self, example: Example, mention: Mention) -> str:
        """Give what to put before a name of somebody, mostly nothing."""
        if mention.label != "PERSON" or self.random.random() >= _TITLED:
            return ""
        return (
            f"{self.random.choice(self.invented.titles)} "
            if _BEHIND_SMALL_WORD.search(example.text[: mention.start])
            else ""
        )


def rename(examples: Iterable[Example], draw: Callable[[], Person]) -> list[Example]:
    """Give everybody in each article another name, the same one throughout."""
    renamed = []
    for article in articles(examples):
        people: dict[str, Person] = {}
        for one in article.examples:
            forms = [
                _form(one.text[mention.start : mention.end], mention, people, draw)
                if mention.label == "PERSON"
                else one.text[mention.start : mention.end]
                for mention in one.mentions
            ]
            renamed.append(_with_forms(one, forms))
    return renamed


def _form(old: str, mention: Mention, people: dict[str, Person], draw: Callable[[], Person]) -> str:
    """Give a person's new name in the shape of the old: full, or the one word that is left of it."""
    words = (mention.canonical or old).split()
    known = next((people[word] for word in (words[-1], words[0]) if word in people), None)
    person = known or draw()
    for word in (words[0], words[-1]):
        people[word] = person
    full, given, family = person
    if " " in old:
        return full
    return given if len(words) > 1 and old == words[0] else family


def _with_forms(example: Example, forms: Sequence[str], before: Sequence[str] = ()) -> Example:
    """Write a sentence with other forms of its names, and with words before them that are no part of them."""
    text, at, mentions = "", 0, []
    for number, (mention, form) in enumerate(zip(example.mentions, forms, strict=True)):
        if mention.start < at:
            continue
        text += example.text[at : mention.start] + (before[number] if before else "")
        mentions.append(replace(mention, start=len(text), end=len(text) + len(form)))
        text, at = text + form, mention.end
    return replace(example, text=text + example.text[at:], mentions=tuple(mentions), reports=())
