"""The image and the Compose project that the tests of this folder run; `make docker-test` runs them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from deployment import Deployment, free_port, succeeds


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
