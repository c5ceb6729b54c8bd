import re

import pytest
from prometheus_client import generate_latest

from pipeline import metrics
from pipeline.metrics import METRICS, Count, Metrics


def shown(numbers: Metrics) -> dict[str, float]:
    """The samples as Prometheus reads them."""
    lines = generate_latest(numbers.registry).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_every_metric_of_the_module_is_in_the_list_once() -> None:
    defined = [value for value in vars(metrics).values() if isinstance(value, metrics.Metric)]
    assert sorted(METRICS) == sorted(defined)
    assert len({metric.name for metric in METRICS}) == len(METRICS)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_say_the_unit_and_helps_are_sentences(metric: metrics.Metric) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*[a-z]", metric.name)
    assert metric.name.endswith("_total") == (metric.kind == "counter" or metric.name == "process_cpu_seconds_total")
    assert metric.help.endswith(".")
    assert bool(metric.buckets) == (metric.kind == "histogram")


def test_each_kind_is_shown_with_its_labels() -> None:
    numbers = Metrics()
    numbers.add(
        [Count(metrics.SENTENCES, (), 7), Count(metrics.ENTITIES, ("ORG",)), Count(metrics.ENTITIES, ("ORG",), 2)]
    )
    numbers.observe(metrics.NLP_SECONDS, 0.2, "tag_entities")
    numbers.set(metrics.LAG, 3, "tag_entities")
    found = shown(numbers)
    assert found["claimwire_sentences_total"] == 7
    assert found['claimwire_entities_total{label="ORG"}'] == 3
    assert found['claimwire_nlp_seconds_bucket{le="0.1",stage="tag_entities"}'] == 0
    assert found['claimwire_nlp_seconds_bucket{le="0.25",stage="tag_entities"}'] == 1
    assert found['claimwire_lag_records{stage="tag_entities"}'] == 3
    assert found["process_resident_memory_bytes"] > 1_000_000
    assert not [name for name in found if "_created" in name]


def test_two_of_one_process_share_nothing() -> None:
    first, second = Metrics(), Metrics()
    first.add([Count(metrics.SENTENCES)])
    assert shown(second)["claimwire_sentences_total"] == 0


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="label"):
        Metrics().set(metrics.LAG, 3)
    with pytest.raises(ValueError, match="label"):
        Metrics().add([Count(metrics.ENTITIES)])
