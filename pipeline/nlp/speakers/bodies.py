"""A source that is no person in, the body that is meant out: by its name, by what it issued, by its kind."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.lexicon.nouns import BODY_NOUNS, GENERAL, MEMBERS, PAPERS, ROLE_TAIL, ROLES, TRADES
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.speakers.speaker import Speaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.nlp.spans import Entity, Span

BODY_LABELS = frozenset({"ORG", "GPE", "NORP", "FAC", "LOC"})
NAMED_BODIES = frozenset({"ORG", "FAC"})
NATIONS = frozenset({"GPE", "NORP"})
ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
UMBRELLAS = frozenset({"U.N.", "UN", "United Nations", "EU", "European Union"})

# Bodies that speak as one: "Ethiopia's government", "Polish authorities".
_COLLECTIVES = re.compile(
    rf"\b(?:{alternation(words_of('nouns', 'collective'))}|(?:ministry|department) of [a-z]+)$", re.IGNORECASE
)
# Unnamed members speak as the organisation that they are named by, and of a country as nobody.
_MEMBERS = re.compile(rf"\b(?:{alternation(MEMBERS)})\b", re.IGNORECASE)
# What a body issues: the body speaks.
_PAPERS = alternation(words_of("nouns", "paper", "poll"))
_ISSUED = re.compile(rf"\b(?:{_PAPERS}|authorities)\b", re.IGNORECASE)
_ISSUE_TAIL = re.compile(rf"\s+(?:{_PAPERS})(?:\s+(?:released|issued|published|made)\b.*)?$", re.IGNORECASE)
_PLACE_PHRASE = re.compile(r"(?<!mission)\s+(?:in|at|from|near|outside|on)\s.*$")
_NEXT_NAME = re.compile(r"(?:,|,? and) (?:the )?")
_PART_OF = re.compile(r" (?:of|in|at) (?:the )?$")
_OF_PLACE = re.compile(r"(?:government|military|army|parliament|police) of (?:neighbou?ring )?[A-Z][\w.' ]+$")
# "a statement by Acme", "members of Acme"; "a survey of Acme workers" is somebody else's.
_FROM = re.compile(
    rf"(?:\w+ ){{0,2}}(?:(?:{alternation(MEMBERS)})\b.* (?:from|of|by)|(?:{_PAPERS})\b.* (?:from|by)) "
    r"(?:the )?(?:[A-Z]\w+ )?$",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?:(?!of |in |for |from |by |and )[a-z][a-z-]+ )?$")
_WITH_OTHERS = re.compile(r"\s?,? and (?:its|their) (?:\w+ ){0,2}(?:allies|partners)$")
# "a group linked to Acme", "diplomats attending an Acme meeting": somebody else.
_CLAUSE_TAIL = re.compile(
    r"(?<!,) (?:who|whom|whose|which|that|linked|tied|allied|affiliated|loyal|opposed|close|accused)\s"
    r"|(?<=[^'\u2019\s]s) [a-z]+ing\s"
)
_OUTSIDERS = re.compile(rf"\b(?:{alternation(words_of('nouns', 'outsiders'))})$")
_SPOKESMAN = re.compile(r"\bspokes(?:man|woman|person|men|people)\b", re.IGNORECASE)
SOME = re.compile(
    r"(?:some|several|many|most|neither|no|critics|other|others|two|three|four|few|both)\b", re.IGNORECASE
)
# "Britain's Assets Recovery Agency" has a name of its own, "Britain's health ministry" has not.
_OWN_NAME = re.compile(r"[A-Z][\w. ]*['\u2019]s ([A-Z][\w-]+(?: (?:(?:of|for|and) )?[A-Z][\w-]+)+)")
_BASED = re.compile(r"[A-Z][\w. ]*-based ")  # a description: "New York-based media rights group"
_POSSESSOR = re.compile(r"(?:its|their|his|her) ")
_TOWN_BASED = re.compile(r"[A-Z][^()]{0,40}[ -]based (?:[a-z][\w-]* ){0,4}")
_AND = re.compile(r"\band\b")
_MODIFIES = re.compile(r"(?:['\u2019]s)? (?!\w+day\b)[A-Z]")  # "U.S. President Jane Doe", not "Iran Tuesday said"
_SOMEBODY = re.compile(rf"(?:['\u2019]s?)? (?:[a-z][\w-]* ){{0,2}}?(?:{alternation(ROLES | MEMBERS)})\b")
# "the U.S. Internet giant Google", "Israel's Haaretz"
_DESCRIPTION = re.compile(rf"['\u2019]s? |(?:['\u2019]s?)? (?:[\w-]+ ){{0,3}}(?:{alternation(BODY_NOUNS | TRADES)}),? ")
_OWNED = re.compile(
    r"(?:['\u2019]s?)? (?:[a-z]+ )?(?:business|unit|division|subsidiary|brands?|plants?|shares?|stock)\b"
)
_WITH_ARTICLE = re.compile(r"U|\S+s$")  # "the U.S.", "the Netherlands"; "the Oslo ..." goes on to somebody there
_TRADES = TRADES | {"group", "organization", "organisation"}
_LISTED = re.compile(r"\s?(?:,|and\b)")
# Broadcasters that have no other name: "State television", "Syrian state radio".
_STATE_MEDIA = re.compile(r"(?:(?:\w+ )?state(?:-run|-owned)?) (?:television|TV|radio|news agency)", re.IGNORECASE)

_ANAPHORS = re.compile(
    rf"(?:the|this|that|its|a|an)\s+(?:[\w-]+\s+){{0,2}}?({alternation(PAPERS | BODY_NOUNS)})"
    r"(?:\s+also|\s+(?:released|issued|published|made)\b.*)?$",
    re.IGNORECASE,
)
_SUBJECT_CHARS = 40
_BEFORE_SUBJECT = re.compile(r"(?:.*, )?(?:(?:[Tt]he|[Bb]ut|[Aa]nd|[Aa]lso,?) )*(?:[\w-]+ )?")
_INNER = "(?:the|a|an|its|his|her|their|of|in|to|that|and|by|for|with|from|on|at|as|said|says|say|has|have|is|was|will)"
_KIND = re.compile(
    rf"(?:['\u2019]s?)?(?:[ -](?!{_INNER}\b)[a-z][\w-]*){{0,2}}?[ -]({alternation(BODY_NOUNS)})\b", re.IGNORECASE
)
_DESCRIBED = re.compile(rf"(?:the|a|an) ((?:\S+ ){{1,4}})({alternation(BODY_NOUNS)})$", re.IGNORECASE)
_DULL = BODY_NOUNS | {
    "news", "media", "state", "national", "international", "local", "world", "u.n.", "united", "nations", "new", "main",
    "largest",
}  # fmt: skip
_LEAST_WORD = 4  # letters


class _Mention(NamedTuple):
    start: int
    name: str
    label: str


class Bodies:
    """The bodies of an article by their kind: "the commission" is the one that was called so last."""

    def __init__(self, text: str, entities: Sequence[Entity], names: Mapping[Entity, str]) -> None:
        self._text = text
        self._entities = entities
        self._names = names
        self._by_kind: dict[str, list[_Mention]] | None = None
        self._by_stem: dict[str, set[Speaker]] | None = None

    def name_of(self, entity: Entity) -> Speaker:
        """Return a body's fullest name."""
        return Speaker(self._names.get(entity, entity.text), entity.label)

    def mentioned(self, kind: str, start: int, *, ahead: bool = False) -> Speaker | None:
        """Return the body of a kind named last before ``start``, else, if ``ahead``, the first one after it."""
        if self._by_kind is None:
            self._by_kind = {}
            for noun, mention in self._mentions():
                self._by_kind.setdefault(noun, []).append(mention)
        mentions = self._by_kind.get(kind, [])
        at = bisect_left(mentions, start, key=lambda one: one.start)
        found = mentions[at - 1 : at] or (mentions[:1] if ahead else [])
        return Speaker(found[0].name, found[0].label) if found else None

    def _mentions(self) -> Iterator[tuple[str, _Mention]]:
        for entity in self._entities:
            if entity.label not in BODY_LABELS:
                continue
            name, label = self.name_of(entity)
            tail = _KIND.match(self._text, entity.end)
            if label in NAMED_BODIES:
                kinds = {word.lower() for word in entity.text.split()} & BODY_NOUNS
                kinds |= {tail.group(1).lower()} if tail and name not in UMBRELLAS else set()
                for kind in kinds:
                    yield kind, _Mention(entity.start, name, label)
            described = tail is not None and tail.group().count(" ") > 1
            if _trade(tail) and self._text[max(0, entity.start - 4) : entity.start].lower() == "the ":
                continue
            if tail and (label not in NAMED_BODIES or (entity.text in UMBRELLAS and described)):
                phrase = self._text[entity.start : tail.end()]
                yield tail.group(1).lower(), _Mention(entity.start, phrase, "ORG")

    def described(self, source: str) -> Speaker | None:
        """Return the one body whose name shares a word with "the customs office"."""
        match = _DESCRIBED.match(source)
        if not match:
            return None
        words = {_stem(word) for word in match.group(1).split() if word[0].islower()} - _DULL
        words = {word for word in words if len(word) >= _LEAST_WORD}
        sharing = set().union(*(self._with_word(word) for word in words))
        return sharing.pop() if len(sharing) == 1 else None

    def _with_word(self, stem: str) -> set[Speaker]:
        """Return the bodies with a word in their name, found once for all words."""
        if self._by_stem is None:
            self._by_stem = {}
            for entity in self._entities:
                for word in entity.text.split() if entity.label == "ORG" else ():
                    self._by_stem.setdefault(_stem(word), set()).add(self.name_of(entity))
        return self._by_stem.get(stem, set())

    def named(self, source: Span, names: Sequence[Entity]) -> Speaker | None:
        """Return the body that a source names: itself, what it issued, or a part of it that speaks as one."""
        article = ARTICLE.match(source.text)
        start = source.start + (article.end() if article else 0)
        clause = _CLAUSE_TAIL.search(source.text)
        end = source.start + clause.start() if clause else source.end
        bodies = [body for body in names if body.label in BODY_LABELS and body.start < end]
        if not bodies:
            return Speaker(source.text, "ORG") if _STATE_MEDIA.fullmatch(source.text) else None
        own = source.text.partition(",")[0]
        unnamed = is_of_members(source.text) and not any(
            one.label == "ORG" and one.end <= source.start + len(own) for one in bodies
        )
        if unnamed or _SPOKESMAN.search(source.text) or SOME.match(source.text) or _OUTSIDERS.search(own):
            return None
        based = next(
            (one for one in bodies if one.label == "ORG" and _TOWN_BASED.fullmatch(self._text, start, one.start)), None
        )
        if based is not None:
            return self.name_of(based)
        first = bodies[0]
        others = _WITH_OTHERS.fullmatch(self._text, first.end, source.end)
        alone = first.end == source.end and _ADJECTIVE.fullmatch(self._text, start, max(start, first.start))
        if alone or (first.start <= start and (others or self._is_set_off(first, bodies, source.end))):
            return self.name_of(first)
        if _AND.search(self._text, first.end, source.end) and (one := self._first_of(start, bodies, source.end)):
            return one
        return self._part_of_body(start, source.end, bodies)

    def _first_of(self, start: int, bodies: Sequence[Entity], end: int) -> Speaker | None:
        """Read "Britain, France and Germany" as the first: a speaker is one. "Afghan and U.S. armies" stay together."""
        first = bodies[0]
        kind = _KIND.match(self._text, first.end, end)
        stop = kind.end() if kind else first.end
        if not _LISTED.match(self._text, stop, end) or (kind is None and first.label == "NORP"):
            return Speaker(self._text[start:end], "ORG") if len(bodies) > 1 else None
        if kind and first.label not in NAMED_BODIES:
            return Speaker(self._text[first.start : stop], "ORG")
        return self.name_of(first)

    def _is_set_off(self, first: Entity, bodies: Sequence[Entity], end: int) -> bool:
        """Return whether two names are one ("Congress of Unions, COSATU,") and no list ("Britain, France")."""
        comma = self._text.startswith((",", " ("), first.end)
        return comma and not _AND.search(self._text, first.end, min(end, bodies[-1].end))

    def _part_of_body(self, start: int, end: int, bodies: Sequence[Entity]) -> Speaker | None:
        """Read "the Xinhua news agency", "Norway's government", "a statement from the ministry"."""
        core = _PLACE_PHRASE.sub("", self._text[start:end])
        organisations = [body for body in bodies if body.label in NAMED_BODIES and body.start < start + len(core)]
        if organisations:
            if len(organisations) > 1 and self._comes_first(organisations[0], organisations[1], start):
                return self.name_of(organisations[0])
            part = organisations[-1].text in UMBRELLAS and _COLLECTIVES.search(ROLE_TAIL.sub("", core))
            return Speaker(core, "ORG") if part else self.name_of(organisations[-1])
        sender = next((one for one in bodies if _FROM.match(self._text, start, one.start)), None)
        if sender is not None:
            return self.name_of(next((one for one in bodies if one.label == "ORG"), sender))
        if _OF_PLACE.match(self._text, start, end):
            return Speaker(self._text[start:end], "ORG")
        return self._of_country(start, core, bodies[0])

    def _comes_first(self, one: Entity, other: Entity, start: int) -> bool:
        """Return whether this is "Acme and Globe" or "Food Organization of the United Nations"."""
        if _NEXT_NAME.fullmatch(self._text, one.end, other.start):
            return True
        return one.start <= start and bool(_PART_OF.search(self._text, one.start + 1, other.start))

    def _of_country(self, start: int, core: str, country: Entity) -> Speaker | None:
        """Read "Norway's government", "Norway's Coast Guard", "a Norwegian army statement", "a Norwegian study"."""
        issuer = _ISSUE_TAIL.sub("", core)
        if _BASED.match(issuer):
            return None
        if own := _OWN_NAME.fullmatch(issuer):
            return Speaker(own.group(1), "ORG")
        described = issuer.split()[-1].lower() in _TRADES and ARTICLE.search(self._text, max(0, start - 4), start)
        if described or _POSSESSOR.match(issuer):
            return None
        if _COLLECTIVES.search(issuer) and country.start < start + len(issuer):
            return Speaker(issuer, "ORG")
        issued = _ISSUED.search(core) and country.start == start and country.label == "GPE" and not is_of_members(core)
        return self.name_of(country) if issued else None

    def subject(self, near: Iterable[Entity], start: int, end: int) -> Speaker | None:
        """Return the body that a sentence from ``start`` begins with: "The Kremlin on Monday unveiled ..."."""
        named = (one for one in near if one.label not in {"DATE", "TIME"})
        first, second = next(named, None), next(named, None)
        if first is None or first.label not in BODY_LABELS or first.end > end:
            return None
        before = self._text[start : first.start]
        if len(before) > _SUBJECT_CHARS or not _BEFORE_SUBJECT.fullmatch(before):
            return None
        organisation = second if second and first.label in NATIONS and second.label == "ORG" else None
        if organisation and _DESCRIPTION.fullmatch(self._text, first.end, organisation.start):
            return self.name_of(organisation)
        return self._itself(first, with_article=before.lower().endswith("the "))

    def _itself(self, body: Entity, *, with_article: bool) -> Speaker | None:
        """Return a body that does something itself, not "the U.S. president", "Acme shares"."""
        if _SOMEBODY.match(self._text, body.end) or _OWNED.match(self._text, body.end):
            return None
        if body.label in NAMED_BODIES and body.text not in UMBRELLAS:
            return self.name_of(body)
        tail = _KIND.match(self._text, body.end)
        if with_article and (_trade(tail) or not (tail or _WITH_ARTICLE.match(body.text))):
            return None
        if tail:
            return Speaker(self._text[body.start : tail.end()], "ORG")
        return self.name_of(body) if body.label == "GPE" and not _MODIFIES.match(self._text, body.end) else None


