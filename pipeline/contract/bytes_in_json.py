"""The bytes of a record inside a JSON event: as text where they are UTF-8, else in base64."""

from __future__ import annotations

import base64

from pipeline.contract.events import Bytes


def as_text(value: bytes | None) -> Bytes | None:
    """Bytes for JSON: as they are where they are UTF-8, else in base64."""
    if value is None:
        return None
    try:
        return Bytes(encoding="utf-8", data=value.decode())
    except UnicodeDecodeError:
        return Bytes(encoding="base64", data=base64.b64encode(value).decode())


def as_bytes(value: Bytes | None) -> bytes | None:
    """The bytes again."""
    if value is None:
        return None
    return value.data.encode() if value.encoding == "utf-8" else base64.b64decode(value.data)
