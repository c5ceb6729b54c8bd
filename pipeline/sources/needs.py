"""Libraries that only some sources need: a name in, the module out, or what to install."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pipeline.errors import UsageError


def needed(module: str) -> Any:  # noqa: ANN401  (a module)
    """Import it now: commands that read no such source start without it.

    Raises:
        UsageError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as exc:
        library = module.partition(".")[0]
        raise UsageError(
            f"{library} is not installed, which this source needs: pip install 'claimwire[sources]'"
        ) from exc
