"""The command ``claimwire``: one module per command, no logic. Arguments in, an exit code out.

0 done · 1 something could not be done, and it was named · 2 the user must change something · 70 a bug · 130 Ctrl-C
"""

from __future__ import annotations

from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; Ctrl-C ends it without a word, also while it is still starting."""
    try:
        from pipeline.cli.run import run

        return run(arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED
