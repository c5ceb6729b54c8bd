"""A rig and what to measure in, one report out. Everything that is compared is measured in turn, in one run."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import orjson

from pipeline.bench.corpus import Corpus, corpus_of, of_length, renumbered
from pipeline.bench.rig import Rig, Throughput
from pipeline.errors import UsageError

Say = Callable[[str], None]
BenchReport = dict[str, Any]

SECTIONS = ("throughput", "workers", "noop", "latency", "layers", "length", "batch", "partitions")
RATIOS = ("kept_share", "kept_share_of_workers", "speed_up", "noop_to_raw", "linearity")

_LENGTHS = (100, 1_000, 10_000, 100_000)
_CHARS_A_RUN = 400_000
_BATCHES = (1, 16, 64, 256)
_PARTITIONS = (1, 4, 16, 64)
_LOADS = (0.1, 0.5, 0.9)
_NOOP_RUNS = 4  # times the articles of a run with the model


@dataclass(frozen=True)
class Plan:
    """What to measure: for how many rounds, about so many seconds a run, with so many workers at most."""

    sections: tuple[str, ...]
    rounds: int
    seconds: float
    workers: int


def parse_sections(only: str | None) -> tuple[str, ...]:
    """Parse ``throughput,latency``; all sections where nothing is given.

    Raises:
        UsageError: there is no such section.
    """
    chosen = tuple(name.strip() for name in only.split(",")) if only else SECTIONS
    for name in chosen:
        if name not in SECTIONS:
            raise UsageError(f"bench cannot measure {name!r}; it can measure {', '.join(SECTIONS)}")
    return chosen


def measure(rig: Rig, corpus: Corpus, plan: Plan, say: Say) -> BenchReport:
    """All sections of the plan. Rates are medians over rounds, shares are medians of the ratios of each round."""
    return _Measurement(rig, corpus, plan, say).all()


def ratios(report: BenchReport) -> dict[str, float]:
    """The figures of a report that other machines may be compared by; more is better in each."""
    return {name: report[name] for name in RATIOS if name in report}


class _Measurement:
    def __init__(self, rig: Rig, corpus: Corpus, plan: Plan, say: Say) -> None:
        self._rig, self._plan, self._say = rig, plan, say
        self._corpus = self._sized(corpus)
        self._next = 0
        self.report: BenchReport = {}

    def all(self) -> BenchReport:
        corpus = self._corpus
        self.report = {
            "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()},
            "corpus": {"name": corpus.name, "articles": len(corpus), "chars": corpus.chars, "tokens": corpus.tokens},
            "batch": self._rig.worker.batch,
        }
        for section in SECTIONS:
            if section in self._plan.sections:
                self._say(f"measuring {section}")
                getattr(self, f"_{section}")()
        return self.report

    def _sized(self, corpus: Corpus) -> Corpus:
        """So many articles that one process takes the wanted time for them."""
        with self._rig.raw(_part(corpus, self._rig.worker.batch)) as raw:
            rate = raw.run().articles_per_s
        wanted = max(self._rig.worker.batch, round(rate * self._plan.seconds))
        self._say(f"{rate:.1f} articles a second by the language functions alone: {wanted:,} articles a run")
        return corpus if len(corpus) == wanted else _part(corpus, wanted)

    def _records(self, times: float = 1.0) -> list[Any]:
        """The corpus once more, under new ids."""
        count = max(1, round(len(self._corpus) * times))
        self._next += count
        return renumbered(self._corpus, count, first=self._next - count)

    def _side_by_side(self, workers: int) -> tuple[list[Throughput], list[Throughput], float]:
        """Rounds of the language functions alone and of the chain, in turn; and a worker's start in seconds."""
        alone, chained = [], []
        with (
            self._rig.raw(self._corpus, processes=workers) as raw,
            self._rig.chain(self._warm_up(workers), workers=workers) as chain,
        ):
            for _ in range(self._plan.rounds):
                alone.append(raw.run())
                chained.append(chain.throughput(self._corpus, self._records(workers)))
            return alone, chained, chain.start_s

    def _warm_up(self, workers: int) -> list[Any]:
        return self._records(workers * self._rig.worker.batch / len(self._corpus))

    def _throughput(self) -> None:
        alone, chained, start_s = self._side_by_side(1)
        self.report["raw"] = _medians(alone)
        self.report["chain"] = {**_medians(chained), "start_s": start_s}
        self.report["kept_share"] = _share(chained, alone)

    def _workers(self) -> None:
        if self._plan.workers == 1:
            return
        alone, chained, _ = self._side_by_side(self._plan.workers)
        self.report["workers"] = {"workers": self._plan.workers, "raw": _medians(alone), "chain": _medians(chained)}
        self.report["kept_share_of_workers"] = _share(chained, alone)
        if "chain" in self.report:
            one = self.report["chain"]["articles_per_s"]
            self.report["speed_up"] = self.report["workers"]["chain"]["articles_per_s"] / one

    def _noop(self) -> None:
        self.report["noop"] = self._noop_run(partitions=None, batch=None)
        if "raw" in self.report:
            self.report["noop_to_raw"] = self.report["noop"]["articles_per_s"] / self.report["raw"]["articles_per_s"]

    def _noop_run(self, *, partitions: int | None, batch: int | None) -> BenchReport:
        with self._rig.chain(self._warm_up(1), real=False, partitions=partitions, batch=batch) as chain:
            return _medians(chain.throughput(self._corpus, self._records(_NOOP_RUNS)) for _ in range(self._plan.rounds))

    def _latency(self) -> None:
        with self._rig.chain(self._warm_up(1)) as chain:
            full = chain.throughput(self._corpus, self._records()).articles_per_s
            self.report["latency"] = []
            for load in _LOADS:
                records = self._records(max(load, 20 / len(self._corpus)))
                found = chain.latency(records, articles_per_s=full * load)
                self.report["latency"].append({"load": load, **asdict(found)})

    def _layers(self) -> None:
        path = self._rig.folder / "layers.json"
        with self._rig.chain(self._warm_up(1), layers=path) as chain:
            chain.throughput(self._corpus, self._records())
            count = chain.pushed
        self.report["layers"] = [
            {"layer": found["layer"], "stage": found["stage"], "cpu_s_per_1000": found["cpu_s"] / count * 1000}
            for found in orjson.loads(path.read_bytes())
        ]

    def _length(self) -> None:
        self.report["length"] = []
        for chars in _LENGTHS:
            corpus = of_length(chars, max(3, min(200, _CHARS_A_RUN // chars)), seed=chars)
            with self._rig.raw(corpus) as raw:
                ms = 1000 / median(raw.run().articles_per_s for _ in range(self._plan.rounds))
            self.report["length"].append({"chars": chars, "ms_per_article": ms, "us_per_char": ms / chars * 1000})
        tenth, longest = self.report["length"][-2:]
        self.report["linearity"] = 10 * tenth["ms_per_article"] / longest["ms_per_article"]

    def _batch(self) -> None:
        self.report["batches"] = [{"batch": n, **self._noop_run(partitions=None, batch=n)} for n in _BATCHES]

    def _partitions(self) -> None:
        self.report["partitions"] = [{"partitions": n, **self._noop_run(partitions=n, batch=None)} for n in _PARTITIONS]


def _part(corpus: Corpus, articles: int) -> Corpus:
    return corpus_of(corpus.name, renumbered(corpus, articles))


def _medians(runs: Iterable[Throughput]) -> BenchReport:
    """Of each figure the median, and all rates."""
    found = list(runs)
    names = [name for name, value in asdict(found[0]).items() if value is not None]
    return {
        **{name: median(getattr(run, name) for run in found) for name in names},
        "runs_articles_per_s": [run.articles_per_s for run in found],
    }


def _share(chained: Iterable[Throughput], alone: Iterable[Throughput]) -> float:
    return median(a.articles_per_s / b.articles_per_s for a, b in zip(chained, alone, strict=True))
