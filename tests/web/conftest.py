"""A chain with the shipped model, and the live page beside it."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from chain import Chain
from live_page import Site, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def site(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A page with replay, and a worker with the shipped model behind it."""
    chain = Chain(kafka, f"test-{uuid.uuid4().hex[:8]}.", tmp_path_factory.mktemp("web"))
    with chain:
        chain.start("worker", "--real")
        with served(chain.bootstrap, chain.prefix, "--allow-replay") as (address, _):
            yield Site(address, chain)


@pytest.fixture(scope="module")  # while it is open its event loop runs in this thread: no test elsewhere could have one
def chromium(kafka: str) -> Iterator[Browser]:
    """Debian's Chromium. Without it: skipped; REQUIRE_KAFKA=1, which stands for a complete machine: failed."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (starts a program of its own)

    del kafka  # before it: no browser where no Kafka is
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("REQUIRE_KAFKA") == "1":
            pytest.fail("REQUIRE_KAFKA=1 and chromium is not installed (Debian: apt install chromium)")
        pytest.skip("chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()
