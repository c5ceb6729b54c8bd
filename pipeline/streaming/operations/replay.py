"""Rejected records in; the open ones listed, sent back to where they came from, or marked as dropped.

Each record and its mark are one transaction (AtomicProducer, marks.py): a replay that is killed and run again repeats
nothing. A record goes back to its topic and partition as it was, bytes, key and headers; its time is that of the
replay, or retention might take what comes of it at once. An article under an embargo stays open until it is over.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from pipeline.contract.bytes_in_json import as_bytes
from pipeline.contract.codec import decode_article
from pipeline.contract.events import RejectedV1
from pipeline.contract.withdrawal import publishable
from pipeline.errors import ClaimwireError, RecordError, UsageError
from pipeline.labels import REASONS
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.producers import AtomicProducer
from pipeline.streaming.kafka.reader import EventReader, OnProgress, read_one
from pipeline.streaming.kafka.records import InRecord, OutRecord
from pipeline.streaming.operations.marks import Mark, mark_record, marked_place, read_marks
from pipeline.topology import STAGES

_AGO = re.compile(r"(\d{1,6})([smhd])")
_PLACE = re.compile(r"\d{1,9}/\d{1,18}", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Filter:
    """Which rejected records; what is None does not matter. Times are in ms since 1970, ``until_ms`` excluded."""

    stage: str | None = None
    reason: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    place: tuple[int, int] | None = None  # partition and offset

    def takes(self, rejected: Rejected) -> bool:
        """Whether it is one of them."""
        record, event = rejected.record, rejected.event
        return (
            self.stage in {None, event.stage}
            and self.reason in {None, event.reason}
            and (self.since_ms is None or rejected_ms(event) >= self.since_ms)
            and (self.until_ms is None or rejected_ms(event) < self.until_ms)
            and self.place in {None, (record.partition, record.offset)}
        )


@dataclass(frozen=True)
class Rejected:
    """A rejected record, and what was done with it since."""

    record: InRecord
    event: RejectedV1
    mark: Mark | None

    @property
    def place(self) -> str:
        """As people write it."""
        return place_name(self.record.partition, self.record.offset)


def rejected_ms(event: RejectedV1) -> int:
    """When it was rejected, in milliseconds since 1970."""
    return parse_time(event.rejected_at)


def parse_time(text: str, *, now: datetime | None = None) -> int:
    """Milliseconds since 1970 of a day or a time after ISO 8601 (UTC where it names no zone), or of ``2h`` ago.

    Raises:
        UsageError: it is neither.
    """
    if ago := _AGO.fullmatch(text):
        then = (now or datetime.now(timezone.utc)) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        return round(then.timestamp() * 1000)
    try:
        found = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text))
    except ValueError as exc:
        raise UsageError(f"{text!r} is not a time: write 2031-05-01, 2031-05-01T10:00:00Z or 2h (ago)") from exc
    return round((found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp() * 1000)


def parse_times(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """The bounds of a range that people give, as ``parse_time`` reads each; None where it has none.

    Raises:
        UsageError: one of them is no time, or nothing is between them.
    """
    since_ms, until_ms = (parse_time(text) if text else None for text in (since, until))
    if since_ms is not None and until_ms is not None and since_ms >= until_ms:
        raise UsageError(f"--since {since} is not before --until {until}: the time range is empty")
    return since_ms, until_ms


def parse_filter(
    stage: str | None, reason: str | None, since: str | None, until: str | None, place: str | None = None
) -> Filter:
    """Parse a filter as people write it.

    Raises:
        UsageError: there is no such stage or reason, or a time or place has another form.
    """
    stages = [known.name for known in STAGES]
    if stage and stage not in stages:
        raise UsageError(f"there is no stage {stage!r}; the stages are {', '.join(stages)}")
    if reason and reason not in REASONS:
        raise UsageError(f"there is no reason {reason!r}; the reasons are {', '.join(REASONS)}")
    since_ms, until_ms = parse_times(since, until)
    return Filter(stage, reason, since_ms, until_ms, parse_place(place) if place else None)


def parse_place(text: str) -> tuple[int, int]:
    """Parse ``PARTITION/OFFSET``.

    Raises:
        UsageError: it has another form.
    """
    if not _PLACE.fullmatch(text):
        raise UsageError(f"{text!r} is not PARTITION/OFFSET, as `claimwire rejected list` shows it")
    partition, _, offset = text.partition("/")
    return int(partition), int(offset)


def find(
    connection: Connection, *, prefix: str, chosen: Filter, closed: bool = False, on_progress: OnProgress | None = None
) -> Iterator[Rejected]:
    """The open rejected records that are there now, in the order of their partitions; the others as well if ``closed``.

    ``on_progress`` hears how far the topic is read.

    Raises:
        UsageError: no broker answers, or the topic is missing.
    """
    marks = read_marks(connection, prefix=prefix)
    with EventReader(connection, RejectedV1, prefix=prefix, start="beginning") as reader:
        for record, event in reader.until_end(on_progress=on_progress):
            if record.offset >= reader.reader.ranges[record.topic, record.partition][1]:
                continue  # came meanwhile: perhaps one that has been replayed and rejected again
            rejected = Rejected(record, event, marks.get(record))
            if (closed or rejected.mark is None) and chosen.takes(rejected):
                yield rejected


def find_sorted(
    connection: Connection, *, prefix: str, chosen: Filter, closed: bool = False, on_progress: OnProgress | None = None
) -> list[Rejected]:
    """Return what ``find`` yields, by the time of rejection."""
    found = find(connection, prefix=prefix, chosen=chosen, closed=closed, on_progress=on_progress)
    return sorted(found, key=lambda one: (one.event.rejected_at, one.record.partition, one.record.offset))


def why_not(connection: Connection, chosen: Filter, *, prefix: str) -> str:
    """Return why ``find`` yields nothing for a filter that names a place.

    Raises:
        UsageError: no broker answers, or the topic is missing.
    """
    found = next(find(connection, prefix=prefix, chosen=Filter(place=chosen.place), closed=True), None)
    if found is None:
        return "there is no rejected record at this place"
    if found.mark is not None:
        return f"it was {found.mark.value} already"
    return "it is open, but --stage, --reason, --since or --until excludes it"


def place_name(partition: int, offset: int) -> str:
    """Return a place as people write it."""
    return f"{partition}/{offset}"


# What is sent instead of a record's value; None: it is left out.
RecordEdit = Callable[[Rejected, bytes | None], bytes | None]


@dataclass
class Done:
    """What a replay or a drop has done."""

    done: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)  # place and why
    waiting: int = 0  # for the end of their embargoes


class Replay:
    """Sends rejected records back, or drops them."""

    def __init__(self, connection: Connection, *, prefix: str, group: str) -> None:
        self._connection = connection
        self._prefix = prefix
        self._id = f"{prefix}{group}-rejected"

    def replay(self, chosen: Filter, *, edit: RecordEdit | None = None, on_progress: OnProgress | None = None) -> Done:
        """Send the open records back to the topics that they came from; ``on_progress`` hears how far it is.

        Raises:
            UsageError: no broker answers, or a topic is missing.
            ClaimwireError: Kafka did not take it; what was committed stays, and is not repeated by the next call.
        """
        return self._do(chosen, Mark.REPLAYED, lambda rejected: [self._again(rejected, edit)], on_progress)

    def drop(self, chosen: Filter, *, on_progress: OnProgress | None = None) -> Done:
        """Mark the open records as dropped. Their bytes stay where they are until retention takes them.

        Raises:
            UsageError, ClaimwireError: as ``replay``.
        """
        return self._do(chosen, Mark.DROPPED, lambda _: [], on_progress)

    def _do(
        self,
        chosen: Filter,
        mark: Mark,
        records_of: Callable[[Rejected], list[OutRecord]],
        on_progress: OnProgress | None,
    ) -> Done:
        result = Done()

        def groups() -> Iterator[list[OutRecord]]:
            # Read after the producer was opened: all that a predecessor has done can be seen, and no more comes.
            for rejected in find(self._connection, prefix=self._prefix, chosen=chosen, on_progress=on_progress):
                try:
                    records = records_of(rejected)
                except _LeftOutError as exc:
                    result.left_out.append((rejected.place, str(exc)))
                except _WaitingError:
                    if chosen.place is None:
                        result.waiting += 1
                    else:
                        result.left_out.append((rejected.place, "its embargo is not over"))
                else:
                    yield [*records, mark_record(rejected.record, mark, prefix=self._prefix)]

        with AtomicProducer(self._connection, transactional_id=self._id) as producer:
            for (*_, marking), taken in producer.send_groups(groups()):
                if taken:
                    result.done += 1
                else:
                    result.left_out.append(
                        (
                            place_name(*marked_place(marking)[:2]),
                            "it is larger than its topic allows now (max.message.bytes)",
                        )
                    )
        if chosen.place is not None and not result.done and not result.left_out:
            result.left_out.append((place_name(*chosen.place), why_not(self._connection, chosen, prefix=self._prefix)))
        return result

    def _again(self, rejected: Rejected, edit: RecordEdit | None) -> OutRecord:
        """The record as it was."""
        event = rejected.event
        key, value, headers = (
            as_bytes(event.key),
            as_bytes(event.value),
            [(header.key, as_bytes(header.value)) for header in event.headers],
        )
        if event.truncated:
            whole = self._original(event)
            key, value, headers = whole.key, whole.value, whole.headers
        if edit is not None:
            value = edit(rejected, value)
            if value is None:
                raise _LeftOutError("the edited file is empty")
        if value is None and not key:
            raise _LeftOutError("it has neither key nor value: give it a value with --edit, or drop it")
        if event.reason == "embargoed" and _is_embargoed(value, key):
            raise _WaitingError
        return OutRecord(
            topic=event.record.topic,
            partition=event.record.partition,
            timestamp_ms=None,
            key=key,
            value=value,
            headers=[(name, content or b"") for name, content in headers],  # kafka-python sends no header without value
        )

    def _original(self, event: RejectedV1) -> InRecord:
        where = event.record
        gone = _LeftOutError("the rejected record does not hold its bytes, and the original record is gone")
        try:
            record = read_one(self._connection, where.topic, where.partition, where.offset)
        except UsageError as exc:
            raise gone from exc
        if record.timestamp_ms != where.timestamp:
            raise gone
        if record.cut is not None:
            raise _LeftOutError(record.cut)
        return record


def _is_embargoed(value: bytes | None, key: bytes | None) -> bool:
    try:
        publishable(decode_article(value, key=key, max_chars=sys.maxsize), now_ms=time.time() * 1000)
    except RecordError as exc:
        return exc.reason == "embargoed"
    return False


class _WaitingError(Exception):
    """The record's embargo is not over."""


class _LeftOutError(ClaimwireError):
    """One record that cannot be replayed, and why."""
