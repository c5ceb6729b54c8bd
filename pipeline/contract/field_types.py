"""The types of the events' fields: times, language tags, offsets, probabilities, and what all parts of events are."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_RFC3339 = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
# A well-formed BCP 47 tag (RFC 5646, 2.1) in the parts that news uses: language, extended language, script, region...
_BCP47 = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|[iIxX](-[A-Za-z0-9]{1,8})+")


def is_rfc3339(value: str) -> bool:
    """Whether a text is a date and time after RFC 3339 that the calendar has; 60 seconds are a leap second."""
    return bool(_RFC3339.fullmatch(value)) and _is_day(value[:10])


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_language_tag(value: str) -> bool:
    """Whether a text is a well-formed language tag after BCP 47."""
    return bool(_BCP47.fullmatch(value))


def _rfc3339(value: str) -> str:
    if not is_rfc3339(value):
        raise ValueError("not a date and time after RFC 3339, such as 2015-10-07T18:30:00Z")
    return value


def _bcp47(value: str) -> str:
    if not is_language_tag(value):
        raise ValueError("not a language tag after BCP 47, such as en or pt-BR")
    return value


# Kept as text: what the sender wrote is what a consumer gets, to the letter.
Rfc3339 = Annotated[str, AfterValidator(_rfc3339), Field(json_schema_extra={"format": "date-time"})]
LanguageTag = Annotated[str, AfterValidator(_bcp47), Field(json_schema_extra={"pattern": f"^({_BCP47.pattern})$"})]
Offset = Annotated[int, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]


class EventPart(BaseModel):
    """A part of an event."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, json_schema_serialization_defaults_required=True)
