"""Whose words they are: people of one surname, accuser and accused, titles and units before a name, descriptions."""

from __future__ import annotations

from behaviour.cases import Case, minimum
from behaviour.checks import canonical, label, no_label, no_speaker, reported, speaker_of
from behaviour.draw import Draw, capital
from behaviour.names import Person
from behaviour.words import CLAUSE_VERBS, TITLES, listed

_MISDEEDS = (
    ("taking 20,000 euros in bribes", "took 20,000 euros in bribes"),
    ("hiding 12 deaths", "hid 12 deaths"),
    ("stealing 300 votes", "stole 300 votes"),
    ("lying to parliament", "lied to parliament"),
    ("ordering the killing of 40 prisoners", "ordered the killing of 40 prisoners"),
    ("beating a prisoner", "beat a prisoner"),
)
_SAID = listed("said|added|claimed|argued|noted")


def _family(draw: Draw) -> tuple[Person, Person]:
    """A man and a woman of one family name."""
    man = draw.person(woman=False)
    return man, draw.person(woman=True, family=man.family, culture=man.culture)


def couple_with_courtesy_titles(draw: Draw) -> Case:
    man, woman = _family(draw)
    who, title = draw.one(((man, "Mr."), (woman, "Ms."), (woman, "Mrs.")))
    pronoun, fact = capital(who.pronoun), draw.fact()
    deed = draw.one(listed("was suspended in May|left the mill in March|was born in 1962"))
    text = (
        f"{man.name} and his wife, {woman.name}, both work at the mill.\n"
        f"{title} {who.family} {deed}.\n{pronoun} {draw.one(_SAID)} {fact}."
    )
    return minimum(draw, text, speaker_of(fact, who.name))


def either_of_a_couple(draw: Draw) -> Case:
    man, woman = _family(draw)
    fact = draw.fact()
    intro = draw.one(
        (
            f"{woman.name} is the mayor of {draw.town()}. {man.name} leads the council.",
            f"{man.name} and {woman.name} run the bakery.",
            f"{man.name} is the son of {woman.name}. Both were at the hearing.",
        )
    )
    text = f"{intro} {man.family} said {fact}."
    return minimum(draw, text, speaker_of(fact, None, man.family))


def each_by_the_full_name(draw: Draw) -> Case:
    man, woman = _family(draw)
    first, second = (draw.fact(), draw.fact())
    text = f"{woman.name} said {first}. {man.name} said {second}."
    return minimum(draw, text, speaker_of(first, woman.name), speaker_of(second, man.name))


def each_by_the_courtesy_title(draw: Draw) -> Case:
    man, woman = _family(draw)
    first, second = draw.fact(), draw.fact()
    text = (
        f"{man.name} met {woman.name} in {draw.town()}.\n"
        f"Mr. {man.family} said {first}.\nMs. {man.family} said {second}."
    )
    unsure = (None, man.family)  # the gender of a given name is not known in every culture
    return minimum(draw, text, speaker_of(first, man.name, *unsure), speaker_of(second, woman.name, *unsure))


def accuser(draw: Draw) -> Case:
    accuser, accused = draw.person(), draw.person()
    noun, deed = draw.one(_MISDEEDS)
    forms = (
        f"{accuser.name} accused {accused.name} of {noun}.",
        f"{accused.name} was accused by {accuser.name} of {noun}.",
        f"{accused.name}, whom {accuser.name} accuses of {noun}, was not at home.",
        f"{accuser.name} said {accused.name} {deed}.",
        f"{accused.name} {deed}, {accuser.name} said.",
        f"{accused.name} {deed}, {accuser.name} alleged on {draw.weekday()}.",
        f"{accused.name} {deed}, according to {accuser.name}.",
        f"According to {accuser.name}, {accused.name} {deed}.",
    )
    text = draw.one(forms)
    return minimum(draw, text, no_speaker(accused.name, accused.family))


def accuser_is_named(draw: Draw) -> Case:
    accuser, accused = draw.person(), draw.person()
    _, deed = draw.one(_MISDEEDS)
    part = f"{accused.name} {deed}"
    forms = (
        f"{accuser.name} said {part}.",
        f"{accuser.name} alleged that {part}.",
        f"{part}, {accuser.name} said.",
        f"According to {accuser.name}, {part}.",
        f"{part}, according to {accuser.name}.",
    )
    return minimum(draw, draw.one(forms), speaker_of(deed, accuser.name))


def pronoun_after_an_accusation(draw: Draw) -> Case:
    accuser = draw.person()
    accused = draw.person(woman=accuser.woman)
    noun, _ = draw.one(_MISDEEDS)
    fact = draw.fact()
    text = f"{accuser.name} accused {accused.name} of {noun}. {capital(accuser.pronoun)} said {fact}."
    return minimum(draw, text, speaker_of(fact, accuser.name, None))