def _trade(tail: re.Match[str] | None) -> bool:
    """Return whether this is like "the Dutch company", which has its name elsewhere; "the Dutch army" is a name."""
    return tail is not None and tail.group(1).lower() in _TRADES


def is_of_members(source: str) -> bool:
    """Return whether these are people without a name: "NATO officials", "witnesses"."""
    return bool(_MEMBERS.search(ROLE_TAIL.sub("", source)))


def kind_meant(source: str) -> str | None:
    """Return the kind of body that a source is: "" for what a body issues ("the statement"), None for other sources."""
    match = _ANAPHORS.fullmatch(source)
    noun = match.group(1).lower() if match else ""
    if match is None or (noun in BODY_NOUNS and source[:2].lower() in {"a ", "an"}):
        return None
    return noun if noun in BODY_NOUNS else ""


def is_general(kind: str) -> bool:
    """Return whether any body may be meant: by "the group", not by "the ministry"."""
    return kind in GENERAL


def issuer_of(source: str) -> str | None:
    """Return who issued it: "interior ministry" of "an interior ministry statement released Monday"."""
    article = ARTICLE.match(source)
    issued = source[article.end() if article else 0 :]
    core = _ISSUE_TAIL.sub("", issued)
    unnamed = SOME.match(source) or core.lower().endswith("media")  # "recent media reports"
    return core if core != issued and _COLLECTIVES.search(core) and not unnamed else None


def _stem(word: str) -> str:
    return word.lower().removesuffix("'s").removesuffix("\u2019s").rstrip("s")
