"""A chain with the shipped model, and the live page beside it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from chain import Chain
from live_page import Site, served


@pytest.fixture(scope="session")
def site(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A page with replay, and a worker with the shipped model behind it."""
    chain = Chain(kafka, f"test-{uuid.uuid4().hex[:8]}.", tmp_path_factory.mktemp("web"))
    with chain:
        chain.start("worker", "--real")
        with served(chain.bootstrap, chain.prefix, "--allow-replay") as (address, _):
            yield Site(address, chain)
