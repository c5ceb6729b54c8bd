"""A prefix after a run in, the counts out, by a read-committed consumer from the beginning to the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.chaos.made_up_articles import article_key, poison_of
from pipeline.contract.bytes_in_json import as_bytes
from pipeline.contract.events import ArticleV1, RejectedV1
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import EventReader
from pipeline.streaming.operations.audit import audit_chain, listed
from pipeline.topology import TOPICS

_LISTED = 20


@dataclass(frozen=True)
class ChaosCounts:
    """What came of the articles. ``places`` names some of those that something is wrong with.

    Articles, enriched and rejected ones are counted by record: one that was pushed again after a doubtful answer counts
    twice. Of poison the articles are, whether pushed once or twice.
    """

    articles: int
    enriched: int
    rejected: int
    missing: int
    repeated: int
    out_of_order: int
    claims_missing: int
    claims_repeated: int
    rejected_expected: int
    rejected_found: int
    rejected_wrongly: int
    places: dict[str, list[str]]

    @property
    def good(self) -> bool:
        """All is zero that should be."""
        wrong = (self.missing, self.repeated, self.out_of_order, self.claims_missing, self.claims_repeated)
        return not any((*wrong, self.rejected_wrongly)) and self.rejected_expected == self.rejected_found


def count_outcomes(connection: Connection, *, prefix: str, group: str, articles: int) -> ChaosCounts:
    """Count; ``articles`` were pushed.

    Raises:
        UsageError: the broker does not answer.
    """
    found = audit_chain(connection, prefix=prefix, group=group)
    counts = found.counts
    topic = prefix + TOPICS[ArticleV1]
    poison = {article_key(number) for number in range(articles) if poison_of(number)}
    rejected = rejected_keys(connection, prefix=prefix)
    wrong: dict[str, Any] = {
        "missing": listed(found.ledger.missing(), topic, _LISTED),
        "repeated": listed(found.ledger.double(), topic, _LISTED),
        "claims": listed((place for place, _ in found.ledger.wrong_claims()), topic, _LISTED),
        "rejected wrongly": [key.decode(errors="replace") for key in sorted(rejected - poison)][:_LISTED],
        "not rejected": [key.decode() for key in sorted(poison - rejected)][:_LISTED],
    }
    return ChaosCounts(
        articles=counts["articles"],
        enriched=counts["enriched"],
        rejected=counts["rejected"],
        # What still waits once the stream has ended is missing too; so is what never reached the topic.
        missing=counts["missing"] + counts["waiting"] + max(0, articles - counts["articles"]),
        repeated=counts["double"],
        out_of_order=counts["disorder"],
        claims_missing=counts["claims_missing"],
        claims_repeated=counts["claims_surplus"],
        rejected_expected=len(poison),
        rejected_found=len(rejected & poison),
        rejected_wrongly=len(rejected - poison),
        places={name: places for name, places in wrong.items() if places},
    )


def rejected_keys(connection: Connection, *, prefix: str) -> set[bytes]:
    """The keys of all rejected records."""
    with EventReader(connection, RejectedV1, prefix=prefix, start="beginning") as reader:
        return {as_bytes(event.key) or b"" for _, event in reader.until_end()}
