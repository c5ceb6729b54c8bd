"""A seed and a number in, a generated article out: lengths as news has them, and one in a hundred that is poison.

The texts are nobody's: sentences from a small grammar. Medians after common news corpora: some 400 words an article,
20 words a sentence, two sentences a paragraph.
"""

from __future__ import annotations

import math
import random
from typing import Literal, NamedTuple

import orjson

from pipeline.stages.context import Nlp
from pipeline.topology import STAGES

Poison = Literal["undecodable", "raises", "too-large"]

POISON_EVERY = 100
RAISE_IN = "CHAOS RAISE IN "  # in a text: the stage that is named behind it shall raise, see worker.py
# The stages that can: those with a language function of their name.
RAISING = tuple(stage.name for stage in STAGES if stage.name in Nlp.__dataclass_fields__)

_POISONS: tuple[Poison, ...] = ("undecodable", "raises", "too-large")
_FIRST_POISON = 37
_LARGE_NUMBERS = 100_000  # written as 1e9 (4 bytes with its comma), given on as 1000000000.0 (13): 400 kB become 1.3 MB
_MEDIAN_WORDS, _SPREAD, _MOST_WORDS = 400, 0.6, 3000
_FIRST_NAMES = ("Ada", "Bo", "Cleo", "Dan", "Eve", "Finn", "Gita", "Hugo", "Ines", "Jonas", "Kaya", "Lars", "Mina")
_LAST_NAMES = ("Abel", "Berg", "Castro", "Duval", "Eriksen", "Fontaine", "Grant", "Hale", "Ivanov", "Jansen", "Keller")
_PLACES = ("Tarn", "Northport", "Velda", "Orlby", "East Marsh", "Quillan", "Port Sable", "Harrow Vale")
_ROLES = ("the mayor", "the finance minister", "a spokeswoman", "the union's leader", "an economist", "the chief judge")
_BODIES = ("The council", "Parliament", "The central bank", "The regional court", "The water board", "The police")
_DID = ("approved", "rejected", "postponed", "cut", "raised", "reviewed", "published", "suspended")
_WHAT = ("the budget", "a plan for the harbour", "the tax on land", "its forecast", "the rail contract", "school meals")
_TAIL = (
    "after a debate of several hours",
    "despite objections from residents and shop owners",
    "as expected by most observers",
    "for the first time in a decade",
    "while talks with the neighbouring districts went on",
    "and asked for a report by the end of the month",
)


class MadeUpArticle(NamedTuple):
    """One record to push."""

    key: bytes
    value: bytes
    poison: Poison | None


def article_key(number: int) -> bytes:
    """The key, and the id, of an article."""
    return b"chaos-%d" % number


def poison_of(number: int) -> Poison | None:
    """Which kind of poison an article is; None for a good one."""
    turn, place = divmod(number, POISON_EVERY)
    return _POISONS[turn % len(_POISONS)] if place == _FIRST_POISON else None


def make_article(number: int, *, seed: int) -> MadeUpArticle:
    """The article of a number: the same bytes for the same seed."""
    key, poison = article_key(number), poison_of(number)
    if poison == "undecodable":
        return MadeUpArticle(key, b'\xff\xfe{"text": "%s"}' % key, poison)
    rng = random.Random(f"{seed}/{number}")  # noqa: S311  (nothing is secret here)
    text = _text(rng)
    if poison == "raises":
        text += f"\n{RAISE_IN}{RAISING[number // POISON_EVERY // len(_POISONS) % len(RAISING)]}"
    fields = {"id": key.decode(), "title": _statement(rng), "text": text, "source": "claimwire chaos", "language": "en"}
    value = orjson.dumps(fields)
    if poison == "too-large":
        value = value[:-1] + b',"numbers":[%s]}' % b",".join([b"1e9"] * _LARGE_NUMBERS)
    return MadeUpArticle(key, value, poison)


def _text(rng: random.Random) -> str:
    wanted = min(_MOST_WORDS, round(rng.lognormvariate(math.log(_MEDIAN_WORDS), _SPREAD)))
    lines, words = [f"{rng.choice(_PLACES).upper()} (Chaos) - {_statement(rng)}."], 10
    while words < wanted:
        line = " ".join(_sentence(rng) for _ in range(rng.choice((1, 2, 2, 3))))
        lines.append(line)
        words += len(line.split())
    return "\n\n".join(lines)


def _sentence(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.25:  # noqa: PLR2004  (a quarter are quotes)
        return f"“{_statement(rng)}, and that is {rng.choice(('good', 'bad', 'no'))} news,” said {_person(rng)}."
    if kind < 0.5:  # noqa: PLR2004  (a quarter have figures)
        share, year = rng.randint(2, 97), rng.randint(1950, 2049)
        return f"{_statement(rng)}, {share} per cent more than in {year}, {_person(rng)} said in {_place(rng)}."
    return f"{_statement(rng)} {rng.choice(_TAIL)}, according to {_person(rng)}."


def _statement(rng: random.Random) -> str:
    return f"{rng.choice(_BODIES)} of {_place(rng)} {rng.choice(_DID)} {rng.choice(_WHAT)}"


def _person(rng: random.Random) -> str:
    return f"{rng.choice(_FIRST_NAMES)} {rng.choice(_LAST_NAMES)}, {rng.choice(_ROLES)}"


def _place(rng: random.Random) -> str:
    return rng.choice(_PLACES)
