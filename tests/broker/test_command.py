import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.broker.command import class_path_file
from pipeline.broker.java import find_java


def test_java_reads_the_class_path_back_whatever_is_in_its_names(tmp_path: Path) -> None:
    odd = tmp_path / 'a "b" \\c #d é'
    odd.mkdir()
    (odd / "name.properties").write_text("")
    file = class_path_file(tmp_path, [Path("/absent.jar"), odd])
    java = find_java(os.environ)
    shown = subprocess.run(
        [java.path, f"@{file}", "-XshowSettings:properties", "-version"],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C.UTF-8"},
    ).stderr
    assert str(odd) in shown


@pytest.mark.parametrize("arguments", [[], ["other"], ["fetch", "more"]])
def test_the_module_has_one_command(arguments: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pipeline.broker", *arguments], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (2, "usage: python -m pipeline.broker fetch|verify\n")
