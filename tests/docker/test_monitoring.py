"""The profile monitoring: Prometheus finds every worker container by itself and knows the alerts."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from deployment import IMAGE, Deployment, free_port, run, succeeds
from prometheus import ask

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

PATIENCE_S = 120
# Where Prometheus's image cannot be pulled: this machine's own programs, in an image that is made as theirs is.
STAND_IN = f"""FROM {IMAGE}
USER 0
COPY prometheus promtool /bin/
RUN mkdir /prometheus && chown 65534:65534 /prometheus
USER 65534
ENTRYPOINT ["/bin/prometheus"]
"""


@pytest.fixture
def prometheus_image(project: Deployment, tmp_path: Path) -> str:
    services = json.loads(project.compose("--profile", "monitoring", "config", "--format", "json"))["services"]
    image = str(services["prometheus"]["image"])
    if succeeds("docker", "image", "inspect", image) or succeeds("docker", "pull", "--quiet", image):
        return image
    for name in ("prometheus", "promtool"):
        program = shutil.which(name)
        assert program, f"{image} cannot be pulled, and there is no {name} here (Debian: apt install prometheus)"
        shutil.copy(program, tmp_path / name)
    (tmp_path / "Dockerfile").write_text(STAND_IN)
    run("docker", "build", "--quiet", "--tag", "claimwire-prometheus:test", str(tmp_path))
    return "claimwire-prometheus:test"


def number_of_workers(port: int) -> str:
    found = ask(port, "query", query="count(claimwire_worker_info)")["result"]
    return str(found[0]["value"][1]) if found else "0"


def test_prometheus_finds_the_workers_that_come_and_has_the_alerts(project: Deployment, prometheus_image: str) -> None:
    port = free_port()
    environ = {**project.environ, "PROMETHEUS_IMAGE": prometheus_image, "PROMETHEUS_PORT": str(port)}
    compose = ("docker", "compose", "--profile", "monitoring")
    try:
        for workers in (1, 2):
            run(*compose, "up", "-d", "--wait", "--scale", f"worker={workers}", "worker", "prometheus", environ=environ)
            deadline = time.monotonic() + PATIENCE_S
            while number_of_workers(port) != str(workers):
                assert time.monotonic() < deadline, ask(port, "targets")
                time.sleep(1)
        (alerts,) = ask(port, "rules")["groups"]
        assert {rule["health"] for rule in alerts["rules"]} == {"ok"}
    finally:
        run(*compose, "down", "--volumes", environ=environ)
