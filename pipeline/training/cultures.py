"""The lists of ``world.toml`` in, people's names of several cultures out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from random import Random

_FILE = Path(__file__).with_name("world.toml")


def read_world() -> dict[str, dict[str, Any]]:
    """Read the lists: "|" stands between two entries, blanks belong to them."""
    tables: dict[str, dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: _lists(table) for name, table in tables.items()}


def _lists(table: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _lists(value)
        if isinstance(value, dict)
        else tuple(value.replace("\n", "").split("|"))
        if isinstance(value, str)
        else value
        for key, value in table.items()
    }


@dataclass(frozen=True, slots=True)
class Culture:
    """Given names and family names; ``family_first`` where the full name begins with the family's."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    family_first: bool = False

    def person(self, random: Random) -> tuple[str, str, str]:
        """Draw somebody: the full name, the given name, the family name."""
        given, family = random.choice(self.given), random.choice(self.family)
        return (f"{family} {given}" if self.family_first else f"{given} {family}"), given, family


def measured() -> dict[str, Culture]:
    """Give the cultures that are measured; no training sentence is given any word of their names."""
    return {name: Culture(**lists) for name, lists in read_world()["measured"].items()}
