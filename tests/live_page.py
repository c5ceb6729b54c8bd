"""A live page for tests: its address, the chain that it shows, its options."""

from __future__ import annotations

from dataclasses import dataclass

from chain import Chain

from pipeline.web.options import WebOptions


@dataclass
class Site:
    """The page's address and the chain that it shows."""

    url: str
    chain: Chain


def options(chain: Chain, **changes: object) -> WebOptions:
    """Of a page on a free port."""
    return WebOptions(
        **{
            "connection": chain.connection,
            "prefix": chain.prefix,
            "group": "claimwire",
            "threshold": 0.5,
            "port": 0,
            "lag_every_s": 1.0,
            **changes,
        }  # type: ignore[arg-type]  # each test changes what it is about
    )
