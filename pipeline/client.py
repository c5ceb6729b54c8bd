"""claimwire from Python: articles in, typed events out, read committed.

    with ArticleProducer("127.0.0.1:9092") as articles:
        articles.push(text="The city spent 3 million euros on the bridge.", source="Example Wire")

    with ClaimConsumer("127.0.0.1:9092", from_beginning=True, label="CFS") as claims:
        for claim in claims:
            print(claim.score, claim.sentence.text)

A consumer sees committed transactions only: each article once. Without a ``group`` it begins where it is told to; with
one it goes on behind what it was done with, also after a crash. ``stop()`` ends an iteration, from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import orjson
from pydantic import BaseModel

from pipeline.closing import Closing
from pipeline.contract.codec import decode_article
from pipeline.contract.conditions import condition
from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1
from pipeline.errors import ClaimwireError, RecordError
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.group_reader import GroupReader
from pipeline.streaming.kafka.producers import IdempotentProducer
from pipeline.streaming.kafka.reader import RecordReader, Start, decode_record, log_unreadable
from pipeline.streaming.kafka.records import InRecord
from pipeline.topology import TOPICS

__all__ = ["ArticleProducer", "ClaimConsumer", "EnrichedConsumer", "NotPushedError", "Pushed"]

E = TypeVar("E", bound=BaseModel)
Kafka = str | Connection  # "host:port,host:port", or all that TLS and SASL need

_NO_LIMIT = 2**63


class NotPushedError(ClaimwireError):
    """Kafka did not confirm an article; the text says why. Pushing it again is harmless: its id is the same."""


@dataclass(frozen=True)
class Pushed:
    """Where an article is on ``news.articles``, and the id that everything made of it carries."""

    id: str
    partition: int
    offset: int


@dataclass(frozen=True)
class _Record:
    key: bytes
    value: bytes


class ArticleProducer(Closing):
    """Pushes articles: idempotent, and confirmed by all replicas that are in sync."""

    def __init__(self, kafka: Kafka, *, prefix: str = "") -> None:
        """Connect; ``prefix`` stands before the topics' names.

        Raises:
            UsageError: no broker answers, or the topic is missing.
        """
        self._producer = IdempotentProducer(_connection(kafka), prefix=prefix)

    def close(self) -> None:
        """Disconnect. All that was given back is confirmed."""
        self._producer.close()

    def push(self, article: ArticleV1 | Mapping[str, Any] | None = None, /, **fields: Any) -> Pushed:  # noqa: ANN401
        """Push one article, given whole or by its fields, and wait until it is confirmed. Many: ``push_all``.

        Raises:
            RecordError: it is no article, such as one without a text.
            NotPushedError: it was not confirmed.
        """
        return next(self.push_all([article if article is not None else fields]))

    def push_all(self, articles: Iterable[ArticleV1 | Mapping[str, Any]]) -> Iterator[Pushed]:
        """Push many, with a thousand on the way at any time; gives back each one once it is confirmed, in order.

        Raises:
            RecordError: one is no article; those before it are pushed.
            NotPushedError: one was not confirmed.
        """
        for delivery in self._producer.push(map(_record, articles)):
            if delivery.error:
                raise NotPushedError(f"article {delivery.record.key.decode()}: {delivery.error}")
            yield Pushed(delivery.record.key.decode(), delivery.partition, delivery.offset)


def _record(article: ArticleV1 | Mapping[str, Any]) -> _Record:
    fields = article.model_dump(exclude_none=True) if isinstance(article, ArticleV1) else dict(article)
    try:
        value = orjson.dumps(fields)
    except TypeError as exc:
        raise RecordError("not-json", f"the article cannot be written as JSON: {exc}") from exc
    return _Record(decode_article(value, max_chars=_NO_LIMIT).id.encode(), value)


class _Consumer(Closing, Generic[E]):
    """Iterates the events of one topic."""

    event: ClassVar[type[BaseModel]]

    def __init__(
        self,
        kafka: Kafka,
        *,
        prefix: str = "",
        from_beginning: bool = False,
        group: str | None = None,
        where: Callable[[E], bool] | None = None,
        unreadable: Callable[[InRecord, RecordError], None] | None = None,
        **conditions: str,
    ) -> None:
        """Connect.

        Without ``from_beginning`` it sees what comes from now on. With ``group`` that holds for the first time only:
        several consumers of a group share the partitions, and go on behind the last event that each was done with, that
        is after which the next one was asked for; after a crash the last one may come again.
        Events that do not fulfil the ``conditions`` (as of ``claimwire tail --where``: ``label="CFS"``,
        ``speaker="Jane Smith"``, and with dots in a dictionary: ``**{"article.language": "en"}``) or ``where`` are left
        out. ``unreadable`` is told of records that are no such event; else they are logged and passed over.

        Raises:
            UsageError: no broker answers, or the topic is missing.
        """
        self._fulfils = condition((f"{name}={value}" for name, value in conditions.items()), self.event)
        self._conditions = bool(conditions)
        self._where = where
        self._unreadable = unreadable or log_unreadable
        connection, topic = _connection(kafka), prefix + TOPICS[self.event]
        start: Start = "beginning" if from_beginning else "end"
        self._reader: GroupReader | RecordReader = (
            GroupReader(connection, topic, group=group, start=start)
            if group
            else RecordReader(connection, [topic], start=start)
        )

    def close(self) -> None:
        """Disconnect; a group's place is kept."""
        self._reader.close()

    def stop(self) -> None:
        """End an iteration once the event in hand is done, from a signal handler or another thread."""
        self._reader.stop()

    def __iter__(self) -> Iterator[E]:
        """Events without end, until ``stop`` is called."""
        return self._events(self._reader)

    def until_end(self) -> Iterator[E]:
        """The events that were there on connecting, and then an end.

        Raises:
            UsageError: the broker no longer answers.
        """
        return self._events(self._reader.until_end())

    def _events(self, records: Iterable[InRecord]) -> Iterator[E]:
        for record in records:
            try:
                event: E = decode_record(self.event, record)  # type: ignore[assignment]
            except RecordError as exc:
                self._unreadable(record, exc)
                continue
            if self._conditions and not self._fulfils(event.model_dump()):
                continue
            if self._where is None or self._where(event):
                yield event


class ClaimConsumer(_Consumer[ClaimV1]):
    """Iterates ``ClaimV1``: check-worthy sentences, each with its neighbours, speaker, score and reasons."""

    event = ClaimV1


class EnrichedConsumer(_Consumer[EnrichedV1]):
    """Iterates ``EnrichedV1``: articles with sentences, entities, assertions and attributions."""

    event = EnrichedV1


def _connection(kafka: Kafka) -> Connection:
    return kafka if isinstance(kafka, Connection) else Connection(tuple(part.strip() for part in kafka.split(",")))
