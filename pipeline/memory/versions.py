"""What is known of an article and its next version in, what becomes of its claims out. No clock, no I/O.

Which of two versions is newer is decided by their number, else by when they were made, else by when they were
published, else by their order of arrival. What comes late changes nothing, and a withdrawn article stays so until
a version comes that is newer than the withdrawal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from pipeline.contract.events import ClaimArticle, ClaimV1, EnrichedV1
from pipeline.contract.ids import lineage_ids
from pipeline.contract.moments import date_ms
from pipeline.contract.revisions import RevisedClaim, RevisedSentence, RevisionV1
from pipeline.labels import WITHDRAWN, ArticleStatus
from pipeline.memory.alignment import Alignment, ClaimChange, align
from pipeline.memory.lines import Line, lines_of


class Order(NamedTuple):
    """What says which version of an article is newer, as far as it is known; times are in milliseconds since 1970."""

    version: int | None
    updated_ms: int | None
    published_ms: int | None

    def compare(self, other: Order) -> int:
        """Return 1 where this one is newer, -1 where it is older, 0 where neither can be told."""
        for own, others in zip(self, other, strict=True):
            if own is not None and others is not None and own != others:
                return 1 if own > others else -1
        return 0

    def or_of(self, other: Order) -> Order:
        """Return this order, with what it does not say from ``other``."""
        return Order(*(others if own is None else own for own, others in zip(self, other, strict=True)))


class Known(NamedTuple):
    """What is known of an article: its newest version. ``lineages`` are those of its claims, by their lines' places."""

    event: str  # the id of the version's event
    number: int  # of versions that were seen
    order: Order
    status: ArticleStatus
    lines: tuple[Line, ...]
    lineages: Mapping[int, str]


class Linked(NamedTuple):
    """What a new version makes of what is known: the claims that are new or changed, and the lineages that are gone.

    ``revision`` is None for a first version, and where nothing has changed.
    """

    known: Known
    claims: tuple[ClaimV1, ...]
    gone: tuple[str, ...]
    revision: RevisionV1 | None


def link(known: Known | None, event: EnrichedV1, claims: Sequence[ClaimV1]) -> Linked | None:
    """Return what becomes of an article's claims with a version of it; None where it has come too late."""
    article = ClaimArticle.of(event.article)
    order = _order(article)
    if known is not None and _is_late(order, article.status, known):
        return None
    by_line = {claim.sentence.index: claim for claim in claims}
    lines = () if article.status in WITHDRAWN else tuple(lines_of(event, by_line))
    before = known or Known("", 0, order, "usable", (), {})
    found = align(before.lines, lines)
    changes = [change for change in found.claims if change.change != "kept"]
    gone = tuple(
        before.lineages[change.before] for change in changes if change.after is None and change.before is not None
    )
    lineages = _lineages(article.id, found.claims, lines, before.lineages, gone=frozenset(gone))
    lines = tuple(line._replace(claim=place in lineages) for place, line in enumerate(lines))
    now = Known(event.id, before.number + 1, order.or_of(before.order), article.status, lines, lineages)
    linked = tuple(
        by_line[change.after].model_copy(update={"lineage": lineages[change.after], "change": change.change})
        for change in changes
        if change.after is not None
    )
    return Linked(now, linked, gone, known and _revision(known, now, found, article, event))


def _order(article: ClaimArticle) -> Order:
    times = (date_ms(time) if time else None for time in (article.updated, article.published))
    return Order(article.version, *times)


def _is_late(order: Order, status: ArticleStatus, known: Known) -> bool:
    compared = order.compare(known.order)
    if known.status in WITHDRAWN and status not in WITHDRAWN and any(value is not None for value in known.order):
        return compared <= 0
    return compared < 0


def _lineages(
    article: str,
    claims: Sequence[ClaimChange],
    lines: Sequence[Line],
    before: Mapping[int, str],
    *,
    gone: AbstractSet[str],
) -> dict[int, str]:
    """Return the lineages of the claims by their lines: one that goes on keeps its own, a new one gets a free one."""
    found = {
        change.after: before[change.before]
        for change in claims
        if change.before is not None and change.after is not None
    }
    new = sorted(change.after for change in claims if change.before is None and change.after is not None)
    free = lineage_ids(article, [lines[place].text for place in new], taken={*found.values(), *gone})
    return found | dict(zip(new, free, strict=True))


def _revision(
    known: Known, now: Known, found: Alignment, article: ClaimArticle, event: EnrichedV1
) -> RevisionV1 | None:
    sentences = [
        RevisedSentence(
            change=one.change,
            before=_texts(known, one.before),
            after=_texts(now, one.after),
            differs=list(one.differs),
        )
        for one in found.changes
        if one.change != "moved" and now.status not in WITHDRAWN
    ]
    claims = [
        RevisedClaim(
            lineage=_lineage(known, now, one),
            change=one.change,
            before=None if one.before is None else known.lines[one.before].text,
            after=None if one.after is None else now.lines[one.after].text,
            differs=list(one.differs),
        )
        for one in found.claims
        if one.change != "kept"
    ]
    if not sentences and not claims and known.status == now.status:
        return None
    return RevisionV1(
        id=now.event,
        article=article,
        replaces=known.event,
        number=now.number,
        sentences=sentences,
        claims=claims,
        substance=found.substance or known.status != now.status,
        origin=event.origin,
        pipeline=event.pipeline,
    )


def _lineage(known: Known, now: Known, change: ClaimChange) -> str:
    return now.lineages[change.after] if change.after is not None else known.lineages[change.before or 0]


def _texts(version: Known, places: Sequence[int]) -> str | None:
    return " ".join(version.lines[place].text for place in places) or None
