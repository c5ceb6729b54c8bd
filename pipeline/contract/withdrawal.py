"""What senders write of an article's status, version and embargo in, what may be done with it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from pipeline.contract.events import Article
from pipeline.contract.moments import date_ms
from pipeline.errors import RecordError
from pipeline.labels import WITHDRAWN, ArticleStatus

NO_STATUS = "unknown status; the article is taken as usable"
_STATUSES: dict[str, ArticleStatus] = {status: status for status in get_args(ArticleStatus)} | {"cancelled": "canceled"}
_SECOND_MS = 1000
_SAID_OF_A_WITHDRAWAL = frozenset({"id", "url", "source", "language", "version", "updated", "status", "embargo_until"})
_KILLED = re.compile(r"\s*(?:MANDATORY\s+)?(?:KILL(?:\s*[:/]|\s+[-\u2013\u2014])|WITHDRAWN\s*[:/\u2013\u2014-])")
_MOST_DIGITS = 18  # I-JSON has no greater integers for certain


def is_killed(title: object) -> bool:
    """Return whether a headline begins as agencies withdraw a story: ``KILL: ``, ``WITHDRAWN-``."""
    return isinstance(title, str) and bool(_KILLED.match(title))


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


def publishable(article: Article, *, now_ms: float) -> Article:
    """Return what may be published of an article now: of one that is withdrawn under an embargo, not its words.

    Raises:
        RecordError: its embargo is not over.
    """
    until = article.embargo_until
    if until is None or now_ms >= date_ms(until) + (_SECOND_MS if "." in until else 0):
        return article
    if article.status not in WITHDRAWN:
        raise RecordError(
            "embargoed",
            f"nothing of the article may be published before {until}; then let it through with `claimwire rejected"
            " replay --reason embargoed`",
            where="embargo_until",
        )
    said = {name: value for name, value in article if name in _SAID_OF_A_WITHDRAWAL}
    return Article(text="", **said)
