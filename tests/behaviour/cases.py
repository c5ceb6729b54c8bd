"""What a case is: an article or two, and checks of what came out whose answer is known by construction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from behaviour.draw import Draw

from pipeline.contract.events import Article, Attribution, ClaimV1, EnrichedV1

Type = Literal["minimum", "invariance", "direction"]
Check = Callable[["Result"], Iterable[str]]
Comparison = Callable[["Result", "Result"], Iterable[str]]
Template = Callable[[Draw], "Case"]

_BLANKS = re.compile(r"\s+")
# What does not show: zero-width characters, the soft hyphen, the byte order mark.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True)
class Result:
    """What the program made of an article."""

    event: EnrichedV1
    claims: Sequence[ClaimV1]

    @property
    def attributions(self) -> Sequence[Attribution]:
        """The attributions, none where the article was not read."""
        return self.event.attributions or []

    def units(self) -> list[str]:
        """The sentences and other units of the text, each blank as one space."""
        text = self.event.article.text
        return [seen(text[unit.start : unit.end]) for unit in self.event.sentences if unit.field == "text"]

    def kinds(self) -> dict[str, str]:
        """The kind of each unit of the text."""
        found = [unit.kind for unit in self.event.sentences if unit.field == "text"]
        return dict(zip(self.units(), found, strict=True))


@dataclass(frozen=True)
class Case:
    """Articles, checks of the first one's result, and a comparison of the first two's."""

    articles: tuple[Article, ...]
    checks: tuple[Check, ...] = ()
    comparison: Comparison | None = None
    type: Type = "minimum"
    tags: dict[str, str] = field(default_factory=dict)

    def failures(self, results: Sequence[Result]) -> list[str]:
        """Give what is wrong with the results, one for each article; nothing where the case passes."""
        wrong = [message for check in self.checks for message in check(results[0])]
        return wrong + (list(self.comparison(*results)) if self.comparison else [])


def article(text: str, *, title: str | None = None, language: str | None = "en") -> Article:
    """Make an article of a text."""
    return Article(id="case", text=text, title=title, language=language)


def minimum(draw: Draw, text: str, *checks: Check, language: str | None = "en") -> Case:
    """Make a minimum-function test: what must be found in this text."""
    return Case((article(text, language=language),), checks, tags=draw.tags)


def unchanged(draw: Draw, text: str, other: str, comparison: Comparison) -> Case:
    """Make an invariance test: two forms of one text, of which the same must be found."""
    return Case((article(text), article(other)), (), comparison, "invariance", draw.tags)


def changed(draw: Draw, text: str, other: str, comparison: Comparison) -> Case:
    """Make a direction test: a change of the text must change what is found in a known way."""
    return Case((article(text), article(other)), (), comparison, "direction", draw.tags)


def seen(text: str) -> str:
    """Give a text as a reader sees it: blanks are one space, and what does not show is left out."""
    return _BLANKS.sub(" ", text.translate(_UNSEEN)).strip()
