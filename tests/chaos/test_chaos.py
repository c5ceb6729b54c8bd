"""``claimwire chaos`` itself, in its short form; the long one is ``make chaos-long``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

pytestmark = pytest.mark.slow

CHAOS = [sys.executable, "-m", "pipeline", "chaos"]


def test_nothing_is_lost_repeated_or_out_of_order_whatever_dies(kafka: str, tmp_path: Path) -> None:
    del kafka  # skipped where there is none: chaos has its own, which it kills
    arguments = ["--articles", "600", "--seconds", "15", "--seed", "11", "--json", "--logs", str(tmp_path)]
    result = subprocess.run(
        [*CHAOS, *arguments, "--faults", "kill=1,term=1,freeze=1,broker=1,add=1"],
        env={**os.environ, "KAFKA_BOOTSTRAP_SERVERS": "", "CLAIMWIRE_WORKER_SESSION_TIMEOUT_MS": "6000"},
        capture_output=True,
        timeout=240,
        check=False,
    )
    assert result.returncode == 0, result.stdout.decode() + result.stderr.decode()
    report = orjson.loads(result.stdout)
    counts = report["counts"]
    assert sorted(fault["kind"] for fault in report["faults"]) == [
        "add",
        "broker",
        "freeze",
        "kill",
        "remove",
        "term",
    ]
    assert (counts["rejected_found"], report["good"]) == (6, True)
    # What Kafka had not answered for when it was killed is pushed again, and may be there already.
    assert 600 <= counts["articles"] <= 600 + report["pushed_again"]
    assert counts["enriched"] + counts["rejected"] == counts["articles"]
    assert b"seed 11" in result.stderr


def test_on_a_kafka_that_is_not_its_own_chaos_leaves_the_broker_alone(kafka: str, tmp_path: Path) -> None:
    own = ["--bootstrap", kafka, "--articles", "200", "--seconds", "5", "--seed", "1", "--logs", str(tmp_path)]
    result = subprocess.run([*CHAOS, *own, "--faults", "kill=1"], capture_output=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout.decode() + result.stderr.decode()
    assert b"PASSED" in result.stderr
    refused = subprocess.run([*CHAOS, *own, "--faults", "broker=1"], capture_output=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert b"chaos kills only a Kafka that it runs itself" in refused.stderr
