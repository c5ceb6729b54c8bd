"""``claimwire status``: how far behind each stage is, who works, and whether every article is accounted for."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import Bootstrap, Call, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json, print_table
from pipeline.cli.progress import counted
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.streaming.kafka.lag import GroupLag

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_SAMPLE_S = 1.0  # between two looks: the rate is what was committed meanwhile

Watch = Annotated[
    float | None,
    typer.Option("--watch", metavar="SECONDS", min=1.0, help="Again each so many seconds.", show_default=False),
]
Count = Annotated[
    bool,
    typer.Option(
        "--count", help="Read all that is retained, and see whether articles in = enriched + rejected + waiting."
    ),
]


def status(
    watch: Watch = None,
    count: Count = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Show lag, rate and the age of the oldest record that waits of each stage, and the workers.

    Exit code 1 if no broker answers, or if with --count the numbers do not add up.
    """
    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    try:
        before = _look(this)
        while True:
            time.sleep(watch or _SAMPLE_S)
            now = _look(this)
            counts = _counts(this) if count else None
            _show(this, now, _rates(before, now), counts, json=json)
            if watch is None:
                return 1 if counts and not counts["adds_up"] else 0
            before = now
    except UsageError as exc:
        if not json:
            raise
        print_json({"bootstrap_servers": list(this.connection().bootstrap_servers), "ok": False, "error": str(exc)})
        return 1


def _look(this: Call) -> tuple[float, GroupLag]:
    from pipeline.streaming.kafka.lag import measure

    found = measure(this.connection(), prefix=this.prefix, group=this.settings.worker.group)
    return time.time(), found


def _rates(before: tuple[float, GroupLag], now: tuple[float, GroupLag]) -> list[float]:
    """Of each stage, committed offsets a second, with those of transaction markers."""
    seconds = max(now[0] - before[0], 0.001)
    pairs = zip(before[1].stages, now[1].stages, strict=True)
    return [max(0.0, round((_committed(later) - _committed(sooner)) / seconds, 1)) for sooner, later in pairs]


def _committed(stage: Any) -> int:  # noqa: ANN401  (a StageLag)
    return sum(part.committed or 0 for part in stage.partitions)


def _counts(this: Call) -> dict[str, Any]:
    from pipeline.streaming.operations.audit import audit

    with counted("records read:") as on_progress:
        found = audit(this.connection(), prefix=this.prefix, group=this.settings.worker.group, on_progress=on_progress)
    return {**found.counts, "adds_up": found.clean}


def _show(
    this: Call, look: tuple[float, GroupLag], rates: list[float], counts: dict[str, Any] | None, *, json: bool
) -> None:
    now_s, found = look
    ages = [_age_s(stage.oldest_ms, now_s * 1000) for stage in found.stages]
    if json:
        stages = [
            {**asdict(stage), "lag": stage.lag, "oldest_age_s": age, "rate_per_s": rate}
            for stage, age, rate in zip(found.stages, ages, rates, strict=True)
        ]
        servers = list(this.connection().bootstrap_servers)
        print_json({"bootstrap_servers": servers, "ok": True, **asdict(found), "stages": stages, "counts": counts})
        return
    rows = [
        (
            stage.stage,
            stage.topic,
            f"{stage.lag:,}",
            f"{rate:,.1f}",
            _age(age),
            " ".join("-" if part.committed is None else str(part.committed) for part in stage.partitions),
        )
        for stage, age, rate in zip(found.stages, ages, rates, strict=True)
    ]
    print_table(("stage", "reads", "lag", "per second", "oldest waits for", "committed offsets"), rows)
    members = [(member.worker, member.host, _partitions(member.partitions)) for member in found.members]
    if members:
        print_table(("worker", "on", "partitions"), members)
    note(f"group {found.group}: {found.state}, {found.workers} members")
    if counts:
        said = ", ".join(f"{name} {number:,}" for name, number in counts.items() if name != "adds_up")
        note(f"{said}: {'adds up' if counts['adds_up'] else 'does NOT add up, see claimwire audit'}")


def _partitions(partitions: tuple[tuple[str, int], ...]) -> str:
    """A worker mostly has the same numbers of each topic; else how many of which."""
    numbers: dict[str, list[int]] = {}
    for topic, number in partitions:
        numbers.setdefault(topic, []).append(number)
    alike = Counter(",".join(map(str, found)) for found in numbers.values())
    if len(alike) == 1:
        return f"{next(iter(alike))} of {len(numbers)} topics"
    return "; ".join(f"{topic} {','.join(map(str, found))}" for topic, found in numbers.items()) or "none"


def _age_s(oldest_ms: int | None, now_ms: float) -> float | None:
    return None if oldest_ms is None else max(0.0, round((now_ms - oldest_ms) / 1000, 1))


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for unit, name in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} s"
