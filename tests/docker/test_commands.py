"""The Docker commands of README.md, in its order."""

from __future__ import annotations

import http.client
import re
import time
from contextlib import closing
from pathlib import Path

import pytest
from deployment import ROOT, Deployment, free_port, run

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


def claims_on_the_page(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("GET", "/api/claims")
        return connection.getresponse().read().decode()


def test_the_live_page_of_the_profile_web_shows_the_claims_that_come(deployment: Deployment, tmp_path: Path) -> None:
    port = free_port()
    environ = {**deployment.environ, "WEB_PORT": str(port)}
    run("docker", "compose", "--profile", "web", "up", "-d", "--wait", environ=environ)
    try:
        (tmp_path / "article.txt").write_text("Unemployment fell to 4 percent in 2015, Jane Smith said.")
        deployment.push(tmp_path / "article.txt")
        deadline = time.monotonic() + 60
        while "Unemployment fell" not in claims_on_the_page(port):
            assert time.monotonic() < deadline
            time.sleep(0.5)
    finally:
        run("docker", "compose", "--profile", "web", "down", "-v", environ=environ)
