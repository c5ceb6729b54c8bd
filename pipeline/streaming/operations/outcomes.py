"""Pushed articles in, what became of each one out: its enriched event and claims, or its rejected record."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from pipeline.contract.events import ClaimV1, EnrichedV1, Origin, RejectedV1
from pipeline.errors import ClaimwireError
from pipeline.stages.classify_claims import check_worthy
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import RecordReader, decode_record
from pipeline.topology import TOPICS

Outcome = EnrichedV1 | RejectedV1 | ClaimV1

_POLL_S = 0.25


class OutcomeReader:
    """Waits for outcomes. Open it before the articles are pushed: it sees what comes from then on."""

    def __init__(self, connection: Connection, *, prefix: str, threshold: float) -> None:
        """Connect; ``threshold`` is the score from which a sentence becomes a claim.

        Raises:
            UsageError: no broker answers, or a topic is missing.
        """
        self._events: dict[str, type[Outcome]] = {
            prefix + TOPICS[event]: event for event in (EnrichedV1, RejectedV1, ClaimV1)
        }
        self._threshold = threshold
        self.reader = RecordReader(connection, list(self._events), start="end")

    def of(
        self, articles: Iterable[tuple[int, int]], *, patience_s: float, check: Callable[[], None] = lambda: None
    ) -> Iterator[Outcome]:
        """The outcomes of the articles at these partitions and offsets, as they come, until none is missing.

        Raises:
            ClaimwireError: nothing came for ``patience_s``; or whatever ``check`` raises, which is called meanwhile.
        """
        missing = set(articles)
        wanted = frozenset(missing)
        claims = 0  # that are still to come
        patient_until = time.monotonic() + patience_s
        while missing or claims > 0:
            check()
            for outcome in self._poll():
                origin = article_origin(outcome)
                if (origin.partition, origin.offset) not in wanted:
                    continue
                patient_until = time.monotonic() + patience_s
                if isinstance(outcome, ClaimV1):
                    claims -= 1
                else:
                    missing.discard((origin.partition, origin.offset))
                    if isinstance(outcome, EnrichedV1):
                        claims += len(check_worthy(outcome, threshold=self._threshold))
                yield outcome
            if time.monotonic() > patient_until:
                raise ClaimwireError(
                    f"nothing came out for {patience_s:.0f} s, and {len(missing)} of {len(wanted)} articles are missing"
                )

    def _poll(self) -> Iterator[Outcome]:
        for record in self.reader.poll(_POLL_S):
            yield decode_record(self._events[record.topic], record)


def article_origin(outcome: Outcome) -> Origin:
    """The record of the article that something has become of."""
    if isinstance(outcome, RejectedV1):
        return outcome.origin or outcome.record
    return outcome.origin
