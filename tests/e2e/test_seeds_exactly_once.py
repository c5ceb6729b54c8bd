"""All seeds through the whole chain with the real model, two workers, one of them killed half-way."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from chain import Chain, place
from expected_seeds import differences, expected_records

pytestmark = pytest.mark.slow


def test_every_seed_comes_out_once_although_a_worker_is_killed(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    records = expected_records()
    copies = 4  # more work than a worker does before it is killed
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        for name in ("w0", "w1"):
            chain.start(name, "--real", "--batch", "4")
        places = chain.push(record.value for _ in range(copies) for record in records)
        wait_for_some(chain, copies * len(records) // 4)
        chain.kill("w0")
        time.sleep(1)
        chain.start("w0", "--real", "--batch", "4")
        outcomes = chain.outcomes(len(places))
        assert {name: chain.stop(name) for name in ("w0", "w1")} == {"w0": 0, "w1": 0}

    assert outcomes.places() == dict.fromkeys(places, 1)
    by_place = dict(zip(places, records * copies, strict=True))
    enriched = {place(event.origin): event for event in outcomes.enriched}
    rejected = {place(event.origin): event.reason for event in outcomes.rejected}
    assert rejected == {where: record.reason for where, record in by_place.items() if record.outcome == "rejected"}
    for where, event in enriched.items():
        assert event.article.id == (by_place[where].id or event.article.id)
        if sentences := by_place[where].sentences:
            assert differences(event, sentences) == []
    claims = [(place(claim.origin), claim.id) for claim in outcomes.claims]
    assert len(claims) == len(set(claims))
    assert {where for where, _ in claims} <= enriched.keys()
    for where, event in enriched.items():
        worthy = [said for said in event.assertions or [] if said.score >= 0.5]
        assert len(worthy) == sum(claimed == where for claimed, _ in claims)


def wait_for_some(chain: Chain, wanted: int) -> None:
    """Until the workers are in the middle of it."""
    chain.outcomes(wanted, settle_s=0)
