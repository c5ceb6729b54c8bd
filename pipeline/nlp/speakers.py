"""What stands as source of a report in, the name of who is meant out: within the sentence, and across sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.nlp.names import fullest_names
from pipeline.nlp.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.spans import Entity, Sentence, Span

_PRONOUNS = {"he": "m", "she": "f"}
_TITLES = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|President|Prime Minister|Minister|General|Gen|Senator|Sen|Secretary|King|Prince|Sheikh|Pope)"
)
# "a spokesman for Smith", "Smith's lawyer": somebody else speaks.
_OF_ANOTHER = re.compile(
    rf"\b(?:for|of|by|with|from|to|on|against|than)(?: the| former)?(?: (?:late )?{_TITLES}\.?)?\s*$", re.IGNORECASE
)
_POSSESSED = re.compile(r"\s?'s? \w")
_FEMALE = re.compile(
    r"\b(?:Mrs|Ms|Miss|Lady|Queen|Princess|Madame|Sister|spokeswoman|chairwoman|congresswoman|actress|her|herself|she)\b"
)
_MALE = re.compile(
    r"\b(?:Mr|Sir|Lord|King|Prince|Sheikh|Pope|Father|spokesman|chairman|congressman|actor|his|himself|he)\b"
)
_ROLES = listed(
    """
    president minister premier chancellor secretary spokesman spokeswoman spokesperson chief leader chairman
    chairwoman director senator governor mayor general commander ambassador envoy king queen prince pope judge
    prosecutor lawyer attorney professor analyst author economist officer head official coach captain player candidate
    congressman congresswoman representative lawmaker bishop archbishop colonel major admiral doctor scientist
    researcher activist actor actress singer writer editor founder
    """
)
_BODIES = frozenset({"ORG", "GPE", "NORP", "FAC", "LOC"})
_COLLECTIVES = re.compile(
    r"\b(?:government|police|military|army|navy|ministry|authorities|parliament|court|party|department|agency|council|"
    r"company|group|media|administration|embassy|bank|union|commission|radio|television|TV|newspaper|cabinet|opposition|"
    r"leaders|forces)$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_NEAR_SENTENCES = 2


@dataclass(slots=True)
class Discourse:
    """What an article has said so far: who spoke last, in which sentence."""

    text: str
    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    names: dict[Entity, str] = field(init=False)
    last: tuple[str, str, int] | None = None  # speaker, label, sentence
    spoke: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the fullest form of every name once."""
        self.names = fullest_names(self.entities)

    def speaker_of(self, source: Span, sentence: int) -> str | None:
        """Resolve a source; None where the article does not safely say who is meant."""
        inside = [one for one in self.entities if source.start <= one.start and one.end <= source.end]
        found = self._person(source, inside) or self._body(source, inside)
        if found is None and not inside:
            found = self._pronoun(source, sentence) or self._role(source, sentence)
        if found is None:
            return None
        self.spoke.append((*found, sentence))
        return found[0]

    def _person(self, source: Span, inside: Sequence[Entity]) -> tuple[str, str] | None:
        for person in inside:
            before = self.text[source.start : person.start]
            after = self.text[person.end : source.end].replace("\u2019", "'")
            if person.label == "PERSON" and not _OF_ANOTHER.search(before) and not _POSSESSED.match(after):
                return self.names[person], "PERSON"
        return None

    def _body(self, source: Span, inside: Sequence[Entity]) -> tuple[str, str] | None:
        article = _ARTICLE.match(source.text)
        start = source.start + (article.end() if article else 0)
        for body in inside:
            if body.label in _BODIES and body.start == start and body.end == source.end:
                return self.names.get(body, body.text), body.label
        named = any(body.label in _BODIES for body in inside)
        if named and _COLLECTIVES.search(source.text):
            return self.text[start : source.end], "ORG"
        return None

    def _pronoun(self, source: Span, sentence: int) -> tuple[str, str] | None:
        word = source.text.lower()
        if word == "it":
            recent = self.spoke[-1] if self.spoke else None
            near = recent is not None and sentence - recent[2] <= _NEAR_SENTENCES and recent[1] in _BODIES
            return recent[:2] if near and recent is not None else None
        if word not in _PRONOUNS:
            return None
        for speaker, label, where in reversed(self.spoke):
            if sentence - where > _NEAR_SENTENCES:
                break
            if label == "PERSON":
                return (speaker, label) if self._fits(speaker, word) else None
        return self._only_person(word, source.start, sentence)

    def _only_person(self, pronoun: str, before: int, sentence: int) -> tuple[str, str] | None:
        """Give the one person of this or the last sentence that names any, if it names only one."""
        for where in range(sentence, max(-1, sentence - _NEAR_SENTENCES - 1), -1):
            names = {
                self.names[one]
                for one in self.entities
                if one.sentence == where and one.label == "PERSON" and one.end <= before
            }
            if len(names) > 1:
                return None
            for name in names:
                return (name, "PERSON") if self._fits(name, pronoun) else None
        return None

    def _fits(self, name: str, pronoun: str) -> bool:
        """Tell whether nothing that stands beside a name speaks against the pronoun's gender."""
        female = male = False
        for one in self.entities:
            if self.names.get(one) == name and one.label == "PERSON":
                before = self.text[max(0, one.start - 24) : one.start]
                female = female or bool(_FEMALE.search(before))
                male = male or bool(_MALE.search(before))
        return not (female and not male) if pronoun == "he" else not (male and not female)

    def _role(self, source: Span, sentence: int) -> tuple[str, str] | None:
        words = source.text.lower().split()
        if len(words) < 2 or words[0] not in {"the", "this", "that"} or words[-1] not in _ROLES:  # noqa: PLR2004
            return None
        for person in reversed(self.entities):
            if person.label != "PERSON" or person.end > source.start or person.sentence >= sentence:
                continue
            unit = self.sentences[person.sentence]
            before = self.text[max(unit.start, person.start - 60) : person.start].lower()
            after = self.text[person.end : min(unit.end, person.end + 80)].lower()
            after = after.split(" said")[0] if after.startswith(",") else ""
            if words[-1] in before.split()[-4:] or words[-1] in re.findall(r"\w+", after):
                return self.names[person], "PERSON"
        return None
