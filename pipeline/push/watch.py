"""Directories, files and addresses in; what is new in them goes onto ``news.articles``, once, whatever is killed.

A portion of articles is one transaction, and what was committed is then written into a file (``sources/memory.py``).
Whoever starts again with that file first ends what a killed predecessor left open, and then reads what stands on the
topic behind the place up to which the file knows everything: so it learns what was committed and not written.

A record is known by its key and its bytes. The same article in another file, or in a file of another name, is not
pushed again; another version of an article is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from pipeline.contract.events import ArticleV1
from pipeline.errors import ClaimwireError
from pipeline.push.path_locks import locked
from pipeline.sources.apart import Apart
from pipeline.sources.changes import Change, Changes
from pipeline.sources.documents import Document, Options, readable_name
from pipeline.sources.fetch import fetch_changed, is_url
from pipeline.sources.formats.kinds import read
from pipeline.sources.found import Found, Skipped, SourceRecord, Unreadable
from pipeline.sources.memory import Memory, News, StateError, digest_of
from pipeline.sources.needs import needed
from pipeline.sources.paths import read_file
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.offsets import visible_ends
from pipeline.streaming.kafka.producers import MAX_BYTES, MAX_RECORDS, AtomicProducer
from pipeline.streaming.kafka.reader import RecordReader
from pipeline.streaming.kafka.records import OutRecord
from pipeline.streaming.kafka.topics import existing
from pipeline.topology import TOPICS

_LOOK_S = 1.0  # between two looks, where nothing says that something has changed
_MOST_LOOKING = 0.1  # of the time: a look at 100,000 files takes a second or two
_QUIET_LOOK_S = 60.0  # in directories of which no change was heard: not every file system tells
_PORTION_S = 2.0  # an article waits for so long that more come
_PLACES_S = 60.0  # between two notes of how far the topic is known; what came since is read at the next start
_VISIBLE_S = 90.0  # longer than a transaction may stay open
_FIRST_RETRY_S, _LAST_RETRY_S = 1.0, 60.0
_CHUNK = 1000


@dataclass(frozen=True)
class WatchOptions:
    """What to watch and how.

    ``paths`` are files, directories and addresses; a file is read once it has not changed for ``settle_s``, an address
    each ``every_s``. ``sources`` is what the user says of them.
    """

    connection: Connection
    prefix: str
    paths: Sequence[str]
    sources: Options
    settle_s: float
    every_s: float


@dataclass(frozen=True)
class PushedRecord:
    """A record that is on the topic now; not ``new`` where it was there already."""

    record: SourceRecord
    new: bool = True


@dataclass(frozen=True)
class Failed:
    """A record that Kafka will never take."""

    record: SourceRecord
    why: str


@dataclass(frozen=True)
class Remark:
    """Something to be said."""

    text: str


Happening = PushedRecord | Failed | Skipped | Unreadable | Remark


class _AwayError(ClaimwireError):
    """Kafka did not take it, or does not answer."""


@dataclass
class _Portion:
    """What goes into one transaction, and what may be remembered once it is committed."""

    records: list[SourceRecord] = field(default_factory=list)
    news: News = field(default_factory=News)
    changes: list[Change] = field(default_factory=list)
    size: int = 0
    since: float = field(default_factory=time.monotonic)

    def add(self, record: SourceRecord, digest: bytes) -> None:
        self.records.append(record)
        self.news.digests.add(digest)
        self.size += len(record.value)

    @property
    def full(self) -> bool:
        late = bool(self.records) and time.monotonic() - self.since > _PORTION_S
        return late or len(self.records) >= MAX_RECORDS or self.size >= MAX_BYTES // 2


class Watch:
    """Keeps pushing. ``memory`` is open and of this topic."""

    def __init__(self, options: WatchOptions, memory: Memory) -> None:
        self._options = options
        self._memory = memory
        self._topic = options.prefix + TOPICS[ArticleV1]
        self._urls = dict.fromkeys((path for path in options.paths if is_url(path)), 0.0)  # when each is due
        self._files = [path for path in options.paths if not is_url(path)]
        self._settled = memory.files()
        self._changes = Changes(self._files, settle_s=options.settle_s, settled=self._settled, clock=time.monotonic)
        self._portion = _Portion()
        self._places_at = 0.0
        self._largest = 0  # record that the topic takes
        self._looking_s = 0.0  # that the last look took, without the reading

    def run(self) -> Iterator[Happening]:
        """What happens, without end. Once Kafka has answered, it is waited for whenever it is away.

        Raises:
            UsageError: at the start, if no broker answers, the topic is missing or another watcher has one of the
                paths; later, if the memory is full or a library is missing.
        """
        started, retry_s = False, _FIRST_RETRY_S
        with locked(self._options.paths, topic=self._memory.topic), Apart() as apart:
            sources = replace(self._options.sources, apart=apart)
            while True:
                try:
                    with self._producer() as producer:
                        yield from self._recover()
                        self._memory.forget(self._changes.gone())
                        yield Remark(f"watching for articles for {self._topic}" if not started else "going on")
                        started, retry_s = True, _FIRST_RETRY_S
                        for _ in self._looks():
                            yield from self._look(producer, sources)
                except _AwayError as exc:
                    if not started:
                        raise exc.__cause__ or exc from None
                    self._portion, self._urls = _Portion(), dict.fromkeys(self._urls, 0.0)
                    yield Remark(f"{exc}; trying again in {retry_s:.0f} s")
                    time.sleep(retry_s)
                    retry_s = min(2 * retry_s, _LAST_RETRY_S)

    def _producer(self) -> AtomicProducer:
        connection = self._options.connection
        try:
            self._largest = existing(connection, self._topic).max_record_bytes
            return AtomicProducer(
                connection,
                transactional_id=f"{self._options.prefix}watch-{self._memory.id}",
            )
        except ClaimwireError as exc:
            raise _AwayError(str(exc)) from exc

    def _recover(self) -> Iterator[Happening]:
        """Learn what stands on the topic and is not known."""
        connection, known = self._options.connection, self._memory.places()
        try:
            limits = visible_ends(connection, self._topic, patience_s=_VISIBLE_S)
            if any(known.get(partition, 0) > end for partition, (_, end) in limits.items()):
                yield Remark(f"{self._topic} was recreated: what was pushed before is forgotten")
                self._memory.forget_all()
                self._settled.clear()
                known = {}
            first = {place: max(known.get(place, 0), begin) for place, (begin, end) in limits.items()}
            start = {(self._topic, place): offset for place, offset in first.items() if offset < limits[place][1]}
            if start:
                with RecordReader(connection, [self._topic], start=start) as reader:
                    digests = (digest_of(record.key, record.value) for record in reader.until_end())
                    while chunk := set(islice(digests, _CHUNK)):
                        self._memory.remember(News(digests=chunk))
        except StateError:
            raise
        except ClaimwireError as exc:
            raise _AwayError(str(exc)) from exc
        self._note_places({place: end for place, (_, end) in limits.items()})

    def _note_places(self, ends: Mapping[int, int]) -> None:
        self._memory.remember(News(places=ends))
        self._places_at = time.monotonic()

    def _looks(self) -> Iterator[None]:
        """Times to look."""
        directories = [path for path in self._files if Path(path).is_dir()]
        wakes, changed, looked_at = _wakes(directories), True, 0.0
        while True:
            now = time.monotonic()
            told = len(directories) == len(self._files) and now - looked_at < _QUIET_LOOK_S
            due = any(due <= now for due in self._urls.values())
            if changed or due or self._changes.unsettled or not told:
                looked_at = now
                yield
                time.sleep(self._looking_s / _MOST_LOOKING)
            changed = next(wakes)

    def _look(self, producer: AtomicProducer, sources: Options) -> Iterator[Happening]:
        looking_s = 0.0
        entries = self._changes.look()
        while True:
            began = time.monotonic()
            entry = next(entries, None)
            looking_s += time.monotonic() - began
            if entry is None:
                break
            if isinstance(entry, Change):
                yield from self._push(
                    producer, _still_there(entry.path, read_file(entry.path, sources, named=entry.named))
                )
                self._portion.changes.append(entry)
            else:
                yield entry
        self._looking_s = looking_s
        for url, due in self._urls.items():
            if due <= time.monotonic():
                yield from self._push_page(producer, url, sources)
                self._urls[url] = time.monotonic() + self._options.every_s
        yield from self._commit(producer)

    def _push_page(self, producer: AtomicProducer, url: str, sources: Options) -> Iterator[Happening]:
        known = self._memory.validators(url)
        document, validators = fetch_changed(url, known, allow_private=sources.allow_private)
        if isinstance(document, Unreadable):
            yield document
        elif isinstance(document, Document):
            yield from self._push(producer, read(document, sources))
            self._portion.news.pages[url] = validators

    def _push(self, producer: AtomicProducer, found: Iterator[Found]) -> Iterator[Happening]:
        for one in found:
            if not isinstance(one, SourceRecord):
                yield one
                continue
            digest = digest_of(one.key, one.value)
            if digest in self._portion.news.digests or self._memory.knows(digest):
                yield PushedRecord(one, new=False)
            elif _out(self._topic, one).size() > self._largest:
                yield Failed(one, f"larger than {self._topic} takes: max.message.bytes")
            else:
                self._portion.add(one, digest)
            if self._portion.full:
                yield from self._commit(producer)

    def _commit(self, producer: AtomicProducer) -> Iterator[Happening]:
        """Push the portion, then remember it; then tell."""
        portion, self._portion = self._portion, _Portion()
        try:
            if portion.records:
                if time.monotonic() - self._places_at > _PLACES_S:
                    # All that we have pushed so far is known here: what comes behind these places may not be.
                    with RecordReader(self._options.connection, [self._topic], start="end") as reader:
                        self._note_places({place: end for (_, place), (_, end) in reader.ranges.items()})
                producer.send([_out(self._topic, record) for record in portion.records])
        except StateError:
            raise
        except ClaimwireError as exc:
            raise _AwayError(str(exc)) from exc
        portion.news.files = {readable_name(change.path): change.mark for change in portion.changes}
        self._memory.remember(portion.news)
        for change in portion.changes:
            self._changes.settle(change)
        yield from (PushedRecord(record) for record in portion.records)


def _out(topic: str, record: SourceRecord) -> OutRecord:
    return OutRecord(topic, None, None, record.key, record.value, [])


def _still_there(path: Path, found: Iterator[Found]) -> Iterator[Found]:
    """Without the complaint that a file was removed or renamed between two looks."""
    return (one for one in found if not isinstance(one, Unreadable) or path.exists())


def _wakes(directories: Sequence[str]) -> Iterator[bool]:
    """Wait a while, or until something changes in a directory; whether something has."""
    try:
        if directories:
            for changes in needed("watchfiles").watch(
                *directories,
                watch_filter=None,
                rust_timeout=int(_LOOK_S * 1000),
                debounce=int(_LOOK_S * 1000),
                yield_on_timeout=True,
                ignore_permission_denied=True,
            ):
                yield bool(changes)
    except OSError:  # no such notices here, or too many directories for them: look again and again
        pass
    while True:
        time.sleep(_LOOK_S)
        yield True
