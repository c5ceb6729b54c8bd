"""What senders write of an article's status and version in, the contract's words out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pipeline.labels import WITHDRAWN, ArticleStatus

NO_STATUS = "unknown status; the article is taken as usable"
_STATUSES: dict[str, ArticleStatus] = {status: status for status in get_args(ArticleStatus)} | {"cancelled": "canceled"}
_MOST_DIGITS = 18  # I-JSON has no greater integers for certain


def status_of(written: str | None) -> ArticleStatus | None:
    """Return the status that a word stands for, in small or capital letters; None where it is unknown."""
    return _STATUSES.get((written or "").strip().lower())


def is_withdrawn(fields: Mapping[str, Any]) -> bool:
    """Return whether the fields of an article say that it is withheld or canceled."""
    status = fields.get("status")
    return isinstance(status, str) and status_of(status) in WITHDRAWN


def version_of(written: object) -> object:
    """Return a version that is written as a text of digits as a number, and all else as it is."""
    is_number = isinstance(written, str) and written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS
    return int(written) if isinstance(written, str) and is_number else written
