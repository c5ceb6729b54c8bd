"""Workers that come and go without a rest, and two releases of claimwire side by side."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from chain import Chain, Place, article

from pipeline.contract import codec
from pipeline.contract.events import EntitiesV1, SentencesV1
from pipeline.streaming.operations.audit import audit_chain

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
OLD = "81048d572ff396f80e57aa40b87488a98502118a"  # the release that is upgraded from


@pytest.mark.parametrize("seconds", [20, pytest.param(120, marks=pytest.mark.long)])
def test_a_worker_added_or_killed_every_few_seconds_costs_nothing(chain: Chain, seconds: float) -> None:
    rng = random.Random(seconds)  # noqa: S311  (nothing is secret here)
    places: list[Place] = []
    begin = time.monotonic()
    while (at := time.monotonic() - begin) < seconds:
        running = sorted(chain.workers)
        if len(running) > 1 and (len(running) > 3 or rng.random() < 0.5):
            chain.kill(rng.choice(running))
        else:
            chain.start(rng.choice([name for name in ("w0", "w1", "w2", "w3", "w4") if name not in running]))
        number = len(places)
        places += chain.push(article(n, "word " * 400) for n in range(number, number + 100))
        time.sleep(max(0.0, begin + at + 5 - time.monotonic()))
    outcomes = chain.outcomes(len(places))
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert outcomes.disorder() == 0


@pytest.fixture
def old_release(tmp_path: Path) -> Path:
    """A checkout of an earlier state of this repository."""
    found = subprocess.run(["git", "cat-file", "-e", OLD], cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        pytest.skip(f"the earlier release {OLD} is not in this checkout: it has no git history")
    target = tmp_path / "old"
    subprocess.run(["git", "clone", "--quiet", "--shared", str(ROOT), str(target)], check=True)
    subprocess.run(["git", "checkout", "--quiet", OLD], cwd=target, check=True)
    return target


@pytest.mark.long
def test_old_and_new_workers_side_by_side_read_each_other_s_events(chain: Chain, old_release: Path) -> None:
    def start_old(name: str) -> None:
        with (chain.logs / f"{name}.log").open("ab") as log:
            chain.workers[name] = subprocess.Popen(
                [sys.executable, str(old_release / "tests" / "plain_worker.py"), chain.bootstrap, chain.prefix, name],
                env={**os.environ, "PYTHONPATH": str(old_release)},
                stdout=log,
                stderr=log,
            )

    places: list[Place] = []

    def push(count: int) -> None:
        number = len(places)
        places.extend(chain.push(article(n, "One line. And 12 more.") for n in range(number, number + count)))
        chain.outcomes(len(places), settle_s=0)

    for name in ("w0", "w1"):
        start_old(name)
    push(200)
    for name in ("w0", "w1"):  # the upgrade, under the same names: one by one, with a mixed fleet in between
        assert chain.stop(name) == 0
        chain.start(name)
        push(200)
    assert chain.stop("w1") == 0
    start_old("w1")  # and back
    push(200)
    outcomes = chain.outcomes(len(places))
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert outcomes.disorder() == 0
    assert not outcomes.rejected
    for event in (SentencesV1, EntitiesV1):
        for record in chain.records(event):
            found: Any = record
            codec.decode(event, found.value)
    assert audit_chain(chain.connection, prefix=chain.prefix, group="claimwire").clean
