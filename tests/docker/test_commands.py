"""The Docker commands of README.md, in its order."""

from __future__ import annotations

import re

import pytest
from deployment import ROOT, Deployment, run

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

COMMANDS = [
    command
    for block in re.findall(r"^```sh\n(docker .*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    for command in block.splitlines()
]


def test_the_commands_of_the_readme_start_scale_and_stop(project: Deployment) -> None:
    workers = []
    try:
        for command in COMMANDS:
            run("sh", "-c", command, environ=project.environ)
            workers.append(len(project.containers("worker")))
    finally:
        project.down()
    assert workers[0] == 1
    assert max(workers) == 3
    assert workers[-1] == 0
