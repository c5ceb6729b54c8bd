"""What an audit misses, pushed through the chain once more: the same bytes, key and partition, and so the same ids.

The new record has an offset of its own, which its events name as their ``origin``. The header ``claimwire_repairs``
names the place of the one that it stands for: an audit then takes that one as settled, and asks for the outcome of the
new one instead. The new record is its own mark: a repair that is killed and run again finds what it has pushed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.contract.events import ArticleV1
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.producers import AtomicProducer
from pipeline.streaming.kafka.reader import OnProgress, RecordReader
from pipeline.streaming.kafka.records import InRecord, OutRecord
from pipeline.streaming.operations.audit import Audit, audit_chain
from pipeline.streaming.operations.copies import REPAIRS
from pipeline.streaming.operations.ledger import Ledger, Place
from pipeline.topology import TOPICS


class Repaired(NamedTuple):
    """What the audit had found, and how many of the missing were pushed again.

    An article that its topic took only just is ``too_large`` with the header that names its original.
    """

    found: Audit
    pushed: int
    too_large: list[Place]


def repair(connection: Connection, *, prefix: str, group: str, on_progress: OnProgress | None = None) -> Repaired:
    """Audit, and push what is missing; ``on_progress`` hears how far the audit is.

    Raises:
        UsageError: no broker answers, or a topic is missing.
        ClaimwireError: Kafka did not take it; what was committed stays, and is not repeated by the next call.
    """
    topic = prefix + TOPICS[ArticleV1]
    pushed = 0
    too_large: list[Place] = []
    with AtomicProducer(connection, transactional_id=f"{prefix}{group}-repair") as producer:
        found = audit_chain(connection, prefix=prefix, group=group, on_progress=on_progress)
        for (again,), taken in producer.send_groups([again] for again in _missing(connection, topic, found.ledger)):
            if taken:
                pushed += 1
            else:
                too_large.append(_original_of(again))
    return Repaired(found, pushed, too_large)


def _missing(connection: Connection, topic: str, ledger: Ledger) -> Iterator[OutRecord]:
    first: dict[int, int] = {}
    for place in ledger.missing():
        first.setdefault(place.partition, place.offset)
    if not first:
        return
    start = {(topic, partition): offset for partition, offset in first.items()}
    with RecordReader(connection, [topic], start=start) as reader:
        for record in reader.until_end():
            place = Place(record.partition, record.offset)
            if ledger.is_missing(place) and record.cut is None:  # what is cut is rejected by the first stage
                yield _again(record, place)


def _again(record: InRecord, place: Place) -> OutRecord:
    carried = [(name, value or b"") for name, value in record.headers if name != REPAIRS]
    return OutRecord(
        topic=record.topic,
        partition=record.partition,
        timestamp_ms=None,  # now: retention shall not take what comes of an old one at once
        key=record.key,
        value=record.value if record.key else record.value or b"",  # with a key, no value is a withdrawal
        headers=[*carried, (REPAIRS, b"%d/%d" % place)],
    )


def _original_of(again: OutRecord) -> Place:
    _, value = again.headers[-1]
    partition, _, offset = (value or b"").partition(b"/")
    return Place(int(partition), int(offset))
