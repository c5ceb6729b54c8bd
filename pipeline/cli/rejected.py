"""``claimwire rejected``: the records that a stage could not take."""

from __future__ import annotations

import base64
from typing import Annotated

import typer

from pipeline.cli.events import place
from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_bytes, print_json, print_table, printable, results
from pipeline.errors import UsageError

app = typer.Typer(no_args_is_help=True)

Reason = Annotated[str | None, typer.Option("--reason", help="Only these, such as not-json.", show_default=False)]
Limit = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="The newest so many.", show_default=False)]
Place = Annotated[
    str, typer.Argument(metavar="PARTITION/OFFSET", help="As `claimwire rejected list` names it.", show_default=False)
]
Raw = Annotated[bool, typer.Option("--raw", help="Only the original bytes, to mend them.")]


@app.command(name="list")
def list_(
    reason: Reason = None,
    limit: Limit = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """List the rejected records, the oldest first."""
    from pipeline.contract.events import REASONS, RejectedV1
    from pipeline.streaming.client import EventReader

    if reason and reason not in REASONS:
        raise UsageError(f"there is no reason {reason!r}; the reasons are {', '.join(REASONS)}")
    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    with EventReader(this.connection(), RejectedV1, prefix=this.prefix, start="beginning") as reader:
        found = [(record, event) for record, event in reader.until_end() if reason in (None, event.reason)]
    found.sort(key=lambda pair: (pair[1].rejected_at, pair[0].partition, pair[0].offset))
    found = found[-limit:] if limit else found
    if json:
        for _, event in found:
            print_json(event.model_dump())
        return 0
    rows = [
        (
            f"{record.partition}/{record.offset}",
            event.rejected_at[:19].replace("T", " "),
            event.stage,
            event.reason,
            event.error.message,
            place((event.origin or event.record).model_dump()),
        )
        for record, event in found
    ]
    if rows:
        print_table(("place", "rejected at", "stage", "reason", "why", "article"), rows)
    note(f"{len(rows):,} rejected records")
    return 0


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
    from pipeline.streaming.client import decode_record, read_one
    from pipeline.topology import TOPICS

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    partition, _, offset = where.partition("/")
    if not (partition.isdigit() and offset.isdigit()):
        raise UsageError(f"{where!r} is no place: write PARTITION/OFFSET, as `claimwire rejected list` does")
    record = read_one(this.connection(), this.prefix + TOPICS[RejectedV1], int(partition), int(offset))
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
