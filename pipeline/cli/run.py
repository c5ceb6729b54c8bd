"""Run one command: return its exit code, and print what went wrong as one line on standard error."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

from typer import TyperException

from pipeline.cli.app import command
from pipeline.cli.context import State
from pipeline.cli.output import PipeClosed
from pipeline.errors import ClaimwireError, UsageError, redacted

_FAILED, _MISUSED, _BUG, _PIPE_CLOSED = 1, 2, 70, 141
# Nothing is wrong with the program.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. A stack trace is shown with ``--debug`` only.

    Raises:
        KeyboardInterrupt: Ctrl-C, where that is not the normal end of the command.
    """
    _settle_terminal()
    state = State()
    try:
        code = command().main(args=arguments, prog_name="claimwire", standalone_mode=False, obj=state)
        sys.stdout.flush()
    except TyperException as exc:
        return _misused(exc)
    except (PipeClosed, BrokenPipeError):
        return _pipe_closed()
    except SystemExit as exc:
        if isinstance(exc.__context__, BrokenPipeError):  # rich's way, where typer prints its help
            return _pipe_closed()
        raise
    except Exception as exc:
        if state.debug:
            raise
        return _failed(exc)
    return code if isinstance(code, int) else 0


def _settle_terminal() -> None:
    """Open closed standard streams (``>&-``) as empty ones; print characters outside the encoding by number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  (it stays open)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    columns = os.environ.get("COLUMNS", "80")
    if not columns.isdecimal() or int(columns) == 0:  # rich would show nothing in no width
        del os.environ["COLUMNS"]


def _misused(exc: TyperException) -> int:
    message = exc.format_message()
    if not message:  # without a command the help was shown
        return _MISUSED
    context = getattr(exc, "ctx", None)
    command = context.command_path if context else "claimwire"
    return _say(f"{message}{'' if message.endswith(('.', '?')) else '.'} See {command} --help", _MISUSED)


def _failed(exc: Exception) -> int:
    if isinstance(exc, ClaimwireError):
        return _say(str(exc), _MISUSED if isinstance(exc, UsageError) else _FAILED)
    if isinstance(exc, OSError) and exc.errno in _FULL:
        _let_go()
        return _say(f"cannot write {exc.filename or 'to standard output'}: {exc.strerror}", _FAILED)
    if isinstance(exc, OSError) and exc.errno in _FORBIDDEN and exc.filename:
        return _say(f"cannot use {exc.filename}: {exc.strerror}", _FAILED)
    return _say(f"{type(exc).__name__}: {exc} (this is a bug in claimwire; --debug shows the stack trace)", _BUG)


def _pipe_closed() -> int:
    _let_go()
    return _PIPE_CLOSED


def _let_go() -> None:
    """Discard what is still buffered for standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(line: str, code: int) -> int:
    print("claimwire:", redacted(" ".join(line.split())), file=sys.stderr)  # noqa: T201
    return code
