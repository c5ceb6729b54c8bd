"""The lines of two versions of an article in, what was added, removed, changed and moved out, and what differs.

Lines with the same words are matched first. What is left is matched by the words that two lines share, more easily
where both stand between the same neighbours; then the rest of a line that was split, or joined to another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.memory.differences import Version, differences
from pipeline.memory.facts import content_less, words_of_text
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.labels import Difference, Revision
    from pipeline.memory.lines import Line

_FAR, _NEAR = 0.5, 0.25  # the least similarity of two lines, anywhere and between the same neighbours
_SMALL_WORD = 0.25  # the weight of "the", a word that says something has 1
_REST = 0.5  # the share of a line that must be what another has lost, so that it is the rest of it
_MOST_PAIRS = 20_000  # that are compared; of more lines than these give, each is compared with what shares rare words
_MOST_HOLDERS = 8  # of a word that is looked up
# Lines that speak of the article, or say who wrote it and where: they state no fact of the news.
_NO_NEWS = frozenset({"dateline", "byline", "notice", "speaker"})


class Change(NamedTuple):
    """What became of some lines: ``before`` and ``after`` are their places in the older and in the newer version.

    A line that was split has several places in ``after``, lines that were joined several in ``before``.
    """

    change: Revision | Literal["moved"]
    before: tuple[int, ...]
    after: tuple[int, ...]
    differs: tuple[Difference, ...] = ()
    substance: bool = False


class ClaimChange(NamedTuple):
    """What became of a claim; ``kept`` where it says the same, be it in other words.

    A kept one is a claim of the newer version from now on, also where its line is not marked as one.
    """

    change: Revision | Literal["kept"]
    before: int | None
    after: int | None
    differs: tuple[Difference, ...] = ()


class Alignment(NamedTuple):
    """Changes of lines and of claims, in the order of the newer version; ``substance``: whether a fact has changed."""

    changes: tuple[Change, ...]
    claims: tuple[ClaimChange, ...]
    substance: bool


def align(older: Sequence[Line], newer: Sequence[Line]) -> Alignment:
    """Compare two versions of an article, each with its lines in their order."""
    same = _same_words(older, newer)
    anchors = _in_order(same)
    groups = _groups(older, newer, same, anchors)
    moved = [Change("moved", (old,), (new,)) for new, old in same.items() if new not in anchors]
    whole = Version(older), Version(newer)
    changes = [_change(group, older, newer, whole) for group in groups]
    at = _places(anchors, len(older))
    ordered = sorted([*changes, *moved], key=lambda change: change.after or (at[change.before[0]],))
    claims = _claims(older, newer, same, changes)
    return Alignment(tuple(ordered), tuple(claims), any(change.substance for change in changes))


def _same_words(older: Sequence[Line], newer: Sequence[Line]) -> dict[int, int]:
    """Return for the lines of the newer version that the older one has as well their places in it."""
    if [(line.field, line.text) for line in older] == [(line.field, line.text) for line in newer]:
        return {at: at for at in range(len(newer))}
    places: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    for at, line in enumerate(older):
        places[_written(line)].append(at)
    return {at: found.popleft() for at, line in enumerate(newer) if (found := places.get(_written(line)))}


def _written(line: Line) -> tuple[str, str]:
    """Return what is the same where only blanks and the form of quotes differ."""
    return line.field, " ".join(plain(line.text).split())


def _in_order(same: Mapping[int, int]) -> dict[int, int]:
    """Return as many of the matched lines as stand in the same order in both versions; the others have moved."""
    ends: list[int] = []  # of the rising sequences by their length, each the lowest
    last: list[int] = []
    before: dict[int, int | None] = {}
    for new, old in same.items():
        length = bisect_left(ends, old)
        before[new] = last[length - 1] if length else None
        ends[length : length + 1] = [old]
        last[length : length + 1] = [new]
    kept: dict[int, int] = {}
    at = last[-1] if last else None
    while at is not None:
        kept[at] = same[at]
        at = before[at]
    return dict(reversed(kept.items()))


class _Group(NamedTuple):
    before: tuple[int, ...]
    after: tuple[int, ...]


def _groups(
    older: Sequence[Line], newer: Sequence[Line], same: Mapping[int, int], anchors: Mapping[int, int]
) -> list[_Group]:
    """Return the lines that have no counterpart with the same words, matched as far as they are one another's."""
    taken = set(same.values())
    old = _Side(older, [at for at in range(len(older)) if at not in taken], list(anchors.values()))
    new = _Side(newer, [at for at in range(len(newer)) if at not in same], list(anchors))
    pairs = _pairs(old, new) if old.words and new.words else {}
    back = {after: before for before, after in pairs.items()}
    afters = {before: [after] for before, after in pairs.items()}
    befores = {after: [before] for before, after in pairs.items()}
    _add_rests(afters, [at for at in new.words if at not in back], old, new)
    _add_rests(befores, [at for at in old.words if at not in pairs], new, old)
    groups = [_Group(tuple(sorted(befores[afters_of])), tuple(sorted(afters[one]))) for one, afters_of in pairs.items()]
    matched_old = {at for group in groups for at in group.before}
    matched_new = {at for group in groups for at in group.after}
    removed = [_Group((at,), ()) for at in old.words if at not in matched_old]
    added = [_Group((), (at,)) for at in new.words if at not in matched_new]
    return [*groups, *removed, *added]


