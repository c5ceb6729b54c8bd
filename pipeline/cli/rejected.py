"""``claimwire rejected``: the records that a stage could not process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.events import place
from pipeline.cli.output import note, plural, print_bytes, print_json, printable, results
from pipeline.cli.progress import counted
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.contract.events import RejectedV1
    from pipeline.streaming.operations.replay import Filter, Rejected
    from pipeline.streaming.operations.replay import RecordEdit as EditRecord

HELP = "List, show, replay and drop records that a stage rejected."

Editor = Callable[[bytes], bytes]

StageOption = Annotated[
    str | None, typer.Option("--stage", metavar="NAME", help="Only records of this stage.", show_default=False)
]
ReasonOption = Annotated[
    str | None,
    typer.Option(
        "--reason", metavar="NAME", help="Only records with this reason, such as not-json.", show_default=False
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Start of the time range: 2031-05-01T10:00Z, or 2h for 2 hours ago.",
        show_default=False,
    ),
]
UntilOption = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="End of the time range, itself excluded.", show_default=False),
]
AllOption = Annotated[bool, typer.Option("--all", help="Include records that were replayed or dropped.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it. Without --yes, only show what would be done.")]
EditOption = Annotated[bool, typer.Option("--edit", help="Open each record in $EDITOR first; an empty file skips it.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", "-n", metavar="N", min=1, help="Show only the newest N.", show_default=False)
]
PlaceArgument = Annotated[
    str,
    typer.Argument(
        metavar="PARTITION/OFFSET", help="Record, as `claimwire rejected list` names it.", show_default=False
    ),
]
OnePlaceArgument = Annotated[
    str | None, typer.Argument(metavar="PARTITION/OFFSET", help="Only this record.", show_default=False)
]
RawOption = Annotated[bool, typer.Option("--raw", help="Print only the original bytes.")]


@with_context("bootstrap", "prefix", "config", "json", "csv")
def list_rejected(
    context: CommandContext,
    *,
    stage: StageOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = None,
    all_: AllOption = False,
) -> int:
    """List open rejected records, oldest first. Open means neither replayed nor dropped."""
    from pipeline.streaming.operations.replay import find_sorted, parse_filter

    chosen = parse_filter(stage, reason, since, until)
    with counted("rejected records read:") as on_progress:
        found = find_sorted(
            context.connection(), prefix=context.prefix, chosen=chosen, closed=all_, on_progress=on_progress
        )
    found = found[-limit:] if limit else found
    if context.json:
        for rejected in found:
            print_json(rejected.event.model_dump())
        return 0
    _print_list(context, found)
    note(plural(len(found), "rejected record"))
    return 0


def _print_list(context: CommandContext, found: Sequence[Rejected]) -> None:
    rows = [
        (
            rejected.place,
            rejected.event.rejected_at[:19].replace("T", " "),
            rejected.event.stage,
            rejected.event.reason,
            rejected.event.error.message,
            place((rejected.event.origin or rejected.event.record).model_dump()),
            rejected.mark.value if rejected.mark else "open",
        )
        for rejected in found
    ]
    if rows or context.csv:
        context.table(("place", "rejected at", "stage", "reason", "why", "article", "state"), rows)


@with_context("bootstrap", "prefix", "config", "json", "csv")
def replay(
    context: CommandContext,
    *,
    where: OnePlaceArgument = None,
    stage: StageOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    edit: EditOption = False,
    yes: YesOption = False,
) -> int:
    """Send open rejected records back to their original topics, each at most once, even if interrupted.

    Without --yes, only show what would be sent. An article under an embargo stays open until it is over. Exit code 1
    if a record could not be sent.
    """
    from pipeline.cli.editor import edited
    from pipeline.streaming.operations.replay import parse_filter

    chosen = parse_filter(stage, reason, since, until, where)
    return _carry_out(context, chosen, "replayed", yes=yes, edit=edited if edit else None)


@with_context("bootstrap", "prefix", "config", "json", "csv")
def drop(
    context: CommandContext,
    *,
    where: OnePlaceArgument = None,
    stage: StageOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    yes: YesOption = False,
) -> int:
    """Mark open rejected records as dropped: `rejected list` and `rejected replay` leave them out.

    Without --yes, only show what would be dropped. The records stay on their topic until retention removes them.
    """
    from pipeline.streaming.operations.replay import parse_filter

    return _carry_out(context, parse_filter(stage, reason, since, until, where), "dropped", yes=yes)


def _carry_out(
    context: CommandContext,
    chosen: Filter,
    what: Literal["replayed", "dropped"],
    *,
    yes: bool,
    edit: Editor | None = None,
) -> int:
    from pipeline.streaming.operations.replay import Replay, find_sorted, place_name, why_not

    connection = context.connection()
    if not yes:
        with counted("rejected records read:") as on_progress:
            found = find_sorted(connection, prefix=context.prefix, chosen=chosen, on_progress=on_progress)
        if context.json:
            print_json({what: 0, "would_be": len(found), "left_out": []})
        else:
            _print_list(context, found)
        if chosen.place is not None and not found:
            note(f"{place_name(*chosen.place)} left out: {why_not(connection, chosen, prefix=context.prefix)}")
            return 1
        note(f"{plural(len(found), 'rejected record')} would be {what}; add --yes to do it")
        return 0
    work = Replay(connection, prefix=context.prefix, group=context.settings.worker.group)
    # An editor has the terminal for itself.
    with nullcontext() if edit else counted("rejected records read:") as on_progress:
        done = (
            work.drop(chosen, on_progress=on_progress)
            if what == "dropped"
            else work.replay(chosen, edit=_announced(edit) if edit else None, on_progress=on_progress)
        )
    if context.json:
        print_json(
            {
                what: done.done,
                "waiting": done.waiting,
                "left_out": [{"place": where, "why": why} for where, why in done.left_out],
            }
        )
    elif context.csv:
        context.table(("left_out", "why"), done.left_out)
    for where, why in done.left_out:
        note(f"{where} left out: {why}")
    note(
        f"{plural(done.done, 'rejected record')} {what}"
        + (f", {done.waiting:,} under an embargo" if done.waiting else "")
        + (f", {len(done.left_out):,} left out" if done.left_out else "")
    )
    return 1 if done.left_out else 0


def _announced(edit: Editor) -> EditRecord:
    """Print which record the editor opens."""

    def edit_record(rejected: Rejected, value: bytes | None) -> bytes | None:
        note(f"{rejected.place}: {rejected.event.reason}, {rejected.event.error.message}")
        return edit(value or b"") or None

    return edit_record


@with_context("bootstrap", "prefix", "config", "json", "csv")
def show(context: CommandContext, *, where: PlaceArgument, raw: RawOption = False) -> int:
    """Show one rejected record with its original bytes."""
    from pipeline.contract.bytes_in_json import as_bytes
    from pipeline.contract.events import RejectedV1
    from pipeline.streaming.kafka.reader import decode_record, read_one
    from pipeline.streaming.operations.replay import parse_place
    from pipeline.topology import TOPICS

    record = read_one(context.connection(), context.prefix + TOPICS[RejectedV1], *parse_place(where))
    event = decode_record(RejectedV1, record)
    value = event.value
    if raw:
        if value is None:
            raise UsageError(
                "the bytes were too large for the rejected record; the original is at"
                f" {place(event.record.model_dump())}"
            )
        print_bytes(as_bytes(value) or b"")
        return 0
    if context.json:
        print_json(event.model_dump())
        return 0
    context.table(("field", "value"), _fields(event))
    if value is not None and not context.csv:
        results().print("\n".join(printable(line) for line in value.data.split("\n")), markup=False, soft_wrap=True)
    return 0


def _fields(event: RejectedV1) -> list[tuple[str, str]]:
    value = event.value
    return [
        ("stage", event.stage),
        ("reason", event.reason),
        ("why", event.error.message + (f" ({event.error.where})" if event.error.where else "")),
        ("error", event.error.type),
        ("record", place(event.record.model_dump())),
        ("article", place(event.origin.model_dump()) if event.origin else "unknown"),
        ("key", event.key.data if event.key else "none"),
        ("headers", ", ".join(header.key for header in event.headers) or "none"),
        ("attempts", str(event.attempts)),
        ("rejected at", f"{event.rejected_at} by {event.worker}"),
        ("pipeline", f"claimwire {event.pipeline.version}, model {event.pipeline.model}"),
        (
            "value",
            "none or too large to keep"
            if value is None
            else f"{plural(len(value.data), 'character')}, {value.encoding}",
        ),
    ]


COMMANDS = {"list": list_rejected, "replay": replay, "drop": drop, "show": show}
