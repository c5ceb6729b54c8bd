"""Let the user edit bytes in $EDITOR."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from pipeline.errors import UsageError


def edited(value: bytes) -> bytes:
    """Open the bytes in $VISUAL, $EDITOR or vi, and return what was saved.

    Raises:
        UsageError: the editor cannot be started, or has failed.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="claimwire-") as folder:
        file = Path(folder) / "record.json"
        file.write_bytes(value)
        try:
            subprocess.run([*shlex.split(editor), str(file)], check=True)  # noqa: S603  (the user's own editor)
        except (OSError, subprocess.CalledProcessError) as exc:
            raise UsageError(f"the editor {editor!r} cannot be used ({exc}): set EDITOR") from exc
        return file.read_bytes()
