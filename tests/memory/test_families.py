"""How well changes are found in articles written for it, with the sentences, names and claims of the model."""

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.nlp.model import load_model
from pipeline.training.data.gold import read_gold
from pipeline.training.judge import Task, judge

_FAMILIES = Path(__file__).with_name("families.jsonl")


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    return {task.name: task for task in judge(read_gold(_FAMILIES), load_model()).tasks}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "least"), [("sentences", 95), ("claims", 92), ("substance", 95), ("what differs", 90)]
)
def test_changes_are_found(tasks: dict[str, Task], task: str, least: int) -> None:
    assert tasks[task].classes["all"].f1 >= least


@pytest.mark.slow
@pytest.mark.parametrize("change", ["added", "removed", "changed"])
def test_each_kind_of_change_is_found(tasks: dict[str, Task], change: str) -> None:
    assert tasks["sentences"].classes[change].f1 >= 95
    assert tasks["claims"].classes[change].f1 >= 92


def test_a_line_that_is_no_document_of_a_family_is_named(tmp_path: Path) -> None:
    first = _FAMILIES.read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / "families.jsonl"
    path.write_text(f'{first}\n{{"doc": "x", "title": "t", "text": "x", "relation": {{"kind": "version"}}}}\n', "utf-8")
    with pytest.raises(UsageError, match=r"families.jsonl, line 2 is no document of a family"):
        read_gold(path)
