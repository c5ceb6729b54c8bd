"""Kafka in, samples of the chain's lag out: taken while a page is open, kept for its chart."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from pipeline.errors import ClaimwireError
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.lag import GroupLag, measure_lag
from pipeline.web.live import Live
from pipeline.web.threads import in_thread


async def keep_measuring(live: Live, connection: Connection, *, prefix: str, group: str, every_s: float) -> None:
    """Add a sample to ``live`` each ``every_s`` seconds while somebody looks; without end."""
    while True:
        if live.watchers:
            live.lag.append(await _sample(connection, prefix=prefix, group=group))
            live.notify()
            await asyncio.sleep(every_s)
        else:
            await live.changed().wait()


async def _sample(connection: Connection, *, prefix: str, group: str) -> dict[str, Any]:
    try:
        found = await in_thread(lambda: measure_lag(connection, prefix=prefix, group=group))
    except ClaimwireError as exc:
        return {"at": _now_ms(), "error": str(exc), "summary": None}
    except Exception as exc:  # noqa: BLE001  (whatever a library raises, the next sample is taken)
        return {"at": _now_ms(), "error": f"{type(exc).__name__}: {exc}", "summary": None}
    return sample(found, now_ms=_now_ms())


def sample(found: GroupLag, *, now_ms: int) -> dict[str, Any]:
    """A measurement as the page takes it; ages are in seconds."""
    return {
        "at": now_ms,
        "error": None,
        "group": found.group,
        "state": found.state,
        "summary": {"waiting": sum(stage.lag for stage in found.stages), "workers": found.workers},
        "stages": [
            {
                "stage": stage.stage,
                "topic": stage.topic,
                "lag": stage.lag,
                "age_s": _age_s(stage.oldest_ms, now_ms),
                "partitions": [
                    {"partition": part.partition, "committed": part.committed, "end": part.end, "lag": part.lag}
                    for part in stage.partitions
                ],
            }
            for stage in found.stages
        ],
    }


def _age_s(oldest_ms: int | None, now_ms: int) -> float | None:
    return None if oldest_ms is None else max(0.0, round((now_ms - oldest_ms) / 1000, 1))


def _now_ms() -> int:
    return round(time.time() * 1000)
