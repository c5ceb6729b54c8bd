"""How many faults of which kind in, at what moment each one happens out: random, and the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

from pipeline.errors import UsageError

FaultKind = Literal["kill", "term", "freeze", "broker", "add", "remove"]

_EARLIEST, _LATEST = 0.05, 0.9  # of the time in which articles come: the chain is under load at every fault


@dataclass(frozen=True)
class Faults:
    """How often what happens."""

    kill: int = 0  # a worker, by SIGKILL
    term: int = 0  # a worker, by SIGTERM
    freeze: int = 0  # a worker, by SIGSTOP for longer than the session timeout, then SIGCONT
    broker: int = 0  # the broker, by SIGKILL
    add: int = 0  # one more worker, which leaves again later


NAMES = tuple(field.name for field in fields(Faults))


class Fault(NamedTuple):
    """One fault; ``at_s`` counts from the first article on."""

    at_s: float
    kind: FaultKind


def plan(faults: Faults, *, seconds: float, seed: int) -> list[Fault]:
    """The faults in their order, over the ``seconds`` in which articles come."""
    rng = random.Random(f"plan/{seed}")  # noqa: S311  (nothing is secret here)

    def moment(earliest: float = _EARLIEST) -> float:
        return round(rng.uniform(earliest, _LATEST) * seconds, 2)

    counts: dict[FaultKind, int] = {
        "kill": faults.kill,
        "term": faults.term,
        "freeze": faults.freeze,
        "broker": faults.broker,
    }
    found = [Fault(moment(), kind) for kind, count in counts.items() for _ in range(count)]
    for _ in range(faults.add):
        added = Fault(moment(), "add")
        found += [added, Fault(moment(added.at_s / seconds), "remove")]
    return sorted(found)


def parse_faults(text: str) -> Faults:
    """``kill=4,broker=1``: how often what; what is not named does not happen.

    Raises:
        UsageError: it is not so written.
    """
    counts: dict[str, int] = {}
    for part in filter(None, text.split(",")):
        name, _, number = part.strip().partition("=")
        if name not in NAMES or not number.isdecimal():
            raise UsageError(f"{part!r} is not a number of faults: write NAME=N,... with the faults {', '.join(NAMES)}")
        counts[name] = int(number)
    return Faults(**counts)
