"""What the live page needs to know: plain values, from whoever read the settings."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.streaming.kafka.connection import Connection


@dataclass(frozen=True)
class WebOptions:
    """What the page needs to know.

    ``claims`` is how many it keeps, ``memory_bytes`` a bound for these and again for the articles behind them;
    ``names`` are those that the page answers to besides addresses and localhost; a page that does not read its stream
    for ``patience_s`` is cut off.
    """

    connection: Connection
    prefix: str
    group: str
    threshold: float
    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    claims: int = 10_000
    memory_bytes: int = 64 * 1024 * 1024
    allow_replay: bool = False
    patience_s: float = 20.0
    lag_every_s: float = 5.0
