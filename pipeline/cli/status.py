"""``claimwire status``: how far behind each stage is, which workers run, and whether every article is accounted for."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import Shown, note, plural, print_json
from pipeline.cli.progress import counted
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.streaming.kafka.lag import GroupLag
    from pipeline.streaming.kafka.unread import OpenTransaction

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_SAMPLE_S = 1.0  # between two samples: the rate is what was committed meanwhile

WatchOption = Annotated[
    float | None,
    typer.Option("--watch", metavar="SECONDS", min=1.0, help="Repeat every SECONDS seconds.", show_default=False),
]
CountOption = Annotated[
    bool,
    typer.Option("--count", help="Read everything retained and check that articles = enriched + rejected + waiting."),
]


@with_context("bootstrap", "prefix", "config", "json", "csv")
def status(context: CommandContext, *, watch: WatchOption = None, count: CountOption = False) -> int:
    """Show each stage's lag, throughput and oldest waiting record, and the running workers.

    Exit code 1 if no broker answers or, with --count, if the numbers do not add up.
    """
    try:
        before = _sample(context)
        while True:
            time.sleep(watch or _SAMPLE_S)
            now = _sample(context)
            counts = _counts(context) if count else None
            _show(context, now, _rates(before, now), counts)
            if watch is None:
                return 1 if counts and not counts["adds_up"] else 0
            before = now
    except UsageError as exc:
        if not context.json:
            raise
        print_json({"bootstrap_servers": list(context.connection().bootstrap_servers), "ok": False, "error": str(exc)})
        return 1


def _sample(context: CommandContext) -> tuple[float, GroupLag]:
    from pipeline.streaming.kafka.lag import measure_lag

    found = measure_lag(context.connection(), prefix=context.prefix, group=context.settings.worker.group)
    return time.time(), found


def _rates(before: tuple[float, GroupLag], now: tuple[float, GroupLag]) -> list[float]:
    """Return each stage's committed offsets per second, those of transaction markers included."""
    seconds = max(now[0] - before[0], 0.001)
    pairs = zip(before[1].stages, now[1].stages, strict=True)
    return [max(0.0, round((_committed(later) - _committed(sooner)) / seconds, 1)) for sooner, later in pairs]


def _committed(stage: Any) -> int:  # noqa: ANN401  (a StageLag)
    return sum(part.committed or 0 for part in stage.partitions)


def _counts(context: CommandContext) -> dict[str, Any]:
    from pipeline.streaming.operations.audit import audit_chain

    with counted("records read:") as on_progress:
        found = audit_chain(
            context.connection(), prefix=context.prefix, group=context.settings.worker.group, on_progress=on_progress
        )
    return {**found.counts, "adds_up": found.clean}


def _show(
    context: CommandContext, sample: tuple[float, GroupLag], rates: list[float], counts: dict[str, Any] | None
) -> None:
    now_s, found = sample
    ages = [_age_s(stage.oldest_ms, now_s * 1000) for stage in found.stages]
    if context.json:
        stages = [
            {**asdict(stage), "lag": stage.lag, "oldest_age_s": age, "rate_per_s": rate}
            for stage, age, rate in zip(found.stages, ages, rates, strict=True)
        ]
        servers = list(context.connection().bootstrap_servers)
        print_json({"bootstrap_servers": servers, "ok": True, **asdict(found), "stages": stages, "counts": counts})
        return
    rows = [
        (
            stage.stage,
            stage.topic,
            stage.lag,
            Shown(f"{rate:,.1f}", rate),
            Shown(_age(age), age),
            " ".join("-" if part.committed is None else str(part.committed) for part in stage.partitions),
        )
        for stage, age, rate in zip(found.stages, ages, rates, strict=True)
    ]
    oldest = "oldest_age_s" if context.csv else "oldest waits for"
    context.table(("stage", "reads", "lag", "per second", oldest, "committed offsets"), rows)
    members = [(member.worker, member.host, _partitions(member.partitions)) for member in found.members]
    if members:
        context.table(("worker", "host", "partitions"), members)
    for lost in found.lost:
        note(str(lost), "red")
    for open_ in found.open_transactions:
        note(_open_line(open_, now_s), "yellow")
    note(f"group {found.group}: {found.state}, {plural(found.workers, 'member')}")
    if counts:
        listed = ", ".join(f"{name} {number:,}" for name, number in counts.items() if name != "adds_up")
        note(f"{listed}: {'adds up' if counts['adds_up'] else 'does NOT add up, see claimwire audit'}")


def _open_line(transaction: OpenTransaction, now_s: float) -> str:
    return f"{transaction}; last write {_age(max(0.0, now_s - transaction.last_ms / 1000))} ago"


def _partitions(partitions: tuple[tuple[str, int], ...]) -> str:
    """List a worker's partitions: mostly it has the same numbers of each topic."""
    numbers: dict[str, list[int]] = {}
    for topic, number in partitions:
        numbers.setdefault(topic, []).append(number)
    alike = Counter(",".join(map(str, found)) for found in numbers.values())
    if len(alike) == 1:
        return f"{next(iter(alike))} of {plural(len(numbers), 'topic')}"
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
