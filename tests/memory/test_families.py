"""How well changes are found in articles written for it, with the sentences, names and claims of the model."""

from pathlib import Path

import pytest

from pipeline.nlp.model import load_model
from pipeline.training.data.gold import read_gold
from pipeline.training.judge import Task, judge

_FAMILIES = Path(__file__).with_name("families.jsonl")


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    return {task.name: task for task in judge(read_gold(_FAMILIES), load_model()).tasks}


@pytest.mark.parametrize(
    ("task", "least"), [("sentences", 95), ("claims", 92), ("substance", 95), ("what differs", 90)]
)
def test_changes_are_found(tasks: dict[str, Task], task: str, least: int) -> None:
    assert tasks[task].classes["all"].f1 >= least


@pytest.mark.parametrize("change", ["added", "removed", "changed"])
def test_each_kind_of_change_is_found(tasks: dict[str, Task], change: str) -> None:
    assert tasks["sentences"].classes[change].f1 >= 95
    assert tasks["claims"].classes[change].f1 >= 92
