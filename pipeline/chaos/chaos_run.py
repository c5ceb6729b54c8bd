"""One run: articles and faults, then the count of the results. The composition root of chaos."""

from __future__ import annotations

import math
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from pipeline.broker import EmbeddedKafka
from pipeline.broker.properties import log_dir
from pipeline.chaos.article_feed import ArticleFeed
from pipeline.chaos.chaos_worker import Orders
from pipeline.chaos.count import ChaosCounts, count_outcomes
from pipeline.chaos.output_watch import OutputWatch, silence_s
from pipeline.chaos.plan import Fault, FaultKind, Faults, plan
from pipeline.chaos.workers import Workers
from pipeline.errors import ClaimwireError
from pipeline.streaming.kafka.topics import Topic, create_topics
from pipeline.streaming.kafka.transaction_log import TransactionLog, TransactionState
from pipeline.streaming.worker.run import WorkerOptions

_TICK_S = 0.05
_RESTART_S = (0.0, 0.0, 1.0, 4.0)  # after a SIGKILL, as likely each: at once as a supervisor does, or later
_BROKER_DOWN_S = (0.0, 1.0, 3.0)  # the same of the broker
_LONGER_S = 3.0  # a worker is frozen for so much longer than its session
_SETTLE_S = 3.0  # in which a late repetition would show
_WINDOW_S = 5.0  # a silence that begins so soon after a fault, or before the next one, counts as its doing
_LONGEST_WINDOW_S = 20.0
_WARM_UP_S = 60.0
_SAY_EVERY_S = 10.0
# Kafka's own default and smaller than claimwire's: a poisoned output that is too large need not be 8 MB of each.
_MAX_MESSAGE_BYTES = 1_048_576
DECIDED: tuple[TransactionState, ...] = ("PrepareCommit", "PrepareAbort")


@dataclass(frozen=True)
class ChaosOptions:
    """What a run is told.

    ``seconds`` are those in which the articles come; ``patience_s`` is how long nothing may come out before the run is
    given up as stalled; ``worker`` are the options of a worker, with a name that numbers are put behind.
    """

    articles: int
    workers: int
    seconds: float
    seed: int
    faults: Faults
    worker: WorkerOptions
    topics: Sequence[Topic]
    real: bool = False
    ms: float = 2.0
    patience_s: float = 150.0


class Struck(NamedTuple):
    """A fault that has happened: when, in seconds after the first article, to whom, and how long nothing came out."""

    at_s: float
    kind: FaultKind
    whom: str
    silence_s: float | None


@dataclass(frozen=True)
class ChaosReport:
    """What a run has found."""

    seed: int
    seconds: float
    stalled: bool
    counts: ChaosCounts
    faults: list[Struck]
    exits: dict[str, int]  # how often a worker ended with which code without being killed
    pushed_again: int
    broker_kills: list[dict[TransactionState, int]]  # for each, in which state it left how many transactions

    @property
    def kills_of_decided(self) -> int:
        """How often the broker died between a transaction's decision and its markers."""
        return sum(any(state in DECIDED for state in states) for states in self.broker_kills)

    @property
    def silences(self) -> dict[str, dict[str, float]]:
        """Of each kind of fault the median and the longest silence, in seconds."""
        found: dict[str, list[float]] = {}
        for fault in self.faults:
            if fault.silence_s is not None:
                found.setdefault(fault.kind, []).append(fault.silence_s)
        return {kind: {"median_s": round(median(times), 2), "longest_s": max(times)} for kind, times in found.items()}

    @property
    def good(self) -> bool:
        """Nothing was lost, repeated or out of order, and the poison was rejected."""
        return self.counts.good and not self.stalled

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        faults = [fault._asdict() for fault in self.faults]
        more = {"silences": self.silences, "kills_of_decided": self.kills_of_decided, "good": self.good}
        return {**asdict(self), "faults": faults, **more}


Say = Callable[[str], None]


