"""Claims: notices, standing lines and credits are none, nor is opinion; a fact without a number is one."""

from __future__ import annotations

from behaviour.cases import Case, minimum
from behaviour.checks import claim, claims
from behaviour.draw import Draw, capital
from behaviour.words import CITIES, FACTS, listed


def correction(draw: Draw) -> Case:
    fact, date = draw.fact(), f"{draw.number(1, 28)} {draw.one(('June', 'May', 'March'))} {draw.number(2010, 2029)}"
    text = draw.one(
        (
            f"This article was amended on {date}. An earlier version said {fact}.",
            f"This story was corrected on {date} to say that {fact}.",
            f"Correction: An earlier version of this story said {fact}.",
            f"CORRECTION: A previous version of this article misstated that {fact}.",
            f"Editor\u2019s note: This story has been updated. An earlier version said {fact}.",
            f"Correction, {date}: An earlier version of this article said {fact}.",
            f"An earlier version of this article incorrectly stated that {fact}.",
            f"Clarification: This story has been updated to make clear that {fact}.",
            f"(This {date} story has been corrected to say {fact}.)",
            f"(Corrects paragraph 3 to say {fact})",
        )
    )
    return minimum(draw, text, claims(0))


def standing_line(draw: Draw) -> Case:
    paper, number = f"The {draw.town()} Herald", draw.number(12, 90)
    text = draw.one(
        (
            f"The Associated Press receives support from {number} foundations.",
            f"Subscribe to our newsletter and join {number},000 readers.",
            f"Get {number} percent off a subscription to {paper} today.",
            f"Sign up for our newsletter, read by {number},000 people every day.",
            f"{paper} is funded by {number},000 readers. Support us for $3 a month.",
            f"Already a subscriber? Log in to read more of our {number} articles.",
            f"Follow {paper} on Twitter, where it has {number},000 followers.",
            f"Click here to read all {number} stories of this series.",
            f"Download our app, used by {number} million people.",
            f"All rights reserved. {paper} reaches {number} million readers.",
            f"You have {number} free articles left this month.",
            f"Read more: {number} facts about the election",
        )
    )
    return minimum(draw, text, claims(0))


def credit(draw: Draw) -> Case:
    first, second, third, town = draw.person(), draw.person(), draw.person(), draw.town()
    text = draw.one(
        (
            f"(Reporting by {first.name} in {town}; Editing by {second.name})",
            f"Reporting by {first.name} and {second.name}; editing by {third.name}.",
            f"Additional reporting by {first.name} in {town}, {second.name} in {draw.town()}; Writing by {third.name}",
            f"Associated Press writer {first.name} in {town} contributed to this report.",
            f"{first.name} and {second.name} contributed to this report from {town}.",
            f"AP writers {first.name} in {town} and {second.name} contributed.",
            f"{first.name} reported from {town} and {second.name} from {draw.town()}.",
            f"Copyright 2019 The {town} Herald. All rights reserved.",
            f"($1 = {draw.number(60, 90)}.{draw.number(10, 99)} rupees)",
            f"With files from {first.name}.",
            f"This article was produced with the help of {first.name}.",
        )
    )
    fact = draw.sentence()
    return minimum(draw, f"{fact}\n{text}", claim(fact, is_one=True), claims(1))


def opinion(draw: Draw) -> Case:
    body, whom = draw.one(
        (
            ("firm that runs the trains", "passengers"),
            ("hospital", "patients"),
            ("council", "tenants"),
            ("airline", "customers"),
            ("party", "voters"),
            ("league", "supporters"),
        )
    )
    if draw.chance(0.3):
        text = f"The {body} has {draw.one(('failed', 'let down', 'betrayed'))} its {whom} badly."
        return minimum(draw, text, claim(text, is_one=False))
    text = draw.one(
        listed(
            "The mayor is a disgrace to this city.|"
            "Nothing is more beautiful than this harbour at dawn.|The government should be ashamed of itself.|"
            "It is high time that we took this seriously.|The film is a masterpiece.|This is no way to treat the old.|"
            "We deserve better than this council.|The new stadium is an eyesore.|"
            "They have let down a whole generation.|"
            "The minister has shown no courage at all.|The paper has lost its way.|Such cruelty has no excuse."
        )
    )
    return minimum(draw, text, claim(text, is_one=False))


def fact_without_a_number(draw: Draw) -> Case:
    person, body, town = draw.person(), draw.body(), draw.town()
    relative = draw.one(listed("son|daughter|brother|cousin|wife|nephew"))
    goods, good, ill = (
        draw.one(listed("tea|oil|juice|powder|plant")),
        draw.one(listed("cleans the liver|lowers the blood pressure|heals wounds")),
        draw.one(listed("cancer|diabetes|malaria|asthma|infections")),
    )
    text = draw.one(
        (
            f"It emerged that the new official is a {relative} of the president\u2019s best friend.",
            f"The new head of the {body.name} is a {relative} of the mayor of {town}.",
            f"The {goods} {good} and prevents {ill}.",
            f"The {goods} cures {ill}.",
            f"The {draw.one(('cost', 'burden'))} falls mostly on mothers, who give up work more often than fathers.",
            "Women in the district earn far less than men for the same work.",
            "The poor pay more of their income in taxes than the rich.",
            f"{person.name} paid no taxes for years.",
            f"The {body.name} hid the deaths from the public.",
            f"The company dumped toxic waste into the river at {town}.",
            f"The army used chemical weapons in {town}.",
            "Vaccines cause autism.",
            f"Police in {town} shot an unarmed man.",
        )
    )
    return minimum(draw, text, claim(text, is_one=True))


def plain_fact(draw: Draw) -> Case:
    fact = draw.one([fact for fact in FACTS if "would" not in fact])
    text = f"{capital(fact)}."
    if draw.chance(0.5):
        text = f"{capital(fact)} in {draw.one(CITIES)}, the {draw.body().name} said."
    return minimum(draw, text, claim(text, is_one=True))


def small_fact(draw: Draw) -> Case:
    town, other, person = draw.town(), draw.town(), draw.person()
    text = draw.one(
        (
            f"The film runs for {draw.number(80, 150)} minutes.",
            f"{person.name} scored in the {draw.number(2, 90)}th minute.",
            f"The band will play {draw.number(2, 9)} songs.",
            f"Doors open at {draw.number(6, 9)} p.m. at the town hall.",
            f"Tickets cost {draw.number(5, 60)} euros.",
            f"Add {draw.number(2, 4)} eggs and stir.",
            f"{person.name} wore a dress with {draw.number(20, 90)} pearls.",
            f"{town} led {other} by {draw.number(2, 9)} points at half-time.",
            f"The song has {draw.number(2, 6)} verses.",
            f"She sat in row {draw.number(2, 30)}.",
        )
    )
    return minimum(draw, text, claim(text, is_one=False))
