"""``claimwire status``: how far behind each stage is."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json, print_table
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.streaming.lag import GroupLag

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def status(
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Show lag, the age of the oldest record that waits, and committed offsets of each stage.

    Exit code 1 if no broker answers.
    """
    from pipeline.streaming.lag import measure

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    connection = this.connection()
    servers = list(connection.bootstrap_servers)
    try:
        found = measure(connection, prefix=this.prefix, group=this.settings.worker.group)
    except UsageError as exc:
        if not json:
            raise
        print_json({"bootstrap_servers": servers, "ok": False, "error": str(exc)})
        return 1
    now_ms = time.time() * 1000
    if json:
        stages = [
            {**asdict(stage), "lag": stage.lag, "oldest_age_s": _age_s(stage.oldest_ms, now_ms)}
            for stage in found.stages
        ]
        print_json({"bootstrap_servers": servers, "ok": True, **asdict(found), "stages": stages})
    else:
        _show(found, now_ms)
    return 0


def _show(found: GroupLag, now_ms: float) -> None:
    rows = [
        (
            stage.stage,
            stage.topic,
            f"{stage.lag:,}",
            _age(_age_s(stage.oldest_ms, now_ms)),
            " ".join("-" if part.committed is None else str(part.committed) for part in stage.partitions),
        )
        for stage in found.stages
    ]
    print_table(("stage", "reads", "lag", "oldest waits for", "committed offsets"), rows)
    note(f"group {found.group}: {found.state}, {found.workers} members")


def _age_s(oldest_ms: int | None, now_ms: float) -> float | None:
    return None if oldest_ms is None else max(0.0, round((now_ms - oldest_ms) / 1000, 1))


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for unit, name in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} s"
