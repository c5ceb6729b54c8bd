"""One call of the command line: arguments in, its exit code out, and on standard error one line of what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from typer import TyperException

from pipeline.cli.app import command
from pipeline.cli.options import State
from pipeline.cli.output import PipeClosed
from pipeline.errors import ClaimwireError, UsageError

_FAILED, _MISUSED, _BUG, _PIPE_CLOSED = 1, 2, 70, 141


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command. A mistake of the user is one line; a stack trace is shown with --debug only.

    Raises:
        KeyboardInterrupt: Ctrl-C, and the command does not take it for its normal end.
    """
    state = State()
    try:
        code = command().main(args=arguments, prog_name="claimwire", standalone_mode=False, obj=state)
        sys.stdout.flush()
    except TyperException as exc:
        return _say(f"{exc.format_message().rstrip('.')}. See claimwire --help", _MISUSED)
    except (PipeClosed, BrokenPipeError):
        return _pipe_closed()
    except SystemExit as exc:
        if isinstance(exc.__context__, BrokenPipeError):  # rich's way, where typer prints its help
            return _pipe_closed()
        raise
    except ClaimwireError as exc:
        if state.debug:
            raise
        return _say(str(exc), _MISUSED if isinstance(exc, UsageError) else _FAILED)
    except Exception as exc:
        if state.debug:
            raise
        return _say(f"{type(exc).__name__}: {exc} (a bug: --debug shows where)", _BUG)
    return code if isinstance(code, int) else 0


def _pipe_closed() -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads what is still buffered
    return _PIPE_CLOSED


def _say(line: str, code: int) -> int:
    print("claimwire:", " ".join(line.split()), file=sys.stderr)  # noqa: T201
    return code