class _Side:
    """Lines of one version that are to be matched: the words of each by its place, and between which others it is."""

    def __init__(self, lines: Sequence[Line], places: Iterable[int], anchors: Sequence[int]) -> None:
        self.words = {at: frozenset(words_of_text(lines[at].text)) for at in places}
        self.fields = {at: lines[at].field for at in self.words}
        self.gaps = {at: bisect_left(anchors, at) for at in self.words}
        self.weights = {at: _weight(words) for at, words in self.words.items()}


def _weight(words: frozenset[str]) -> float:
    return len(words) - (1 - _SMALL_WORD) * len(words & content_less())


def _pairs(old: _Side, new: _Side) -> dict[int, int]:
    """Return for lines of the older version the most similar ones of the newer, the best of all pairs first."""
    scored = []
    for before, after in _candidates(old, new):
        if old.fields[before] != new.fields[after]:
            continue
        near = old.gaps[before] == new.gaps[after]
        weights = old.weights[before] + new.weights[after]
        similarity = 2 * _weight(old.words[before] & new.words[after]) / weights if weights else 0.0
        # An article has one headline: it is the same line however it reads.
        if similarity >= (_NEAR if near else _FAR) or old.fields[before] == "title":
            scored.append((-similarity, abs(old.gaps[before] - new.gaps[after]), before, after))
    pairs: dict[int, int] = {}
    matched = set()
    for _, _, before, after in sorted(scored):
        if before not in pairs and after not in matched:
            pairs[before] = after
            matched.add(after)
    return pairs


def _candidates(old: _Side, new: _Side) -> Iterator[tuple[int, int]]:
    """Yield the pairs of lines to compare: all of them, or of very many those that share words that few lines have."""
    if len(old.words) * len(new.words) <= _MOST_PAIRS:
        yield from ((before, after) for before in old.words for after in new.words)
        return
    holders: dict[str, list[int]] = defaultdict(list)
    for before, words in old.words.items():
        for word in words:
            holders[word].append(before)
    most = max(1, _MOST_PAIRS // len(new.words))
    for after, words in new.words.items():
        shared = Counter[int]()
        for word in words:
            if len(places := holders.get(word, ())) <= _MOST_HOLDERS:
                shared.update(places)
        yield from ((before, after) for before, _ in shared.most_common(most))


def _add_rests(groups: dict[int, list[int]], rests: Iterable[int], whole: _Side, parts: _Side) -> None:
    """Add to lines of the one version, with their counterparts in the other, what there is the rest of them.

    A rest stands beside a counterpart and has what the line has lost.
    """
    beside = {part: one for one, found in groups.items() for part in found}
    for at in rests:
        best = max(
            (
                (_share(at, one, groups[one], whole, parts), one)
                for place in (at - 1, at + 1)
                if (one := beside.get(place)) is not None
            ),
            default=None,
        )
        if best is not None and best[0] >= _REST:
            groups[best[1]].append(at)
            beside[at] = best[1]


def _share(at: int, one: int, found: Iterable[int], whole: _Side, parts: _Side) -> float:
    """Return which share of what a line says anew is what another has lost."""
    kept = frozenset[str]().union(*(parts.words[part] for part in found))
    lost, words = whole.words[one] - kept, parts.words[at] - content_less() - (whole.words[one] & kept)
    return len(words & lost) / len(words) if words else 0.0


def _change(group: _Group, older: Sequence[Line], newer: Sequence[Line], whole: tuple[Version, Version]) -> Change:
    before, after = [older[at] for at in group.before], [newer[at] for at in group.after]
    is_news = any(line.kind not in _NO_NEWS for line in (*before, *after))
    if before and after:
        differs = differences(before, after, *whole)
        return Change("changed", *group, differs, substance=is_news and differs != ("wording",))
    return Change("added" if after else "removed", *group, substance=is_news)


def _places(anchors: Mapping[int, int], older: int) -> list[float]:
    """Return for each line of the older version where it would stand in the newer: behind the one before it."""
    places, last = [], -1.0
    back = {old: new for new, old in anchors.items()}
    for at in range(older):
        last = back.get(at, last)
        places.append(last + 0.5)
    return places


def _claims(
    older: Sequence[Line], newer: Sequence[Line], same: Mapping[int, int], changes: Iterable[Change]
) -> Iterator[ClaimChange]:
    """Yield what became of each claim; of a line that was split or joined, the first claim on either side goes on.

    Where no fact has changed, a claim goes on also in a line that is none by its score: a comma is no reason to take it
    back, and to make it again with the next one.
    """
    found = [Change("moved", (old,), (new,)) for new, old in same.items()]
    for change in [*found, *changes]:
        before = [at for at in change.before if older[at].claim]
        after = [at for at in change.after if newer[at].claim]
        others = [] if change.substance else [at for at in change.after if not newer[at].claim]
        for old, new in zip(before, after + others, strict=False):
            yield ClaimChange("changed" if change.substance else "kept", old, new, change.differs)
        yield from (ClaimChange("removed", at, None) for at in before[len(after) + len(others) :])
        yield from (ClaimChange("added", None, at) for at in after[len(before) :])
