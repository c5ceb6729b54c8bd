"""Articles in at an even pace, confirmed records on the topic out, however often the broker goes away meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from pipeline.chaos.made_up_articles import MadeUpArticle, make_article
from pipeline.errors import UsageError
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.producers import IdempotentProducer

_RETRY_S = 1.0


class ArticleFeed(threading.Thread):
    """Pushes ``articles`` within ``seconds``; what is not confirmed is pushed again, as a sender that means it does."""

    def __init__(self, connection: Connection, *, prefix: str, articles: int, seconds: float, seed: int) -> None:
        super().__init__(name="feed", daemon=True)
        self.confirmed = 0
        self.again = 0  # pushes that failed: the record may be on the topic all the same, as one more article
        self._connection = connection
        self._prefix = prefix
        self._seed = seed
        self._waiting = list(range(articles))
        self._pause_s = seconds / articles
        self._stopped = threading.Event()
        self._begin = 0.0

    def run(self) -> None:
        """Push until all is confirmed."""
        self._begin = time.monotonic()
        while self._waiting and not self._stopped.is_set():
            numbers, self._waiting = self._waiting, []
            try:
                self._push(numbers)
            except UsageError:  # no broker answers
                self._stopped.wait(_RETRY_S)

    def stop(self) -> None:
        """End, also before all is pushed."""
        self._stopped.set()

    def _push(self, numbers: list[int]) -> None:
        """Push until one fails: what is behind it waits for the next producer, it does not pass by unsent."""
        done = 0
        try:
            with IdempotentProducer(self._connection, prefix=self._prefix) as producer:
                for number, delivery in zip(numbers, producer.push(self._paced(numbers)), strict=False):
                    done += 1
                    if delivery.error:
                        self._waiting.append(number)
                        self.again += 1
                        return
                    self.confirmed += 1
        finally:
            self._waiting.extend(numbers[done:])

    def _paced(self, numbers: list[int]) -> Iterator[MadeUpArticle]:
        """Each at its moment; those that a dead broker has kept waiting at once."""
        for number in numbers:
            early = self._begin + number * self._pause_s - time.monotonic()
            if self._stopped.wait(max(0.0, early)):
                return
            yield make_article(number, seed=self._seed)
