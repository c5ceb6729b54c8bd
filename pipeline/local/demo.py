"""The demo: articles through the real chain on a Kafka of their own, which leaves nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.broker import EmbeddedKafka
from pipeline.contract.events import ClaimV1, EnrichedV1, RejectedV1
from pipeline.errors import ClaimwireError
from pipeline.sources.read_report import Reading
from pipeline.streaming.health.supervisor import Supervisor
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.producers import IdempotentProducer
from pipeline.streaming.kafka.topics import Topic, create_topics
from pipeline.streaming.operations.outcomes import OutcomeReader, article_origin

ArticlePlace = tuple[int, int]  # partition and offset of an article

_PATIENCE_S = 90.0  # for the next outcome: a worker's start, or a very long article
_LOG_LINES = 5


@dataclass(frozen=True)
class DemoPlan:
    """What a demo needs.

    ``connect`` and ``command`` make of the address of its Kafka a connection and a worker's command line; ``environ``
    is the worker's environment and ``broker_environ`` the broker's. ``on_enriched`` gets each event at once,
    ``on_note`` a line of progress.
    """

    topics: Sequence[Topic]
    prefix: str
    threshold: float
    connect: Callable[[str], Connection]
    command: Callable[[str], Sequence[str]]
    environ: Mapping[str, str]
    broker_environ: Mapping[str, str]
    on_enriched: Callable[[EnrichedV1], None]
    on_note: Callable[[str], None]


@dataclass
class DemoResults:
    """What came out; ``names`` are those of the pushed articles, by place. ``not_pushed`` counts the others."""

    names: dict[ArticlePlace, str] = field(default_factory=dict)
    enriched: list[EnrichedV1] = field(default_factory=list)
    claims: list[ClaimV1] = field(default_factory=list)
    rejected: list[RejectedV1] = field(default_factory=list)
    not_pushed: int = 0

    def claims_by_article(self) -> dict[str, list[ClaimV1]]:
        """Return the claims of each article that has any, by its name, in the order of the articles."""
        by_place: dict[ArticlePlace, list[ClaimV1]] = {}
        for claim in self.claims:
            by_place.setdefault(_place(claim), []).append(claim)
        return {name: by_place[place] for place, name in self.names.items() if place in by_place}

    def rejected_by_article(self) -> dict[str, RejectedV1]:
        """Return the rejected records by the articles' names, in their order."""
        by_place = {_place(event): event for event in self.rejected}
        return {name: by_place[place] for place, name in self.names.items() if place in by_place}


def run_demo(articles: Reading, plan: DemoPlan) -> DemoResults:
    """Start Kafka and a worker, push the articles, wait for their outcomes and stop everything.

    Raises:
        ClaimwireError: Kafka or the worker does not start, or no outcome comes; with the end of the worker's log.
    """
    with tempfile.TemporaryDirectory(prefix="claimwire-demo-") as name:
        folder = Path(name)
        with (
            EmbeddedKafka(folder / "kafka", environ=plan.broker_environ, progress=plan.on_note) as kafka,
            (folder / "worker.log").open("w+b") as log,
        ):
            connection = plan.connect(kafka.bootstrap)
            create_topics(connection, plan.topics)
            with Supervisor(
                command=plan.command(kafka.bootstrap), workers=1, name="demo", environ=dict(plan.environ), output=log
            ) as supervisor:
                plan.on_note("Starting a worker")
                try:
                    return _push_and_wait(articles, connection, plan, supervisor.check)
                except ClaimwireError as exc:
                    raise type(exc)(f"{exc}. Last lines of the worker's log: {_last_lines(Path(log.name))}") from exc


def _push_and_wait(articles: Reading, connection: Connection, plan: DemoPlan, check: Callable[[], None]) -> DemoResults:
    results = DemoResults()
    outcomes = OutcomeReader(connection, prefix=plan.prefix, threshold=plan.threshold)
    with outcomes.reader:
        with IdempotentProducer(connection, prefix=plan.prefix) as producer:
            for delivery in producer.push(articles):
                if delivery.error:
                    results.not_pushed += 1
                    plan.on_note(f"not pushed: {delivery.record.name}: {delivery.error}")
                else:
                    results.names[delivery.partition, delivery.offset] = delivery.record.name
        results.not_pushed += articles.counts.unreadable
        if not results.names:
            return results
        plan.on_note(f"Pushed {len(results.names)} articles to {producer.topic}")
        for outcome in outcomes.of(results.names, patience_s=_PATIENCE_S, check=check):
            if isinstance(outcome, RejectedV1):
                results.rejected.append(outcome)
            elif isinstance(outcome, ClaimV1):
                results.claims.append(outcome)
            else:
                results.enriched.append(outcome)
                plan.on_enriched(outcome)
    return results


def _place(event: ClaimV1 | RejectedV1) -> ArticlePlace:
    origin = article_origin(event)
    return origin.partition, origin.offset


def _last_lines(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return " | ".join(lines[-_LOG_LINES:]) or "none"
