"""spaCy without its command line, which ``import spacy`` brings along: 370 of 1,060 modules and a third of the time.

It is there for one function that prints versions; whoever imports ``spacy.cli`` later gets it.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_COMMANDS = ("spacy.cli", "spacy.cli.info")


def _import_spacy() -> ModuleType:
    if "spacy" in sys.modules:
        return sys.modules["spacy"]
    absent: Any = {name: ModuleType(name) for name in _COMMANDS}
    absent["spacy.cli.info"].info = None
    sys.modules.update(absent)
    try:
        return importlib.import_module("spacy")
    finally:
        for name in _COMMANDS:
            del sys.modules[name]


spacy: Any = _import_spacy()
