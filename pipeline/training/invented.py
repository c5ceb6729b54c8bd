"""A random generator in, names out: people of the whole world, bodies, places and sums, for training sentences."""

from __future__ import annotations

import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipeline.training.cultures import measured, read_world

if TYPE_CHECKING:
    from random import Random

# Faker's locales that are written in Latin letters; those whose names the base met least stand more than once.
# fmt: off
_LOCALES = (
    "en_US", "en_GB", "en_IE", "en_IN", "en_IN", "en_IN", "en_PK", "en_PK", "en_NG", "en_NG", "yo_NG", "yo_NG", "ha_NG",
    "ha_NG", "ig_NG", "ig_NG", "en_KE", "sw", "tw_GH", "zu_ZA", "fr_DZ", "fr_DZ", "tr_TR", "az_AZ", "uz_UZ", "id_ID",
    "vi_VN", "en_TH", "es_MX", "es_ES", "pt_BR", "it_IT", "fr_FR", "de_DE", "nl_NL", "pl_PL", "ro_RO", "cs_CZ", "hr_HR",
    "fi_FI", "sv_SE",
)
_ROMANISED = ("zh_CN", "zh_TW", "ja_JP")
_TOWNS = ("id_ID", "nl_NL", "fi_FI", "ro_RO", "en_IN", "es_CO", "fr_DZ", "de_DE", "pl_PL", "fr_FR")
# fmt: on

_TRIES = 20


