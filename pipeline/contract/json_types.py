"""A value read from JSON in, its type in words out."""

from __future__ import annotations

_NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
}


def json_type(value: object) -> str:
    """Such as "a list"; for messages."""
    return _NAMES.get(type(value), "null")
