"""Annotated sentences in, the same with other people's names out: who is found must not depend on whose they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.training.attribution_scores import articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.training.data.datasets import Example, Mention

    Person = tuple[str, str, str]  # the full name, the given name, the family name


def rename(examples: Iterable[Example], draw: Callable[[], Person]) -> list[Example]:
    """Return everybody in each article another name, the same one throughout."""
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
    """Return a person's new name in the shape of the old: full, or the one word that is left of it."""
    words = (mention.canonical or old).split()
    known = next((people[word] for word in (words[-1], words[0]) if word in people), None)
    person = known or draw()
    for word in (words[0], words[-1]):
        people[word] = person
    full, given, family = person
    if " " in old:
        return full
    return given if len(words) > 1 and old == words[0] else family


def _with_forms(example: Example, forms: Sequence[str]) -> Example:
    """Write a sentence with other forms of its names."""
    text, at, mentions = "", 0, []
    for mention, form in zip(example.mentions, forms, strict=True):
        if mention.start < at:
            continue
        text += example.text[at : mention.start]
        mentions.append(replace(mention, start=len(text), end=len(text) + len(form)))
        text, at = text + form, mention.end
    return replace(example, text=text + example.text[at:], mentions=tuple(mentions), reports=())