def police_and_suspect(draw: Draw) -> Case:
    suspect, town = draw.person(), draw.town()
    _, deed = draw.one(_MISDEEDS)
    text = draw.one(
        (
            f"{suspect.name} was arrested in {town}. {suspect.family} {deed}, police said.",
            f"{suspect.name} was arrested in {town}. Police said {suspect.family} {deed}.",
            f"{suspect.name} was arrested in {town}. The prosecutor said {suspect.pronoun} {deed}.",
            f"Prosecutors say {suspect.name} {deed}.",
        )
    )
    return minimum(draw, text, speaker_of(deed, None, "police", "Prosecutors"), no_speaker(suspect.name))


def described_by_a_past_job(draw: Draw) -> Case:
    person, fact = draw.person(), draw.fact()
    job = draw.one(listed("striker|teacher|general|banker|judge|minister|actor|nurse"))
    text = (
        f"The {draw.one(('first independent senator', 'new mayor', 'head of the union'))}, {person.name}, spoke in "
        f"parliament on {draw.weekday()}.\nThe former {job} said {fact}."
    )
    return minimum(draw, text, speaker_of(fact, person.name))


def described_by_apposition(draw: Draw) -> Case:
    person, fact = draw.person(), draw.fact()
    noun, job = draw.one(
        (
            ("broker", "a customs broker"),
            ("nurse", "a nurse at the town's clinic"),
            ("farmer", "a farmer of 62"),
            ("lawyer", "a lawyer for the families"),
            ("mayor", f"the mayor of {draw.town()}"),
            ("coach", f"the coach of {draw.town()}"),
            ("teacher", "a retired teacher"),
        )
    )
    text = f"{person.name}, {job}, met reporters on {draw.weekday()}. {draw.neutral()} The {noun} said {fact}."
    return minimum(draw, text, speaker_of(fact, person.name))


def title_before_a_name(draw: Draw) -> Case:
    person, title, fact = draw.person(), draw.one(TITLES), draw.fact()
    text = f"{title} {person.name} {draw.one(CLAUSE_VERBS)} {fact}."
    return minimum(draw, text, label(person.name, "PERSON"), speaker_of(fact, person.name))


def title_before_a_surname(draw: Draw) -> Case:
    person, title, fact = draw.person(), draw.one(TITLES), draw.fact()
    text = f"{title} {person.name} met the board.\n{title} {person.family} said {fact}."
    checks = (label(person.family, "PERSON"), canonical(person.family, person.name), speaker_of(fact, person.name))
    return minimum(draw, text, *checks)


def body_or_place_before_a_name(draw: Draw) -> Case:
    person, body, town, fact = draw.person(), draw.body(), draw.town(), draw.fact()
    head = draw.one(
        (
            f"CEO of {body.acronym}",
            f"{body.acronym} chief",
            f"{body.acronym} spokesman",
            f"{town} Governor",
            f"{town} mayor",
            f"{town} Police Commissioner",
            "Homicide Unit Sgt.",
            "Director of Public Prosecutions",
            f"{body.name} chairman",
            f"{draw.country()} coach",
            "Acting Inspector General of Police",
            "Chief Whip",
            "Union Home Minister",
            "Fire Department Captain",
        )
    )
    forms = (f"{capital(fact)}, {head} {person.name} said.", f"{head} {person.name} said {fact}.")
    text = draw.one(forms)
    return minimum(draw, text, label(person.name, "PERSON"), speaker_of(fact[1:], person.name))


def company_and_its_head(draw: Draw) -> Case:
    person, body, fact = draw.person(), draw.body(), draw.fact()
    text = (
        f"{body.name} will build a second quay, CEO of {body.acronym} {person.name} said on {draw.weekday()}.\n"
        f"{capital(fact)}, {person.family} said."
    )
    checks = (speaker_of(fact[1:], person.name), speaker_of("second quay", person.name))
    return minimum(draw, text, label(person.name, "PERSON"), *checks)


def hyphened_given_name(draw: Draw) -> Case:
    first, second = draw.person(culture="Korean"), draw.person(culture="Korean")
    title, other = draw.one(TITLES), draw.one(("Rep.", "Senator", "Prof.", "Governor"))
    text = f"{title} {first.name} met {other} {second.name} on {draw.weekday()}."
    return minimum(draw, text, label(first.name, "PERSON"), label(second.name, "PERSON"))


def unit_is_no_person(draw: Draw) -> Case:
    person, fact = draw.person(), draw.fact()
    unit = draw.one(("Prosecutions", "Homicide Unit", "Finance", "Public Works", "Traffic Division"))
    text = f"Director of {unit} {person.name} told reporters {fact}."
    return minimum(draw, text, no_label(unit, "PERSON"), speaker_of(fact, person.name), reported(fact, "told"))
