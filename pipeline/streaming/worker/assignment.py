"""Who may commit: the lease of this worker's partitions, and how long the worker waits for one."""

from __future__ import annotations

import structlog

from pipeline.streaming.health.progress import Progress
from pipeline.streaming.health.watchdog import Watchdog
from pipeline.streaming.worker.transactions import Lease

log = structlog.get_logger(__name__)

LEASE_WAIT_FACTOR = 3  # times the longest rebalance: a worker that waits longer has been forgotten


class Assignment:
    """The worker's place in the consumer group. ``lease`` is the right to commit, None between two assignments."""

    def __init__(self, *, watchdog: Watchdog, progress: Progress, rebalance_timeout_s: float) -> None:
        self.lease: Lease | None = None
        self._watchdog = watchdog
        self._progress = progress
        self._patience_s = LEASE_WAIT_FACTOR * rebalance_timeout_s
        self._deadline: int | None = None

    def join(self) -> None:
        """Wait for the first assignment."""
        self._wait("the group does not take this worker in")

    def grant(self, lease: Lease) -> None:
        """Partitions were assigned: batches may be committed under ``lease``."""
        self._stop_waiting()
        self.lease = lease
        self._progress.assigned()
        log.info("partitions assigned", generation=lease.generation)

    def revoke(self) -> None:
        """Partitions are being revoked: start nothing new. What runs may still commit under its own lease."""
        self._end("a rebalance of the group does not end")

    def refuse(self, lease: Lease) -> None:
        """The broker refused a commit under ``lease``: wait for the rebalance that this worker has not seen yet."""
        if self.lease == lease:
            self._end("refused by the group and not assigned anew")

    def leave(self) -> None:
        """The worker stops: end the lease and wait for no other."""
        self._stop_waiting()
        self.lease = None

    def _end(self, why: str) -> None:
        self.lease = None
        self._progress.revoked()
        self._wait(why)

    def _wait(self, why: str) -> None:
        self._stop_waiting()
        self._deadline = self._watchdog.start(self._patience_s, why)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._watchdog.stop(self._deadline)
            self._deadline = None
