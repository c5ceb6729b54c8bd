"""The command ``claimwire``: one module per command, which reads its arguments, calls and prints.

Exit codes: 0: success. 1: something failed; the message says what. 2: usage error. 70: a bug. 130: Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Ctrl-C ends it silently, also while it is still starting."""
    try:
        from pipeline.cli.run import run

        return run(arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED
