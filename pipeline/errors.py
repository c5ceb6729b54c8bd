"""The errors of claimwire, typed by what the caller must do: correct a call, reject a record, stop the process."""

from __future__ import annotations

import re

_CREDENTIALS = re.compile(r"[^\s/'\",@]+:[^\s/'\",@]*@")


def redacted(text: str) -> str:
    """Return a text without the user names and passwords of the addresses in it: ``https://***@host``."""
    return _CREDENTIALS.sub("***@", text)


class ClaimwireError(Exception):
    """Any error that claimwire itself raises. Its text is one line: what was wrong, where, and what to do."""


class UsageError(ClaimwireError):
    """The user must change the call, a setting or the surroundings; the command line prints the line and exits 2."""


class RecordError(ClaimwireError):
    """A record that no retry can mend: it goes to the rejected records and the stream goes on.

    ``reason`` is one of the contract's closed list (``pipeline.labels.Reason``);
    ``where`` is the place inside the record, such as ``authors.0`` or ``byte 17``, where that is known.
    """

    def __init__(self, reason: str, message: str, *, where: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.where = where


class FatalError(ClaimwireError):
    """This process cannot go on safely; its supervisor starts a new one. Nothing is lost by stopping."""
