"""No text costs more than its length allows: time grows as the text does, and memory stays what a worker has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

PROGRAM = Path(__file__).parents[1] / "hostile_texts.py"
MOST_MB = 800


def costs(*chars: int) -> list[dict[str, Any]]:
    """Of each text, in a process of its own."""
    command = [sys.executable, str(PROGRAM), *map(str, chars)]
    lines = subprocess.run(command, capture_output=True, check=True).stdout.splitlines()
    return [orjson.loads(line) for line in lines]


@pytest.mark.timeout(900)
@pytest.mark.slow
def test_a_text_of_five_times_the_length_takes_not_much_more_than_five_times_the_time() -> None:
    found = costs(10_000, 50_000)
    slower = {cost["name"]: cost["cpu_s"] for cost in found if cost["cpu_s"][1] > 8 * cost["cpu_s"][0] + 1}
    assert not slower
    assert found[-1]["rss_mb"] < MOST_MB


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_articles_of_the_greatest_length_take_bounded_memory_and_milliseconds_a_character_at_most() -> None:
    found = costs(500_000)
    assert {cost["name"]: cost["cpu_s"] for cost in found if cost["cpu_s"][0] > 500} == {}
    assert found[-1]["rss_mb"] < MOST_MB, {cost["name"]: cost["rss_mb"] for cost in found}
