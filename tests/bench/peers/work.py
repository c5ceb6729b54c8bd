"""What every peer is given: its orders on standard input, and the batch function that claimwire's stages are.

A peer's own file holds nothing but what its library's documentation shows. What all of them have in common is here: the
topics, how many articles a batch has at most, and after what silence a process counts as dead, all of it as claimwire's
own worker has it; and how long each waits for more articles.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import orjson

from pipeline.contract.codec import decode_article, encode
from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1, Origin
from pipeline.nlp.model import load_model
from pipeline.stages.context import Context, context_of
from pipeline.stages.split_sentences import Arrival
from pipeline.topology import TOPICS, enrich_arrivals


class Article(NamedTuple):
    """A record of the articles' topic; ``timestamp`` is in milliseconds."""

    key: bytes | None
    value: bytes
    partition: int
    offset: int
    timestamp: int


class Output(NamedTuple):
    """A record for one of the output topics."""

    topic: str
    key: bytes | None
    value: bytes


# They wait so long to fill a batch. claimwire waits less: its next batch fills while the one before is worked on.
_LINGER_S = 0.05


@dataclass(frozen=True)
class Work:
    """Where a peer reads and writes, and how; ``folder`` is its own and stays over restarts."""

    bootstrap: str
    articles: str
    outputs: tuple[str, ...]
    group: str
    batch: int
    linger_s: float
    session_timeout_ms: int
    transaction_timeout_ms: int
    folder: Path
    prefix: str
    max_chars: int
    context: Context

    def enrich(self, articles: Sequence[Article]) -> list[Output]:
        """The batch function: all articles at once, what comes out of each in turn."""
        arrivals = [
            Arrival(
                decode_article(article.value, key=article.key, max_chars=self.max_chars),
                Origin(
                    topic=self.articles,
                    partition=article.partition,
                    offset=article.offset,
                    timestamp=article.timestamp,
                ),
            )
            for article in articles
        ]
        return [
            Output(self.prefix + TOPICS[type(event)], article.key, encode(event))
            for article, events in zip(articles, enrich_arrivals(arrivals, self.context), strict=True)
            for event in events
        ]


def work() -> Work:
    """The orders, read, and the model, loaded. From then on the process ends when its standard input closes."""
    orders = orjson.loads(sys.stdin.buffer.readline())["options"]
    threading.Thread(target=_end_with_input, daemon=True).start()
    prefix, timing = orders["prefix"], orders["timing"]
    folder = Path(sys.argv[1]) / prefix
    folder.mkdir(parents=True, exist_ok=True)
    return Work(
        bootstrap=",".join(orders["connection"]["bootstrap_servers"]),
        articles=prefix + TOPICS[ArticleV1],
        outputs=tuple(prefix + TOPICS[event] for event in (EnrichedV1, ClaimV1)),
        group=f"{prefix}peer",
        batch=orders["batch"],
        linger_s=_LINGER_S,
        session_timeout_ms=round(timing["session_timeout_s"] * 1000),
        transaction_timeout_ms=round(timing["transaction_timeout_s"] * 1000),
        folder=folder,
        prefix=prefix,
        max_chars=orders["max_chars"],
        context=context_of(load_model(), threshold=orders["threshold"]),
    )


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(0)
