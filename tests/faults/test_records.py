"""Records that are wrong in great numbers, and clocks that are wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from chain import WORKER, Chain, place

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
DAY_MS = 86_400_000


@pytest.fixture
def chain(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Chain]:
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        yield chain


def article(number: int, text: str = "One line.") -> bytes:
    return orjson.dumps({"id": f"a{number}", "text": text})


def test_a_thousand_poisoned_records_in_a_row_are_all_rejected_and_their_neighbours_are_not(chain: Chain) -> None:
    kinds = [
        lambda number: b"\xff" + article(number),
        lambda number: article(number, "POISON tag_entities"),
        lambda number: article(number, ""),
    ]
    good = chain.push(article(number) for number in range(40))
    poison = chain.push(kinds[number % 3](number) for number in range(1000))
    good += chain.push(article(number) for number in range(1040, 1080))
    worker = chain.start("w0")
    outcomes = chain.outcomes(1080, patience_s=120)
    assert {place(event.origin) for event in outcomes.rejected} == set(poison)
    assert outcomes.places() == dict.fromkeys([*good, *poison], 1)
    assert Counter(event.reason for event in outcomes.rejected) == {"bad-encoding": 334, "failed": 333, "no-text": 333}
    assert worker.poll() is None


def test_records_of_any_time_pass_and_keep_it(chain: Chain) -> None:
    now = int(time.time() * 1000)
    times = [0, 1, now - 4000 * DAY_MS, now - 3 * DAY_MS, now, now + 3_000_000, now - 1]  # a jump forward, and back
    places = [chain.push([article(number)], timestamp_ms=at)[0] for number, at in enumerate(times)]
    chain.start("w0")
    outcomes = chain.outcomes(len(times))
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert sorted(event.origin.timestamp for event in outcomes.enriched) == sorted(times)


@pytest.mark.long
@pytest.mark.parametrize("shift", ["-400d", "+400d"])
def test_a_worker_whose_clock_is_wrong_does_as_the_others_do(chain: Chain, shift: str) -> None:
    if not FAKETIME.exists():
        pytest.skip("no libfaketime here (Debian: apt install faketime)")
    with (chain.logs / "shifted.log").open("ab") as log:
        chain.workers["shifted"] = subprocess.Popen(
            [sys.executable, str(WORKER), chain.bootstrap, chain.prefix, "shifted", "--ms", "1"],
            env={**os.environ, "LD_PRELOAD": str(FAKETIME), "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
            stdout=log,
            stderr=log,
        )
    places = chain.push(article(number) for number in range(400))
    chain.outcomes(50, settle_s=0)
    chain.start("w0", "--ms", "1")
    places += chain.push(article(number) for number in range(400, 800))
    places += chain.push([b"{broken"])
    outcomes = chain.outcomes(len(places), patience_s=120)
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert outcomes.disorder() == 0
    assert chain.stop("shifted") == 0
