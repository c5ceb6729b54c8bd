"""Articles through the three stages, without Kafka: what the metrics say of them."""

from __future__ import annotations

from collections.abc import Sequence

from hand_made import PIPELINE, asserted, context
from prometheus_client import generate_latest

from pipeline.metrics import Metrics
from pipeline.streaming.kafka.records import InRecord, OutRecord
from pipeline.streaming.worker.counted import Spent, count_batch
from pipeline.streaming.worker.rejected_record import RejectedRecords
from pipeline.streaming.worker.stage_records import BatchFunction
from pipeline.topology import STAGES, TOPICS, Stage

ARTICLES = [b'{"text":"X said no. X left."}', b"not JSON", b'{"text":" "}', b'{"text":"Nein. X.","language":"de"}']


def run(stage: Stage, records: Sequence[InRecord], metrics: Metrics) -> list[OutRecord]:
    rejected = RejectedRecords(
        topic="news.rejected", stage=stage.name, worker="w-0", pipeline=PIPELINE, max_bytes=100_000
    )
    surroundings = context(classify_claims=asserted(0.9, 0.1, 0.8, 0.7))
    work = BatchFunction(
        stage=stage, context=surroundings, rejected=rejected, prefix="", max_chars=1000, max_bytes=100_000
    )
    outputs = [output for of_record in work(records) for output in of_record]
    count_batch(metrics, stage=stage.name, records=len(records), outputs=outputs, spent=Spent(0.25, 0.5))
    return outputs


def through_the_chain() -> dict[str, float]:
    metrics = Metrics()
    records = [InRecord("news.articles", 0, offset, 1, None, value, []) for offset, value in enumerate(ARTICLES)]
    for stage in STAGES:
        outputs = run(stage, records, metrics)
        passed_on = TOPICS[stage.passes_on]
        records = [
            InRecord(out.topic, 0, offset, 1, out.key, out.value, out.headers)
            for offset, out in enumerate(outputs)
            if out.topic == passed_on
        ]
    lines = generate_latest(metrics.registry).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_each_article_is_counted_once_by_each_stage_that_it_reaches() -> None:
    found = through_the_chain()
    articles_in = [found[f'claimwire_articles_in_total{{stage="{stage.name}"}}'] for stage in STAGES]
    articles_out = [found[f'claimwire_articles_out_total{{stage="{stage.name}"}}'] for stage in STAGES]
    rejected = {name: value for name, value in found.items() if name.startswith("claimwire_articles_rejected_total")}
    later = len(STAGES) - 1
    assert (articles_in, articles_out) == ([4] + [2] * later, [2] + [2] * later)
    assert rejected == {
        'claimwire_articles_rejected_total{reason="not-json",stage="split_sentences"}': 1,
        'claimwire_articles_rejected_total{reason="no-text",stage="split_sentences"}': 1,
    }


def test_what_was_found_is_counted_by_the_stage_that_found_it_only() -> None:
    found = through_the_chain()
    assert found["claimwire_sentences_total"] == 3  # one of them by rules: the model does not read German
    assert {name: value for name, value in found.items() if name.startswith("claimwire_entities_total")} == {
        'claimwire_entities_total{label="ORG"}': 2
    }
    assert sum(value for name, value in found.items() if name.startswith("claimwire_claims_total")) == 1
    assert found['claimwire_enriched_total{extent="whole"}'] == 1
    assert found['claimwire_enriched_total{extent="partial"}'] == 1


def test_a_batchs_seconds_are_those_of_its_parts() -> None:
    found = through_the_chain()
    assert found['claimwire_nlp_seconds_sum{stage="tag_entities"}'] == 0.25
    assert found['claimwire_transaction_seconds_sum{stage="tag_entities"}'] == 0.5
    assert found['claimwire_batch_seconds_sum{stage="tag_entities"}'] == 0.75
    assert found['claimwire_batch_articles_sum{stage="split_sentences"}'] == 4
