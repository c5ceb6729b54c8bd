"""``claimwire rejected``: the records that a stage could not take."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.events import place
from pipeline.cli.options import Bootstrap, Call, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_bytes, print_json, print_table, printable, results
from pipeline.cli.progress import counted
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.streaming.operations.replay import Edit as Edited
    from pipeline.streaming.operations.replay import Filter, Rejected

app = typer.Typer(no_args_is_help=True)

Editor = Callable[[bytes], bytes]

Stage = Annotated[str | None, typer.Option("--stage", help="Only what this stage rejected.", show_default=False)]
Reason = Annotated[str | None, typer.Option("--reason", help="Only these, such as not-json.", show_default=False)]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="TIME", help="Only from then on: 2031-05-01T10:00Z, or 2h ago.", show_default=False
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Only from before then.", show_default=False)
]
All = Annotated[bool, typer.Option("--all", help="Also those that were replayed or dropped.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, only say what would be done.")]
Edit = Annotated[bool, typer.Option("--edit", help="Open each record in $EDITOR first; an emptied one is left out.")]
Limit = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="The newest so many.", show_default=False)]
Place = Annotated[
    str, typer.Argument(metavar="PARTITION/OFFSET", help="As `claimwire rejected list` names it.", show_default=False)
]
OnePlace = Annotated[
    str | None, typer.Argument(metavar="[PARTITION/OFFSET]", help="Only this one.", show_default=False)
]
Raw = Annotated[bool, typer.Option("--raw", help="Only the original bytes, to mend them.")]


@app.command(name="list")
def list_(  # noqa: PLR0913, PLR0917  (each is an option of the command)
    stage: Stage = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    all_: All = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """List the open rejected records, the oldest first: those that were neither replayed nor dropped."""
    from pipeline.streaming.operations.replay import find

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    chosen = _filter(stage, reason, since, until)
    with counted("rejected records read:") as on_progress:
        found = _sorted(
            find(this.connection(), prefix=this.prefix, chosen=chosen, closed=all_, on_progress=on_progress)
        )
    found = found[-limit:] if limit else found
    if json:
        for rejected in found:
            print_json(rejected.event.model_dump())
        return 0
    _print(found)
    note(f"{len(found):,} rejected records")
    return 0


def _sorted(found: Iterable[Rejected]) -> list[Rejected]:
    return sorted(found, key=lambda one: (one.event.rejected_at, one.record.partition, one.record.offset))


def _print(found: Sequence[Rejected]) -> None:
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
    if rows:
        print_table(("place", "rejected at", "stage", "reason", "why", "article", "state"), rows)


def _filter(
    stage: str | None, reason: str | None, since: str | None, until: str | None, where: str | None = None
) -> Filter:
    from pipeline.labels import REASONS
    from pipeline.streaming.operations.replay import Filter, parse_times
    from pipeline.topology import STAGES

    stages = [found.name for found in STAGES]
    if stage and stage not in stages:
        raise UsageError(f"there is no stage {stage!r}; the stages are {', '.join(stages)}")
    if reason and reason not in REASONS:
        raise UsageError(f"there is no reason {reason!r}; the reasons are {', '.join(REASONS)}")
    since_ms, until_ms = parse_times(since, until)
    return Filter(
        stage=stage,
        reason=reason,
        since_ms=since_ms,
        until_ms=until_ms,
        place=_parse_place(where) if where else None,
    )


def _parse_place(where: str) -> tuple[int, int]:
    partition, _, offset = where.partition("/")
    if not (partition.isdecimal() and offset.isdecimal()):
        raise UsageError(f"{where!r} is no place: write PARTITION/OFFSET, as `claimwire rejected list` does")
    return int(partition), int(offset)


@app.command()
def replay(  # noqa: PLR0913, PLR0917  (each is an option of the command)
    where: OnePlace = None,
    stage: Stage = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    edit: Edit = False,
    yes: Yes = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Send open rejected records back to the topics that they came from. Each at most once, whatever is killed.

    Without --yes only says what would be sent. Exit code 1 where a record could not be.
    """
    from pipeline.cli.editor import edited

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    chosen = _filter(stage, reason, since, until, where)
    return _carry_out(this, chosen, "replayed", yes=yes, json=json, edit=edited if edit else None)


@app.command()
def drop(  # noqa: PLR0913, PLR0917  (each is an option of the command)
    where: OnePlace = None,
    stage: Stage = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    yes: Yes = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Give up open rejected records: `rejected list` shows them no more, `replay` leaves them out.

    Without --yes only says what would be dropped.
    """
    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    return _carry_out(this, _filter(stage, reason, since, until, where), "dropped", yes=yes, json=json)


def _carry_out(
    this: Call,
    chosen: Filter,
    what: Literal["replayed", "dropped"],
    *,
    yes: bool,
    json: bool,
    edit: Editor | None = None,
) -> int:
    from pipeline.streaming.operations.replay import Replay, find

    connection = this.connection()
    if not yes:
        with counted("rejected records read:") as on_progress:
            found = _sorted(find(connection, prefix=this.prefix, chosen=chosen, on_progress=on_progress))
        if json:
            print_json({what: 0, "would_be": len(found), "left_out": []})
        else:
            _print(found)
        note(f"{len(found):,} rejected records would be {what}; do it with --yes")
        return 0
    work = Replay(connection, prefix=this.prefix, group=this.settings.worker.group)
    # An editor has the terminal for itself.
    with nullcontext() if edit else counted("rejected records read:") as on_progress:
        done = (
            work.drop(chosen, on_progress=on_progress)
            if what == "dropped"
            else work.replay(chosen, edit=_asking(edit) if edit else None, on_progress=on_progress)
        )
    if json:
        print_json({what: done.done, "left_out": [{"place": where, "why": why} for where, why in done.left_out]})
    for where, why in done.left_out:
        note(f"{where} left out: {why}")
    note(f"{done.done:,} rejected records {what}" + (f", {len(done.left_out):,} left out" if done.left_out else ""))
    return 1 if done.left_out else 0


def _asking(edit: Editor) -> Edited:
    def ask(rejected: Rejected, value: bytes | None) -> bytes | None:
        note(f"{rejected.place}: {rejected.event.reason}, {rejected.event.error.message}")
        return edit(value or b"") or None

    return ask


@app.command()
def show(
    where: Place,
    raw: Raw = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Show one rejected record with its original bytes."""
    from pipeline.contract.events import RejectedV1
    from pipeline.streaming.kafka.reader import decode_record, read_one
    from pipeline.topology import TOPICS

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    partition, offset = _parse_place(where)
    record = read_one(this.connection(), this.prefix + TOPICS[RejectedV1], partition, offset)
    event = decode_record(RejectedV1, record)
    value = event.value
    if raw:
        if value is None:
            raise UsageError(
                f"the bytes did not fit into the rejected record; they are at {place(event.record.model_dump())}"
            )
        print_bytes(value.data.encode() if value.encoding == "utf-8" else base64.b64decode(value.data))
        return 0
    if json:
        print_json(event.model_dump())
        return 0
    rows = [
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
            "none or too large to keep" if value is None else f"{len(value.data):,} characters, {value.encoding}",
        ),
    ]
    print_table(("field", "value"), rows)
    if value is not None:
        results().print("\n".join(printable(line) for line in value.data.split("\n")), markup=False, soft_wrap=True)
    return 0
