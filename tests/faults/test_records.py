"""Records that are wrong in great numbers, and clocks that are wrong."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter

import pytest
from chain import WORKER, Chain, article, place

DAY_MS = 86_400_000


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
    outcomes = chain.outcomes(1080)
    assert {place(event.origin) for event in outcomes.rejected} == set(poison)
    assert outcomes.places() == dict.fromkeys([*good, *poison], 1)
    assert Counter(event.reason for event in outcomes.rejected) == {"bad-encoding": 334, "failed": 333, "no-text": 333}
    assert worker.poll() is None


def test_records_of_any_time_pass_and_arrive_now(chain: Chain) -> None:
    now = int(time.time() * 1000)
    times = [0, 1, now - 4000 * DAY_MS, now - 3 * DAY_MS, now, now + 3_000_000, now - 1]  # a jump forward, and back
    places = [chain.push([article(number)], timestamp_ms=at)[0] for number, at in enumerate(times)]
    chain.start("w0")
    outcomes = chain.outcomes(len(times))
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert all(now - 1 <= event.origin.timestamp <= time.time() * 1000 for event in outcomes.enriched)


# The clock of the day alone, before anything is imported. Not libfaketime: under it CPython's own sleeps fail.
CLOCK_JUMPS = """
import runpy, sys, time

pytestmark = pytest.mark.slow
now, begin, jump_s = time.time, time.monotonic(), float(sys.argv.pop(1))
time.time = lambda: now() + (jump_s if time.monotonic() > begin + 5 else 0)
sys.argv.pop(0)
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.long
@pytest.mark.parametrize("days", [-400, 400])
def test_a_worker_whose_clock_jumps_does_as_the_others_do(chain: Chain, days: int) -> None:
    with (chain.logs / "jumps.log").open("ab") as log:
        command = [sys.executable, "-c", CLOCK_JUMPS, str(days * 86_400), str(WORKER), chain.bootstrap, chain.prefix]
        chain.workers["jumps"] = subprocess.Popen([*command, "jumps", "--ms", "1"], stdout=log, stderr=log)
    places = chain.push(article(number) for number in range(400))
    chain.outcomes(100, settle_s=0)
    chain.start("w0", "--ms", "1")
    for first in range(400, 1000, 100):  # it has jumped meanwhile
        places += chain.push(article(number) for number in range(first, first + 100))
        chain.outcomes(len(places), settle_s=0)
    places += chain.push([b"{broken"] * 4)
    outcomes = chain.outcomes(len(places))
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert outcomes.disorder() == 0
    assert chain.stop("jumps") == 0
