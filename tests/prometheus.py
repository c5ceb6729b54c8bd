"""Debian's programs for tests, Prometheus's before all: where they are, and what a running Prometheus answers."""

from __future__ import annotations

import json
import os
import shutil
import urllib.parse
import urllib.request
from typing import Any

import pytest


def program(name: str, *, package: str = "prometheus") -> str:
    """The path of a program. Where it is missing: skipped; REQUIRE_KAFKA=1, as in CI: failed."""
    if found := shutil.which(name):
        return found
    message = f"{name} is not installed (Debian: apt install {package})"
    if os.environ.get("REQUIRE_KAFKA") == "1":
        pytest.fail(f"REQUIRE_KAFKA=1 and {message}")
    pytest.skip(message)


def ask(port: int, path: str, **query: str) -> Any:
    """The data of an answer of the HTTP API."""
    url = f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["data"]
