"""A prefix in, what has become of each article within retention out: the promise of exactly once, checked end to end.

Each committed record of ``news.articles`` must have one enriched or one rejected event with its place as ``origin``,
and its enriched event as many check-worthy claims as it tells of. Markers of transactions and what was aborted take
offsets too and are no articles: a read-committed reader says which offsets are records.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1, RejectedV1
from pipeline.streaming.kafka.clients import admin_client, kafka_errors_as_usage_errors
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.lag import committed_offsets
from pipeline.streaming.kafka.reader import OnProgress, RecordReader
from pipeline.streaming.kafka.records import InRecord
from pipeline.streaming.kafka.unread import Lost, OpenTransaction, hidden_by_transactions, lost_records
from pipeline.streaming.operations.copies import Copies
from pipeline.streaming.operations.ledger import Ledger, Place
from pipeline.streaming.operations.marks import Mark, read_marks
from pipeline.topology import STAGES, TOPICS

# Until what was committed just before is visible: longer than a transaction of a worker that died may stay open.
_PATIENCE_S = 12.0
_POLL_S = 0.25

_Ranges = Mapping[tuple[str, int], tuple[int, int]]


@dataclass(frozen=True)
class Audit:
    """What an audit has found; the ledger names the places."""

    ledger: Ledger
    lost: tuple[Lost, ...]  # by the chain: articles, or what stood in its middle
    strangers: int  # rejected records that tell no article: foreign ones in the middle of the chain
    open_transactions: tuple[OpenTransaction, ...] = ()  # they hide the articles behind them from all readers

    @property
    def counts(self) -> dict[str, int]:
        """How many articles are what."""
        missing = sum(1 for _ in self.ledger.missing())
        claims = [count for _, count in self.ledger.wrong_claims()]
        return {
            **self.ledger.count(),
            "missing": missing,
            "disorder": self.ledger.disorder,
            "claims_missing": sum(count for count in claims if count > 0),
            "claims_surplus": -sum(count for count in claims if count < 0),
            "strangers": self.strangers,
            "lost_unread": sum(lost.offsets for lost in self.lost),
        }

    @property
    def clean(self) -> bool:
        """Nothing is missing, double or lost unread."""
        return self.adds_up and not self.lost

    @property
    def adds_up(self) -> bool:
        """Each article that is there has come out once, with its claims, or will."""
        problems = (self.ledger.missing(), self.ledger.double(), self.ledger.wrong_claims())
        return all(next(iter(found), None) is None for found in problems)


def audit_chain(
    connection: Connection,
    *,
    prefix: str,
    group: str,
    patience_s: float = _PATIENCE_S,
    on_progress: OnProgress | None = None,
) -> Audit:
    """Read the whole chain once; ``group`` is without ``prefix``. Articles that come meanwhile are left out.

    ``on_progress`` hears how far the articles are read, and then how far what came of them.

    Raises:
        UsageError: no broker answers, or a topic is missing.
    """
    articles = prefix + TOPICS[ArticleV1]
    with RecordReader(connection, [articles], start="beginning") as reader:
        ledger = Ledger({partition: limits for (_, partition), limits in reader.ranges.items()})
        # What waits is asked for before the outcomes are: what went on meanwhile is then found there.
        lost = _note_waiting(connection, ledger, prefix=prefix, group=group)
        copies = Copies(connection, articles)
        for record in reader.until_end(on_progress=on_progress):
            ledger.article(Place(record.partition, record.offset))
            copies.note(record)
        hiding = _hiding(connection, reader.ranges)
    found = _Outcomes(connection, ledger, copies, lost, prefix).read(patience_s, on_progress)
    return replace(found, open_transactions=hiding)


def _hiding(connection: Connection, ranges: _Ranges) -> tuple[OpenTransaction, ...]:
    with admin_client(connection) as admin, kafka_errors_as_usage_errors(connection):
        return hidden_by_transactions(admin, {place: end for place, (_, end) in ranges.items()})[1]


def _note_waiting(connection: Connection, ledger: Ledger, *, prefix: str, group: str) -> tuple[Lost, ...]:
    """Enter what waits; return what retention took before the chain had read it."""
    articles = prefix + TOPICS[ArticleV1]
    topics = [prefix + TOPICS[stage.reads] for stage in STAGES]
    committed = committed_offsets(connection, prefix + group)
    with RecordReader(connection, topics, start="end") as reader:
        ranges = reader.ranges
    first = {place: max(committed.get(place, begin), begin) for place, (begin, _) in ranges.items()}
    for (topic, partition), offset in first.items():
        if topic == articles:
            ledger.waiting_from(Place(partition, offset))
    start = {place: offset for place, offset in first.items() if place[0] != articles and offset < ranges[place][1]}
    if start:
        with RecordReader(connection, sorted({topic for topic, _ in start}), start=start) as reader:
            for record in reader.until_end():
                if (place := _origin(record.value, articles)) is not None:
                    ledger.waiting(place)
    return lost_records(committed, {place: begin for place, (begin, _) in ranges.items()})


class _Outcomes:
    """Enters what came of the articles into the ledger."""

    def __init__(
        self, connection: Connection, ledger: Ledger, copies: Copies, lost: tuple[Lost, ...], prefix: str
    ) -> None:
        self._connection = connection
        self._ledger, self._copies, self._lost = ledger, copies, lost
        self._articles = prefix + TOPICS[ArticleV1]
        self._enriched, self._rejected, self._claims = (
            prefix + TOPICS[event] for event in (EnrichedV1, RejectedV1, ClaimV1)
        )
        self._marks = read_marks(connection, prefix=prefix)
        self._seen_first: set[tuple[str, int]] = set()
        self._strangers = 0

    def read(self, patience_s: float, on_progress: OnProgress | None) -> Audit:
        """Everything up to now, and what becomes visible within ``patience_s`` while something seems to be wrong."""
        topics = [self._enriched, self._rejected, self._claims]
        with RecordReader(self._connection, topics, start="beginning") as reader:
            for record in reader.until_end(on_progress=on_progress):
                self._enter(record, reader.ranges)
            self._nothing_left(reader.ranges)
            self._copies.enter(self._ledger)
            deadline = time.monotonic() + patience_s
            while not (found := self._audit()).adds_up and time.monotonic() < deadline:
                for record in reader.poll(_POLL_S):
                    self._enter(record, reader.ranges)
        return found

    def _audit(self) -> Audit:
        return Audit(self._ledger, self._lost, self._strangers)

    def _enter(self, record: InRecord, ranges: _Ranges) -> None:
        event = _object(record.value)
        place = _place(event.get("origin"), self._articles)
        if record.topic == self._rejected:
            self._enter_rejected(record, event, place)
            return
        if place is None:
            return
        self._note_first(record, place, ranges)
        if record.topic == self._claims:
            if _counts(event, event):
                self._ledger.claim(place)
        else:
            assertions = event.get("assertions")
            found = assertions if isinstance(assertions, list) else []
            self._ledger.enriched(place, claims=sum(_counts(_fields(one), event) for one in found))

    def _enter_rejected(self, record: InRecord, event: dict[str, Any], place: Place | None) -> None:
        source = _fields(event.get("record"))
        if self._marks.get(record) is Mark.REPLAYED and source.get("topic") != self._articles:
            return  # it is on its way again, under the origin that it had
        data = _fields(event.get("value")).get("data")
        place = place or _place(source, self._articles) or _origin(data, self._articles)
        if place is None:
            self._strangers += 1
        else:
            self._ledger.rejected(place)

    def _note_first(self, record: InRecord, place: Place, ranges: _Ranges) -> None:
        """The oldest event of a partition from which retention has taken some."""
        where = (record.topic, record.partition)
        if where in self._seen_first:
            return
        self._seen_first.add(where)
        if ranges[where][0] > 0:
            known_from = self._ledger.claims_from if record.topic == self._claims else self._ledger.outcomes_from
            known_from(place)

    def _nothing_left(self, ranges: _Ranges) -> None:
        """Partitions from which retention has taken everything."""
        for (topic, partition), (begin, _) in ranges.items():
            if begin > 0 and topic != self._rejected and (topic, partition) not in self._seen_first:
                end = Place(partition, 2**62)
                self._ledger.claims_from(end)
                if topic == self._enriched:
                    self._ledger.outcomes_from(end)


def _object(value: Any) -> dict[str, Any]:  # noqa: ANN401  (of a stranger's record: anything)
    try:
        return _fields(orjson.loads(value or b""))
    except orjson.JSONDecodeError:
        return {}


def _fields(found: object) -> dict[str, Any]:
    """Return the fields of a JSON object; what is none has none."""
    return found if isinstance(found, dict) else {}


def _origin(value: Any, articles: str) -> Place | None:  # noqa: ANN401
    return _place(_object(value).get("origin"), articles)


def _counts(found: dict[str, Any], event: dict[str, Any]) -> bool:
    """Return whether an assertion became a claim. Where the event names no threshold, only CFS is certain."""
    threshold, score = _fields(event.get("pipeline")).get("threshold"), found.get("score")
    if not isinstance(threshold, (int, float)):
        return found.get("label") == "CFS"
    return isinstance(score, (int, float)) and score >= threshold


def _place(origin: object, articles: str) -> Place | None:
    """An ``Origin`` as JSON; None where it is none, or is not of this chain."""
    if not isinstance(origin, dict) or origin.get("topic") != articles:
        return None
    partition, offset = origin.get("partition"), origin.get("offset")
    return Place(partition, offset) if isinstance(partition, int) and isinstance(offset, int) else None


def listed(places: Iterator[Place], topic: str, limit: int) -> list[str]:
    """The first ``limit`` places as people write them: ``news.articles/3/17``."""
    return [f"{topic}/{place.partition}/{place.offset}" for place, _ in zip(places, range(limit), strict=False)]
