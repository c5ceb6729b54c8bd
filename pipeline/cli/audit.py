"""``claimwire audit``: whether each article has come out, once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json, print_table
from pipeline.cli.progress import counted

if TYPE_CHECKING:
    from pipeline.streaming.operations.audit import Audit

_LISTED = 100  # for people; --json lists all

RepairOption = Annotated[bool, typer.Option("--repair", help="Push what is missing through the chain once more.")]


def audit(
    repair: RepairOption = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Check that each article within retention has exactly one enriched or rejected event, and each claim its article.

    What is on its way is waiting, not missing. Exit code 1 while anything is missing or double; after --repair only
    where something was left out or is double: run it again once the repaired ones have come through.
    """
    from pipeline.contract.events import ArticleV1
    from pipeline.streaming.operations.audit import audit as examine
    from pipeline.streaming.operations.repair import repair as mend
    from pipeline.topology import TOPICS

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    group = this.settings.worker.group
    pushed = 0
    with counted("records read:") as on_progress:
        if repair:
            found, pushed = mend(this.connection(), prefix=this.prefix, group=group, on_progress=on_progress)
        else:
            found = examine(this.connection(), prefix=this.prefix, group=group, on_progress=on_progress)
    counts = found.counts
    if json:
        for line in _problems(found):
            print_json(line)
        print_json({**counts, "pushed_again": pushed})
    else:
        _show(found, counts, this.prefix + TOPICS[ArticleV1])
        if repair:
            note(f"{pushed:,} of {counts['missing']:,} missing articles pushed again")
    wrong = counts["double"] or counts["claims_surplus"] or counts["claims_missing"]
    return 1 if wrong or counts["missing"] > pushed else 0


def _problems(found: Audit) -> Iterator[dict[str, Any]]:
    ledger = found.ledger
    for what, places in (("missing", ledger.missing()), ("double", ledger.double())):
        for place in places:
            yield {"what": what, "partition": place.partition, "offset": place.offset}
    for place, count in ledger.wrong_claims():
        what = "claims missing" if count > 0 else "claims too many"
        yield {"what": what, "partition": place.partition, "offset": place.offset, "claims": abs(count)}


def _show(found: Audit, counts: dict[str, int], topic: str) -> None:
    rows = [
        (line["what"], f"{topic}/{line['partition']}/{line['offset']}", str(line.get("claims", "")))
        for line in islice(_problems(found), _LISTED + 1)
    ]
    if rows:
        print_table(("what", "article", "claims"), rows[:_LISTED])
    if len(rows) > _LISTED:
        note("and more: --json lists all")
    print_table(("count", ""), [(name.replace("_", " "), f"{number:,}") for name, number in counts.items()])
    note("nothing is missing and nothing double" if found.clean else "NOT as it should be")
