"""Files of names in, people of several cultures out: some for measuring, others for training."""

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

_MEASURED, _TRAINED = (Path(__file__).with_name(name) for name in ("cultures.toml", "people.toml"))


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
    """Read the cultures that are measured."""
    return _read(_MEASURED)


def trained() -> dict[str, Culture]:
    """Read the cultures that names in training sentences are drawn from."""
    return _read(_TRAINED)


def _read(path: Path) -> dict[str, Culture]:
    tables: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Culture(_listed(table["given"]), _listed(table["family"]), table["family_first"])
        for name, table in tables.items()
    }


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.replace("\n", "").split("|"))