def run(options: ChaosOptions, *, logs: Path, kafka: EmbeddedKafka | None, say: Say) -> ChaosReport:
    """Do it. ``kafka`` is the broker, where it is one that may be killed; workers log to files in ``logs``.

    Raises:
        UsageError: the broker does not answer, or could not be started again.
    """
    worker = options.worker
    topics = [
        replace(topic, config={**topic.config, "max.message.bytes": str(_MAX_MESSAGE_BYTES)})
        for topic in options.topics
    ]
    create_topics(worker.connection, topics)
    orders = Orders(worker, real=options.real, ms=options.ms)
    with ExitStack() as stack:
        workers = stack.enter_context(Workers(orders, logs))
        watch = OutputWatch(worker.connection, prefix=worker.prefix)
        feed = ArticleFeed(
            worker.connection,
            prefix=worker.prefix,
            articles=options.articles,
            seconds=options.seconds,
            seed=options.seed,
        )
        for thread in (watch, feed):
            stack.callback(thread.stop)
        watch.start()
        chaos = _Chaos(options, workers, watch, feed, kafka, say)
        chaos.go()
        stack.callback(chaos.broker_back.wait, 100.0)
    counts = count_outcomes(worker.connection, prefix=worker.prefix, group=worker.group, articles=options.articles)
    return chaos.report(counts)


