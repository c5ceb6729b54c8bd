"""How long a worker waits for what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Limits in seconds; ``batch_cpu_s`` is CPU time, all others are wall time."""

    linger_s: float
    session_timeout_s: float
    transaction_timeout_s: float
    give_up_s: float
    stop_timeout_s: float
    rebalance_timeout_s: float = 30.0
    stall_s: float = 120.0
    batch_cpu_s: float = 60.0
