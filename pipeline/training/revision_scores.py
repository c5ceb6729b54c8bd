"""Versions of articles and a model in, out how well it is found what was added, removed and changed in them.

The sentences, names and claims of both versions are those that the model finds. A claim has changed where its sentence
states another fact; in other words alone, it is the same claim.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from pipeline.memory.alignment import Alignment, align
from pipeline.memory.lines import Line, Mention
from pipeline.training.data.families import GoldChange, joined
from pipeline.training.scoring import MatchCount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from pipeline.labels import FieldName
    from pipeline.nlp.model import Model
    from pipeline.nlp.spans import Assertion, Entity, Sentence
    from pipeline.training.data.families import Revised

Item = tuple[str, str | None, str | None]  # a class, and the sentence in the older and in the newer version
Counts = dict[str, MatchCount]
_THRESHOLD = 0.5


def count(versions: Sequence[Revised], model: Model) -> dict[str, list[Counts]]:
    """Count for each task and version what was found right, found, and stands there."""
    counts: dict[str, list[Counts]] = {}
    articles = list(dict.fromkeys(article for version in versions for article in (version.older, version.newer)))
    lines = dict(zip(articles, _read(articles, model), strict=True))
    for version in versions:
        older, newer = lines[version.older], lines[version.newer]
        for task, one in _tasks(version, align(older, newer), older, newer):
            counts.setdefault(task, []).append(one)
    return counts


def _read(articles: Sequence[tuple[str, str]], model: Model) -> Iterator[list[Line]]:
    """Yield the lines of each article with the names, values and claims that the model finds in them."""
    texts = [text for article in articles for text in article]
    split = model.split_sentences(texts)
    tagged = model.tag_entities(texts, split)
    read = zip(texts, split, tagged, model.classify_claims(texts, split, tagged), strict=True)
    for title, text in zip(read, read, strict=True):
        names = model.canonical_names([(title[0], title[2]), (text[0], text[2])])
        yield [*_lines("title", *title, names[0]), *_lines("text", *text, names[1])]


def _lines(
    field: FieldName,
    text: str,
    sentences: Sequence[Sentence],
    entities: Sequence[Entity],
    said: Sequence[Assertion],
    names: Sequence[str | None],
) -> Iterator[Line]:
    for sentence, assertion in zip(sentences, said, strict=True):
        mentions = tuple(
            Mention(entity.start - sentence.start, entity.end - sentence.start, entity.label, name)
            for entity, name in zip(entities, names, strict=True)
            if entity.sentence == sentence.index
        )
        claim = assertion.score >= _THRESHOLD
        yield Line(text[sentence.start : sentence.end], mentions, claim, sentence.kind, field)


def _tasks(
    version: Revised, found: Alignment, older: Sequence[Line], newer: Sequence[Line]
) -> Iterator[tuple[str, Counts]]:
    ours, gold = list(_as_gold(found, older, newer)), version.changes
    yield "sentences", _count(_sentences(ours), _sentences(gold))
    yield "moved, split and joined", _count(_shapes(ours), _shapes(gold))
    matched = _sentences(ours) & _sentences(gold)
    yield "what differs", _count(_differences(ours, matched), _differences(gold, matched))
    yield "claims", _count(*_claims(found, gold, older, newer))
    yield "substance", _count({_substance(found.substance)}, {_substance(version.substance)})


def _as_gold(found: Alignment, older: Sequence[Line], newer: Sequence[Line]) -> Iterator[GoldChange]:
    """Yield the changes that were found as the data has them: those of a split or joined line as several."""
    for change in found.changes:
        shape = "split" if len(change.after) > 1 else "join" if len(change.before) > 1 else None
        for before, after in product(_texts(older, change.before) or [None], _texts(newer, change.after) or [None]):
            differs = frozenset[str](change.differs)
            yield GoldChange(change.change, before, after, differs, shape, change.substance)


def _texts(lines: Sequence[Line], places: Iterable[int]) -> list[str | None]:
    return [joined(lines[at].text) for at in places]


def _sentences(changes: Iterable[GoldChange]) -> set[Item]:
    return {(one.change, one.before, one.after) for one in changes if one.change != "moved"}


def _shapes(changes: Iterable[GoldChange]) -> set[Item]:
    shapes = ((one.shape or one.change, one.before, one.after) for one in changes)
    return {item for item in shapes if item[0] in {"moved", "split", "join"}}


def _differences(changes: Iterable[GoldChange], matched: AbstractSet[Item]) -> set[Item]:
    """Return what differs in the changed sentences that are right."""
    return {
        (name, one.before, one.after)
        for one in changes
        if one.change == "changed" and (one.change, one.before, one.after) in matched
        for name in one.differs
    }


def _claims(
    found: Alignment, gold: Iterable[GoldChange], older: Sequence[Line], newer: Sequence[Line]
) -> tuple[set[Item], set[Item]]:
    """Return what became of the claims, as found and as the data says; parts of split and joined ones are left out."""
    shaped = {text for one in gold if one.shape for text in (one.before, one.after)}
    old, new = ({joined(line.text) for line in lines if line.claim} - shaped for lines in (older, newer))
    wanted: set[Item] = set()
    for one in gold:
        if one.before in old and (one.after in new or (one.after and not one.states)):
            wanted |= {("changed", one.before, one.after)} if one.states and one.change == "changed" else set()
        elif one.before in old:
            wanted.add(("removed", one.before, None))
        elif one.after in new:
            wanted.add(("added", None, one.after))
    ours = {
        (
            one.change,
            None if one.before is None else joined(older[one.before].text),
            None if one.after is None else joined(newer[one.after].text),
        )
        for one in found.claims
        if one.change != "kept"
    }
    return {item for item in ours if shaped.isdisjoint(item[1:])}, wanted


def _substance(substance: bool) -> Item:
    return "facts" if substance else "wording alone", None, None


def _count(found: AbstractSet[Item], gold: AbstractSet[Item]) -> Counts:
    def of(name: str | None) -> MatchCount:
        ours, wanted = ({item for item in items if name in {None, item[0]}} for items in (found, gold))
        return MatchCount(len(ours & wanted), len(ours), len(wanted))

    return {**{name: of(name) for name, *_ in found | gold}, "all": of(None)}
