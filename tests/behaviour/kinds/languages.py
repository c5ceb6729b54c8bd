"""The language of an article: given by a word, a country or a code of any form; or not given."""

from __future__ import annotations

from behaviour.cases import Case, minimum
from behaviour.checks import claim, read
from behaviour.draw import Draw, capital
from behaviour.words import listed

# What senders write for English, where it is shaped as a language tag; anything else is a rejected record.
_GIVEN = listed(
    "English|english|ENGLISH|UK|uk|US|us|USA|usa|gb|GB|eng|ENG|en|EN|En|en-US|en-gb|EN-us|mul|MUL|und|mis|zxx|en-NG|"
    "english-us|anglais|Englisch|Ingles|en-029|au|AU|ca|nz|ie|ng|ke|GBR|British|American|x-default|unknown|none|null"
)
_OTHERS = (
    (
        "de",
        "Die Stadt wird im Juli die Fahrpreise um 30 Prozent senken. Das sagte die Bürgermeisterin am Montag.",
    ),
    (
        "fr",
        "La ville va baisser les tarifs de 30 pour cent en juillet, a annoncé la maire lundi matin.",
    ),
    (
        "es",
        "La ciudad bajará las tarifas un 30 por ciento en julio, anunció la alcaldesa el lunes.",
    ),
    (
        "id",
        "Pemerintah kota akan menurunkan tarif bus sebesar 30 persen pada bulan Juli, kata wali kota pada hari Senin.",
    ),
    (
        "nl",
        "De gemeente verlaagt in juli de prijs van een buskaartje met 30 procent, zei de burgemeester maandag.",
    ),
    (
        "uk",
        "Місто знизить тарифи на 30 відсотків у липні, сказала мер у понеділок.",  # noqa: RUF001  (Cyrillic)
    ),
)


def _english(draw: Draw) -> str:
    return f"{capital(draw.fact())}, {draw.person().name} said. The city spent 3 million euros on the bridge in 2019."


def given_language(draw: Draw) -> Case:
    given = draw.one(_GIVEN)
    text = _english(draw) if draw.chance(0.5) else f"{capital(draw.fact())}, {draw.person().name} said."
    return minimum(draw, text, read(), language=given)


def given_language_makes_claims(draw: Draw) -> Case:
    given, person = draw.one(_GIVEN), draw.person()
    text = f"The city spent 3 million euros on the bridge in 2019, {person.name} said."
    return minimum(draw, text, claim(text, is_one=True), language=given)


def other_language(draw: Draw) -> Case:
    code, text = draw.one(_OTHERS)
    given = draw.one((code, None, code.upper(), f"{code}-{code.upper()}"))
    return minimum(draw, text, read(is_read=False), language=given)


def found_language(draw: Draw) -> Case:
    """Short English texts with names of West Africa are no Pidgin."""
    person, other = draw.person(culture="Nigerian"), draw.person(culture="Nigerian")
    town = draw.one(listed("Lagos|Abuja|Kano|Port Harcourt|Ibadan|Onitsha|Owerri|Kaduna"))
    text = draw.one(
        (
            f"{person.name}, {draw.number(20, 60)}, was arrested in {town} on {draw.weekday()}, {other.name} said.",
            f"Governor {person.name} of {town} has sacked 12 commissioners. {other.name} takes over in May.",
            f"Gunmen killed 12 people in {town}. {person.name} of the police confirmed the attack.",
            f"{capital(draw.fact())}, {person.name} told reporters in {town}.",
            f"NNPC, EFCC and INEC meet in {town} today. {person.name} leads the talks.",
            f"N{draw.number(2, 90)} billion fraud: EFCC arrests {person.name} and {other.name} in {town}.",
        )
    )
    return minimum(draw, text, read(), language=None)
