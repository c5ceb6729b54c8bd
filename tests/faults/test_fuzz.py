"""Ten thousand random records through a real worker: each one comes out once, and the worker stays as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chain import Chain, place
from fuzzed_records import CANARY, Fuzzed, fuzzed
from hypothesis import HealthCheck, Phase, given, settings

from pipeline.contract.bytes_in_json import as_bytes

pytestmark = pytest.mark.slow

RECORDS = 10_000
MOST_GROWTH = 1.5


def records(count: int) -> list[Fuzzed]:
    """The same in every run."""
    found: list[Fuzzed] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(fuzzed)
    def collect(record: Fuzzed) -> None:
        found.append(record)

    while len(found) < count:  # hypothesis stops early where it has seen all of a branch
        collect()
    return found[:count]


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1000  # type: ignore[index]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_ten_thousand_random_records_each_come_out_once_and_leave_the_worker_alone(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    sent = records(RECORDS)
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        worker = chain.start("w0")
        first = RECORDS // 5
        places = chain.push(record.value for record in sent[:first])
        chain.outcomes(first, settle_s=0, patience_s=300)
        before = resident_mb(worker.pid)
        places += chain.push(record.value for record in sent[first:])
        outcomes = chain.outcomes(RECORDS, patience_s=600)
        after = resident_mb(worker.pid)
        by_place = dict(zip(places, sent, strict=True))
        assert outcomes.places() == dict.fromkeys(places, 1)
        assert worker.poll() is None
        for event in outcomes.rejected:
            record = by_place[place(event.origin)]
            assert event.reason in record.allowed
            assert event.truncated or as_bytes(event.value) == record.value
        for enriched in outcomes.enriched:
            assert "article" in by_place[place(enriched.origin)].allowed
        assert after < MOST_GROWTH * before, f"{before:.0f} MB, then {after:.0f} MB"
        assert CANARY not in chain.log("w0")
