"""``claimwire audit``: whether each article came out exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import note, print_json
from pipeline.cli.progress import counted

if TYPE_CHECKING:
    from pipeline.streaming.operations.audit import Audit
    from pipeline.streaming.operations.ledger import Place

_LISTED = 100  # for people; --json and --csv list all

RepairOption = Annotated[bool, typer.Option("--repair", help="Push missing articles again.")]


@with_context("bootstrap", "prefix", "config", "json", "csv")
def audit(context: CommandContext, *, repair: RepairOption = False) -> int:
    """Check that every retained article has exactly one enriched or rejected event, and all of its claims.

    Articles that are still being processed count as waiting, not as missing. What an open transaction hides is not
    read; the transaction is named. Exit code 1 if anything is missing or
    duplicated, or if retention removed records before the chain had read them. With --repair, exit code 1 only if
    something could not be repaired; run it again once the repaired articles are processed.
    """
    from pipeline.contract.events import ArticleV1
    from pipeline.streaming.operations.audit import audit_chain
    from pipeline.streaming.operations.repair import repair as push_missing
    from pipeline.topology import TOPICS

    group = context.settings.worker.group
    pushed = 0
    too_large: list[Place] = []
    with counted("records read:") as on_progress:
        if repair:
            found, pushed, too_large = push_missing(
                context.connection(), prefix=context.prefix, group=group, on_progress=on_progress
            )
        else:
            found = audit_chain(context.connection(), prefix=context.prefix, group=group, on_progress=on_progress)
    counts = found.counts
    if context.json:
        for line in _problems(found):
            print_json(line)
        print_json({**counts, "pushed_again": pushed})
    else:
        _show(context, found, counts, context.prefix + TOPICS[ArticleV1])
        if repair:
            note(f"{pushed:,} of {counts['missing']:,} missing articles pushed again")
            for place in too_large:
                note(
                    f"{place.partition}/{place.offset} is larger than its topic takes: raise its max.message.bytes",
                    "red",
                )
    wrong = found.lost or counts["double"] or counts["claims_surplus"] or counts["claims_missing"]
    return 1 if wrong or counts["missing"] > pushed else 0


def _problems(found: Audit) -> Iterator[dict[str, Any]]:
    ledger = found.ledger
    for what, places in (("missing", ledger.missing()), ("double", ledger.double())):
        for place in places:
            yield {"what": what, "partition": place.partition, "offset": place.offset}
    for place, count in ledger.wrong_claims():
        what = "claims missing" if count > 0 else "claims too many"
        yield {"what": what, "partition": place.partition, "offset": place.offset, "claims": abs(count)}
    for lost in found.lost:
        yield {"what": "lost unread", **asdict(lost)}
    for transaction in found.open_transactions:
        yield {"what": "open transaction", **asdict(transaction)}


def _show(context: CommandContext, found: Audit, counts: dict[str, int], topic: str) -> None:
    limit = None if context.csv else _LISTED + 1
    rows = [
        (line["what"], f"{topic}/{line['partition']}/{line['offset']}", line.get("claims"))
        for line in islice(_problems(found), limit)
        if "offset" in line
    ]
    if rows:
        context.table(("problem", "article", "claims"), rows if context.csv else rows[:_LISTED])
    if limit and len(rows) == limit:
        note("and more: --json and --csv list all")
    for lost in found.lost:
        note(str(lost), "red")
    for transaction in found.open_transactions:
        note(str(transaction), "yellow")
    context.table(("count", "number"), [(name.replace("_", " "), number) for name, number in counts.items()])
    readable = " in what can be read" if found.open_transactions else ""
    note(f"nothing is missing or duplicated{readable}" if found.clean else "PROBLEMS FOUND")
