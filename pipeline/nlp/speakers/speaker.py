"""Who speaks: a person or a body, by name."""

from __future__ import annotations

from typing import NamedTuple


class Speaker(NamedTuple):
    """The name of a person or a body, and the OntoNotes label of the name."""

    name: str
    label: str


NOBODY = Speaker("", "")  # the answer of a pass that no later one is asked after