@dataclass
class _Chaos:
    """One run: a loop that does what is due."""

    options: ChaosOptions
    workers: Workers
    watch: OutputWatch
    feed: ArticleFeed
    kafka: EmbeddedKafka | None
    say: Say
    struck: list[tuple[float, FaultKind, str]] = field(default_factory=list)
    due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    exits: Counter[str] = field(default_factory=Counter)
    broker_back: threading.Event = field(default_factory=threading.Event)
    trouble: list[Exception] = field(default_factory=list)
    broker_kills: list[dict[TransactionState, int]] = field(default_factory=list)
    transactions: TransactionLog | None = None
    begin: float = 0.0
    broker_back_at: float = 0.0
    seconds: float = 0.0
    stalled: bool = False

    def go(self) -> None:
        """From the first worker's start to the last article's outcome."""
        self.broker_back.set()
        self.transactions = TransactionLog(log_dir(self.kafka.data_dir)) if self.kafka else None
        self._random = random.Random(f"run/{self.options.seed}")  # noqa: S311  (nothing is secret here)
        for number in range(self.options.workers):
            self.workers.start(number)
        self._warm_up()
        self.begin = time.monotonic()
        self.feed.start()
        faults = plan(self.options.faults, seconds=self.options.seconds, seed=self.options.seed)
        self._loop(faults)
        self.seconds = time.monotonic() - self.begin
        time.sleep(_SETTLE_S)

    def _warm_up(self) -> None:
        """Until the workers are there: the first seconds belong to no fault."""
        deadline = time.monotonic() + _WARM_UP_S
        logs = [self.workers.logs / f"worker-{number}.log" for number in range(self.options.workers)]
        while time.monotonic() < deadline and not all(
            log.exists() and b"partitions assigned" in log.read_bytes() for log in logs
        ):
            self._tend()
            time.sleep(_TICK_S)

    def _loop(self, faults: list[Fault]) -> None:
        came, since, said = 0, time.monotonic(), time.monotonic()
        while True:
            time.sleep(_TICK_S)
            now = time.monotonic()
            if self.trouble:
                raise self.trouble[0]
            self._tend()
            while faults and now - self.begin >= faults[0].at_s and self._strike(faults[0].kind):
                faults.pop(0)
            if len(self.watch.articles) != came:
                came, since = len(self.watch.articles), now
            if came >= self.options.articles and not (faults or self.due or self.workers.stopping):
                return
            if now - since > self.options.patience_s:
                self.stalled = True
                return
            if now - said > _SAY_EVERY_S:
                said = now
                self.say(
                    f"{now - self.begin:4.0f} s: {self.feed.confirmed:,} of {self.options.articles:,} pushed,"
                    f" {came:,} came out, {len(self.struck)} faults"
                )

    def _tend(self) -> None:
        now = time.monotonic()
        ready = [action for at, action in self.due if at <= now]
        self.due = [(at, action) for at, action in self.due if at > now]
        for action in ready:
            action()
        for number, code in self.workers.tend():
            self.exits[str(code)] += 1
            self._note("exit", f"worker {number} ended by itself with {code}")
            self._later(1.0, partial(self.workers.start, number))

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self.due.append((time.monotonic() + seconds, action))

    def _strike(self, kind: FaultKind) -> bool:
        """Let it happen; False where it cannot yet: no worker is awake, or the broker is down already."""
        awake = self.workers.awake
        if kind == "broker":
            return self._kill_broker()
        if kind == "add":
            number = max([*self.workers.running, *(n for n, *_ in self.workers.stopping), self.options.workers - 1]) + 1
            self._struck(kind, f"worker {number}")
            self.workers.start(number)
            return True
        if not awake:
            return False
        number = max(awake) if kind == "remove" else self._random.choice(awake)
        self._struck(kind, f"worker {number}")
        if kind == "kill":
            self.workers.kill(number)
            self._later(self._random.choice(_RESTART_S), partial(self.workers.start, number))
        elif kind == "freeze":
            self.workers.freeze(number)
            self._later(self.options.worker.timing.session_timeout_s + _LONGER_S, partial(self._thaw, number))
        else:
            self.workers.terminate(number, partial(self._stopped, number, again=kind == "term"))
        return True

    def _thaw(self, number: int) -> None:
        if number in self.workers.frozen:
            self.workers.thaw(number)
            self._note("thaw", f"worker {number} goes on")

    def _stopped(self, number: int, code: int, *, again: bool) -> None:
        self.exits[f"{code} after SIGTERM"] += 1
        if again:
            self.workers.start(number)

    def _kill_broker(self) -> bool:
        if self.kafka is None or not self._broker_is_used():
            return False
        self._struck("broker", f"process {self.kafka.pid}")
        os.kill(self.kafka.pid, signal.SIGKILL)
        self.broker_back.clear()
        arguments = (self.kafka, self._random.choice(_BROKER_DOWN_S))
        threading.Thread(target=self._restart_broker, args=arguments, name="broker", daemon=True).start()
        return True

    def _broker_is_used(self) -> bool:
        """A broker that was just started is left alone until the chain is at work again: else kills hit an idle one."""
        at_work = self.watch.times[-1:] > [self.broker_back_at] or len(self.watch.articles) >= self.options.articles
        return self.broker_back.is_set() and at_work

    def _restart_broker(self, kafka: EmbeddedKafka, down_s: float) -> None:
        try:
            kafka.stop()
            back_at = time.monotonic() + down_s
            if self.transactions:
                self.broker_kills.append(dict(Counter(self.transactions.states().values())))
            time.sleep(max(0.0, back_at - time.monotonic()))
            kafka.start()
            self.broker_back_at = time.monotonic()
        except ClaimwireError as exc:
            self.trouble.append(exc)
        finally:
            self.broker_back.set()

    def _struck(self, kind: FaultKind, whom: str) -> None:
        self.struck.append((time.monotonic(), kind, whom))
        self._note(kind, whom)

    def _note(self, what: str, whom: str) -> None:
        with (self.workers.logs / "chaos.log").open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%H:%M:%S')} {time.monotonic() - self.begin:8.2f} {what} {whom}\n")

    def report(self, counts: ChaosCounts) -> ChaosReport:
        """All that was seen."""
        moments = [at for at, _, _ in self.struck]
        faults = [
            Struck(round(at - self.begin, 2), kind, whom, self._silence_s(at, following))
            for (at, kind, whom), following in zip(self.struck, [*moments, math.inf][1:], strict=True)
        ]
        return ChaosReport(
            seed=self.options.seed,
            seconds=round(self.seconds, 1),
            stalled=self.stalled,
            counts=counts,
            faults=faults,
            exits=dict(self.exits),
            pushed_again=self.feed.again,
            broker_kills=self.broker_kills,
        )

    def _silence_s(self, at: float, following: float) -> float | None:
        until = min(max(following, at + _WINDOW_S), at + _LONGEST_WINDOW_S)
        found = silence_s(self.watch.times, at=at, until=until)
        return None if found is None else round(found, 2)
