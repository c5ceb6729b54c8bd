"""Record headers after CloudEvents 1.0 (Kafka protocol binding, binary content mode): events in, headers out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone

from pydantic import BaseModel

from pipeline.errors import RecordError

Headers = list[tuple[str, bytes | None]]

CONTENT_TYPE = b"application/json"
# What CloudEvents itself says of the record that an event was made from; it is not true of the event. Extension
# attributes, such as ce_traceparent or ce_partitionkey, are carried like any other header.
_OF_THE_RECORD = frozenset(
    {
        "ce_specversion",
        "ce_type",
        "ce_source",
        "ce_id",
        "ce_time",
        "ce_subject",
        "ce_dataschema",
        "ce_datacontenttype",
        "content-type",
    }
)
_PREFIX = "claimwire."
_NAME = re.compile(r"([A-Za-z]+)V(\d+)")


def event_type(event: type[BaseModel]) -> str:
    """The CloudEvents type of a model: ``SentencesV1`` is ``claimwire.sentences.v1``."""
    name = _NAME.fullmatch(event.__name__)
    if not name:
        raise TypeError(f"{event.__name__} has no version in its name")
    return f"{_PREFIX}{name[1].lower()}.v{name[2]}"


def cloud_event_headers(
    event: type[BaseModel],
    *,
    event_id: str,
    source: str,
    time_ms: int,
    carried: Iterable[tuple[str, bytes | None]] = (),
) -> Headers:
    """The headers of one event; ``carried`` are those of the record that it was made from, kept as they came.

    ``source`` names the stage, ``time_ms`` is the record's time in milliseconds since 1970.
    """
    return [
        *((name, value) for name, value in carried if name.lower() not in _OF_THE_RECORD),
        ("ce_specversion", b"1.0"),
        ("ce_type", event_type(event).encode()),
        ("ce_source", f"/claimwire/{source}".encode()),
        ("ce_id", event_id.encode()),
        *_time(time_ms),
        ("content-type", CONTENT_TYPE),
    ]


def _time(time_ms: int) -> Headers:
    """``ce_time``, which CloudEvents does not require: a record may have none (-1) or one that no calendar has."""
    if time_ms < 0:
        return []
    try:
        time = datetime.fromtimestamp(time_ms / 1000, tz=timezone.utc).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return []
    return [("ce_time", time.replace("+00:00", "Z").encode())]


def check_type(headers: Mapping[str, bytes | None], event: type[BaseModel]) -> None:
    """Refuse a record that says of itself that it is another of claimwire's events or another version.

    Raises:
        RecordError: with the reason unsupported-version.
    """
    said = (headers.get("ce_type") or b"").decode(errors="replace")
    if said.startswith(_PREFIX) and said != event_type(event):
        raise RecordError(
            "unsupported-version",
            f"the record is a {said[:80]} and this topic takes {event_type(event)}; send that, or run a release that"
            " reads the other",
            where="ce_type",
        )