class Invented:
    """Names drawn from ``random``: the same generator gives the same names."""

    def __init__(self, random: Random) -> None:
        world = read_world()
        self._random = random
        self._people, self._places, self._bodies, self._sums = (
            world[name] for name in ("people", "places", "bodies", "sums")
        )
        self.titles: tuple[str, ...] = world["titles"]["all"]
        self._measured = {
            word.lower()
            for culture in measured().values()
            for name in (*culture.given, *culture.family)
            for word in name.split()
        }

    @cached_property
    def _fakers(self) -> dict[str, Any]:
        from faker import Faker  # noqa: PLC0415  (of the extra `train`)

        fakers = {}
        for locale in sorted({*_LOCALES, *_ROMANISED, *_TOWNS}):
            fakers[locale] = Faker(locale)
            fakers[locale].seed_instance(self._random.random())
        return fakers

    def person(self) -> tuple[str, str, str]:
        """Draw somebody whom no measuring list has a word of: the full name, the given name, the family name."""
        for _ in range(_TRIES):
            given, family, family_first = self._words()
            if self._measured.isdisjoint(f"{given} {family}".lower().split()):
                break
        return (f"{family} {given}" if family_first else self._full(given, family)), given, family

    def _words(self) -> tuple[str, str, bool]:
        random = self._random
        origin = random.random()
        if origin < 0.14:  # noqa: PLR2004  (shares of the cultures)
            return (
                random.choice(self._people["Arabic"]["given"]),
                random.choice(self._people["Arabic"]["family"]),
                False,
            )
        if origin < 0.24:  # noqa: PLR2004
            return self._two("Chinese"), random.choice(self._people["Chinese"]["family"]), random.random() < 0.9  # noqa: PLR2004
        if origin < 0.30:  # noqa: PLR2004
            return self._two("Korean"), random.choice(self._people["Korean"]["family"]), True
        if origin < 0.34:  # noqa: PLR2004
            faker = self._fakers[random.choice(_ROMANISED)]
            return faker.first_romanized_name().capitalize(), faker.last_romanized_name().title(), random.random() < 0.5  # noqa: PLR2004
        faker = self._fakers[random.choice(_LOCALES)]
        given, family = faker.first_name(), faker.last_name()
        if random.random() < 0.5:  # noqa: PLR2004
            given, family = _bare(given), _bare(family)
        return given, family, False

    def _two(self, culture: str) -> str:
        """Put a given name together: "Xiaoyu", "Xiao-yu", "Xiao"."""
        syllables = self._people[culture]["syllables"]
        one, other = self._random.choice(syllables), self._random.choice(syllables)
        return self._random.choice((one + other, f"{one}-{other}", one)).capitalize()

    def _full(self, given: str, family: str) -> str:
        random = self._random
        shape = random.random()
        initial = random.choice("ABCDEFGHIJKLMNOPRSTVWY")
        if shape < 0.08:  # noqa: PLR2004
            return f"{given} {initial}. {family}"
        if shape < 0.11:  # noqa: PLR2004
            return f"{given[0]}. {initial}. {family}"
        if shape < 0.14:  # noqa: PLR2004
            return f"{given[0]}. {family}"
        if shape < 0.18:  # noqa: PLR2004
            return f"{given} {self._words()[1]} {family}"
        if shape < 0.21:  # noqa: PLR2004
            return f"{given} {family}-{self._words()[1].split()[-1]}"
        return f"{given} {family}"

    def place(self, old: str) -> str:
        """Draw a country for a country, a town for a town."""
        random = self._random
        if old in self._places["countries"]:
            country: str = random.choice(self._places["countries"])
            return country
        if random.random() < 0.4:  # noqa: PLR2004
            town: str = self._fakers[random.choice(_TOWNS)].city()
            return _bare(town) if random.random() < 0.5 else town  # noqa: PLR2004
        town = (self._coined(1) + random.choice(self._places["ends"])).capitalize()
        return f"{random.choice(self._places['starts'])} {town}" if random.random() < 0.2 else town  # noqa: PLR2004

    def _coined(self, least: int = 2) -> str:
        return "".join(self._random.choice(self._places["syllables"]) for _ in range(self._random.randint(least, 3)))

    def acronym(self, old: str) -> str:
        """Draw capitals, as many as the old acronym has."""
        return "".join(self._random.choice("ABCDEFGHIJKLMNOPRSTUVWY") for _ in old)

    def office(self) -> str:
        """Draw a body that "the" can stand before."""
        random = self._random
        if random.random() < 0.5:  # noqa: PLR2004
            return f"{self.place('')} {random.choice(self._bodies['heads'])}"
        return f"{random.choice(self._bodies['offices'])} of {random.choice(self._bodies['fields'])}"

    def company(self) -> str:
        """Draw a brand, a company, a club or a firm."""
        random = self._random
        kind = random.random()
        if kind < 0.35:  # noqa: PLR2004
            brand: str = random.choice(self._bodies["brands"])
            return brand
        if kind < 0.5:  # noqa: PLR2004
            return self._coined().capitalize()
        if kind < 0.65:  # noqa: PLR2004
            first = random.choice((self._coined().capitalize(), self.person()[2]))
            return f"{first} {random.choice(self._bodies['company_ends'])}"
        if kind < 0.8:  # noqa: PLR2004
            return f"{self.place('')} {random.choice(self._bodies['club_ends'])}"
        one, other = self.person()[2], self.person()[2]
        return random.choice((f"{one} & {other}", f"{one} & Co.", f"{one} & Sons", f"{one} and {other} Inc."))

    def money(self) -> str:
        """Draw a sum: "Rs 500 crore", "QR512.4mn", "30 million naira"."""
        random = self._random
        if random.random() < 0.7:  # noqa: PLR2004
            scale = random.choice(self._sums["scales"])
            return f"{random.choice(self._sums['signs'])}{self._number(large=not scale)}{scale}"
        scale = random.choice(("", " million", " billion", " crore", " lakh"))
        return f"{self._number(large=not scale)}{scale} {random.choice(self._sums['units'])}"

    def percent(self) -> str:
        """Draw a share: "4 per cent"."""
        return f"{self._number(large=False)}{self._random.choice(self._sums['percents'])}"

    def _number(self, *, large: bool) -> str:
        random = self._random
        if large:
            return f"{random.randint(2, 9_999_999):,}"
        return f"{random.randint(1, 99)}" if random.random() < 0.6 else f"{random.uniform(0.1, 99):.1f}"  # noqa: PLR2004


def _bare(name: str) -> str:
    """Leave out the accents, as English news does."""
    return "".join(one for one in unicodedata.normalize("NFD", name) if not unicodedata.combining(one))
