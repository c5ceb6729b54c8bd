"""Fields of an article in, the same without those that cannot be used out; these go to ``extra`` with a note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOTES = "field_notes"  # in ``extra``: what is to be said of a field as it was sent, by the field's name
_AS_SENT = "_as_sent"


def set_aside(fields: Mapping[str, Any], why: Mapping[str, str | None]) -> dict[str, Any]:
    """Return ``fields`` with those that ``why`` names moved to ``extra``, as they were sent, and a note of the reason.

    A reason of None makes no note: the field was understood and its words are kept.
    """
    extra = dict(fields.get("extra") or {}) if "extra" not in why else {}
    for name in why.keys() & fields.keys():
        place = name
        while place in extra:  # the sender's own
            place += _AS_SENT
        extra[place] = fields[name]
    kept = {name: value for name, value in fields.items() if name not in why}
    return {**kept, "extra": noted(extra, why)}


def noted(extra: Mapping[str, Any], why: Mapping[str, str | None]) -> dict[str, Any]:
    """Return ``extra`` with notes of the fields that lie in it already."""
    said = {name: reason for name, reason in why.items() if reason}
    place = NOTES
    while not isinstance(extra.get(place, {}), dict):  # the sender's own
        place += _AS_SENT
    return {**extra, place: {**extra.get(place, {}), **said}} if said else dict(extra)


def notes_of(extra: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields that have a note."""
    notes = extra.get(NOTES)
    return list(notes) if isinstance(notes, dict) else []
