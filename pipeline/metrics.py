"""What a worker counts and measures: every metric in one typed list, and a registry of them for one process.

``config/prometheus/README.md`` prints the list, the alerts and the dashboard use nothing else; tests hold them to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics

MetricKind = Literal["counter", "gauge", "histogram", "process"]  # process: given by prometheus-client, on Linux


class Metric(NamedTuple):
    """One metric as Prometheus shows it; a histogram has ``_bucket``, ``_sum`` and ``_count`` behind its name."""

    name: str
    kind: MetricKind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


class Count(NamedTuple):
    """What something adds to a counter; ``values`` are those of the metric's labels."""

    metric: Metric
    values: tuple[str, ...] = ()
    amount: int = 1


_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_BATCH = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0)

ARTICLES_IN = Metric(
    "claimwire_articles_in_total", "counter", "Articles that a stage has read and committed.", ("stage",)
)
ARTICLES_OUT = Metric("claimwire_articles_out_total", "counter", "Articles that a stage has passed on.", ("stage",))
ARTICLES_REJECTED = Metric(
    "claimwire_articles_rejected_total", "counter", "Articles that a stage could not take.", ("stage", "reason")
)
ENRICHED = Metric(
    "claimwire_enriched_total",
    "counter",
    "Enriched articles: whole, or with something skipped (a language that the model does not read).",
    ("extent",),
)
SENTENCES = Metric("claimwire_sentences_total", "counter", "Sentences found.")
ENTITIES = Metric("claimwire_entities_total", "counter", "Entities found, by OntoNotes label.", ("label",))
CLAIMS = Metric("claimwire_claims_total", "counter", "Claims sent, by the label of their sentence.", ("label",))
BATCHES_DROPPED = Metric(
    "claimwire_batches_dropped_total",
    "counter",
    "Batches not committed because another worker now owns their partitions; that worker processes them.",
    ("stage",),
)
BATCH_ARTICLES = Metric("claimwire_batch_articles", "histogram", "Articles of a batch.", ("stage",), _BATCH)
BATCH_SECONDS = Metric(
    "claimwire_batch_seconds", "histogram", "From a batch's records to its commit, in seconds.", ("stage",), _SECONDS
)
NLP_SECONDS = Metric(
    "claimwire_nlp_seconds",
    "histogram",
    "Seconds of language work per batch, including the wait for the CPU thread.",
    ("stage",),
    _SECONDS,
)
TRANSACTION_SECONDS = Metric(
    "claimwire_transaction_seconds",
    "histogram",
    "A batch's transaction with its retries, in seconds.",
    ("stage",),
    _SECONDS,
)
REMOVED_UNREAD = Metric(
    "claimwire_records_removed_unread_total",
    "counter",
    "Records that retention removed before a stage read them; includes transaction markers.",
    ("topic", "partition"),
)
LAG = Metric(
    "claimwire_lag_records", "gauge", "Records that wait in the worker's partitions of a stage's topic.", ("stage",)
)
OLDEST_AGE = Metric(
    "claimwire_oldest_article_age_seconds",
    "gauge",
    "Age of the oldest record that waits there; 0 where none does.",
    ("stage",),
)
PARTITIONS = Metric("claimwire_partitions", "gauge", "Partitions of a stage's topic that the worker has.", ("stage",))
WORKER_INFO = Metric(
    "claimwire_worker_info",
    "gauge",
    "Always 1: which worker this is, and what it runs.",
    ("worker", "version", "model", "model_hash"),
)
RSS = Metric("process_resident_memory_bytes", "process", "Memory of the worker (RSS), in bytes.")
CPU_SECONDS = Metric("process_cpu_seconds_total", "process", "CPU time of the worker, in seconds.")
START_TIME = Metric("process_start_time_seconds", "process", "When the worker was started, in seconds since 1970.")

METRICS: tuple[Metric, ...] = (
    ARTICLES_IN,
    ARTICLES_OUT,
    ARTICLES_REJECTED,
    ENRICHED,
    SENTENCES,
    ENTITIES,
    CLAIMS,
    BATCHES_DROPPED,
    BATCH_ARTICLES,
    BATCH_SECONDS,
    NLP_SECONDS,
    TRANSACTION_SECONDS,
    REMOVED_UNREAD,
    LAG,
    OLDEST_AGE,
    PARTITIONS,
    WORKER_INFO,
    RSS,
    CPU_SECONDS,
    START_TIME,
)


class Metrics:
    """The metrics of one process, all of them from the start; safe from any thread.

    Methods raise ``ValueError`` where the values do not fit the metric's labels.
    """

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, and nobody asks for it
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._instruments = {
            metric: _instrument(metric, self.registry) for metric in METRICS if metric.kind != "process"
        }

    def add(self, counts: Iterable[Count]) -> None:
        """Add to counters."""
        for metric, values, amount in counts:
            cast("Counter", self._of(metric, values)).inc(amount)

    def observe(self, metric: Metric, value: float, *values: str) -> None:
        """Put one observation into a histogram."""
        cast("Histogram", self._of(metric, values)).observe(value)

    def set(self, metric: Metric, value: float, *values: str) -> None:
        """Set a gauge."""
        cast("Gauge", self._of(metric, values)).set(value)

    def _of(self, metric: Metric, values: tuple[str, ...]) -> Counter | Gauge | Histogram:
        instrument = self._instruments[metric]
        return instrument.labels(*values) if metric.labels else instrument


def _instrument(metric: Metric, registry: CollectorRegistry) -> Counter | Gauge | Histogram:
    if metric.kind == "histogram":
        return Histogram(metric.name, metric.help, metric.labels, registry=registry, buckets=metric.buckets)
    kind = Counter if metric.kind == "counter" else Gauge
    return kind(metric.name, metric.help, metric.labels, registry=registry)
