"""The image and the Compose project that the tests of this folder run; `make docker-test` runs them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from deployment import IMAGE, ROOT, Deployment, free_port, run, succeeds
from prometheus import program

# Where Prometheus's image cannot be pulled: this machine's own programs, in an image that is made as theirs is.
PROMETHEUS = f"""FROM {IMAGE}
USER 0
COPY prometheus promtool /bin/
RUN mkdir /prometheus && chown 65534:65534 /prometheus
USER 65534
ENTRYPOINT ["/bin/prometheus"]
"""


@pytest.fixture(scope="session")
def project() -> Deployment:
    """With the image built, nothing started. Without an engine the tests fail: who calls them wants to know."""
    if not (shutil.which("docker") and succeeds("docker", "info") and succeeds("docker", "compose", "version")):
        pytest.fail("no Docker engine with Compose answers: start one (`docker info` shows why it does not)")
    project = Deployment(f"claimwire-test-{os.getpid()}", free_port())
    project.compose("build", "worker")
    return project


@pytest.fixture
def deployment(project: Deployment) -> Iterator[Deployment]:
    """Running, with one worker; whatever a test does, nothing of it is left."""
    try:
        project.up()
        yield project
    finally:
        project.down()


@pytest.fixture(scope="session")
def prometheus_image(project: Deployment, tmp_path_factory: pytest.TempPathFactory) -> str | None:
    """Prometheus's image; None where there is neither that nor the program."""
    services = json.loads(project.compose("--profile", "monitoring", "config", "--format", "json"))["services"]
    image = str(services["prometheus"]["image"])
    if succeeds("docker", "image", "inspect", image) or succeeds("docker", "pull", "--quiet", image):
        return image
    programs = [found for name in ("prometheus", "promtool") if (found := shutil.which(name))]
    if len(programs) < 2:
        return None
    folder = tmp_path_factory.mktemp("prometheus")
    for path in programs:
        shutil.copy(path, folder)
    (folder / "Dockerfile").write_text(PROMETHEUS)
    run("docker", "build", "--quiet", "--tag", "claimwire-prometheus:test", str(folder))
    return "claimwire-prometheus:test"


@pytest.fixture(scope="session")
def dashboard() -> Iterator[str]:
    """The address of the page that draws the dashboard (tests/dashboard), built from the file as it is."""
    folder = ROOT / "tests" / "dashboard"
    npm = (program("npm", package="npm"), "--prefix", str(folder))
    installed, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run(*npm, "ci")
    run(*npm, "run", "build")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
