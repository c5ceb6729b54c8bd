"""Names and amounts: WHO, percent, the world's money, "&" and particles in names, brands, one label for a name."""

from __future__ import annotations

from behaviour.cases import Case, minimum
from behaviour.checks import label, no_label, one_label, speaker_of
from behaviour.draw import Draw
from behaviour.words import listed

# "{n}" is a number.
_AMOUNT = listed(
    "Rs {n} crore|Rs. {n} lakh|Rs {n},000|\u20b9{n} crore|\u20b9{n},500|CHF {n} million|CHF{n}m|QR{n}.4mn|QR{n},778|"
    "R$ {n} million|R${n} million|R{n} billion|\u20a6{n} billion|N{n} million|KSh {n} million|Sh{n} million|"
    "GH\u20b5{n},000|RM{n} million|S${n} million|HK${n} billion|NT${n} million|A${n}m|C${n} million|US${n} million|"
    "\u00a5{n} billion|\u20ba{n} million|AED {n} million|SAR {n} billion|PKR {n} million|IDR {n} billion|\u20ac{n}m|"
    "\u00a3{n}bn|${n}k|{n} million rupees|{n} crore rupees|{n} lakh rupees|{n} million riyals|{n} billion naira|"
    "{n} million dirhams|{n} million shillings|{n} billion yuan|{n} million rand|{n} million pesos|{n} billion won"
)
_GOODS = (
    ("Tesla", "a black {}"),
    ("Puma", "two {} jackets"),
    ("Nike", "a pair of {} shoes"),
    ("Honda", "an old {}"),
    ("Samsung", "a {} phone"),
    ("Toyota", "three {} pickups"),
    ("Adidas", "{} shirts"),
    ("Rolex", "a {} watch"),
    ("Lenovo", "a {} laptop"),
    ("Volvo", "a white {}"),
    ("Gucci", "{} bags"),
    ("Canon", "a {} camera"),
)


def who_is_a_body(draw: Draw) -> Case:
    fact = draw.fact()
    if draw.chance(0.5):
        verb = draw.one(listed("said|says|warned|announced|confirmed|estimates|reported"))
        return minimum(draw, f"WHO {verb} {fact}.", speaker_of(fact, "WHO", "World Health Organization"))
    person = draw.person()
    title = draw.one(listed("chief|director|spokesman|spokeswoman|adviser|expert|official"))
    return minimum(draw, f"WHO {title} {person.name} said {fact}.", speaker_of(fact, person.name))


def percent(draw: Draw) -> Case:
    number = draw.one((str(draw.number(2, 99)), f"{draw.number(1, 9)}.{draw.number(1, 9)}"))
    amount = f"{number} {draw.one(('per cent', 'percent', 'per cent'))}" if draw.chance(0.8) else f"{number}%"
    frame = draw.one(
        listed(
            "Sales rose {amount}.|Unemployment rose to {amount} in {town}.|The party won {amount} of the vote.|"
            "Only {amount} of the people can read.|Prices fell by {amount} in May, the bank said."
        )
    )
    return minimum(draw, frame.format(amount=amount, town=draw.town()), label(amount, "PERCENT"))


def money(draw: Draw) -> Case:
    amount = draw.one(_AMOUNT).format(n=draw.number(2, 900))
    frame = draw.one(
        listed(
            "The project cost {amount}.|The lender made {amount} in six months.|The state gave {amount} to clinics.|"
            "He was fined {amount} in {town}.|The bridge will cost {amount} more than planned, the auditor said."
        )
    )
    return minimum(draw, frame.format(amount=amount, town=draw.town()), label(amount, "MONEY"))


def two_amounts(draw: Draw) -> Case:
    first, second = (draw.one(_AMOUNT).format(n=draw.number(2, 900)) for _ in range(2))
    text = f"The lender made {first} in six months and gave {second} to clinics."
    return minimum(draw, text, label(first, "MONEY"), label(second, "MONEY"))


def ampersand_in_a_name(draw: Draw) -> Case:
    first, second = draw.person(), draw.person()
    name = f"{first.family} & {second.family}"
    name += draw.one(("", " Ltd", " Sons", " Partners"))
    frame = draw.one(
        listed(
            "The firm {name} cut 300 jobs.|{name} said sales fell 12 percent.|She worked for {name} in {town}.|"
            "The lawyers {name} opened an office in {town}."
        )
    )
    return minimum(draw, frame.format(name=name, town=draw.town()), label(name, "ORG"))


def ampersand_for_and(draw: Draw) -> Case:
    first, second, town = draw.person(), draw.person(), draw.one(("New Selby", "Port Lorne", "Mumbai", "New Delhi"))
    text = f"He thanked PM {first.family} & Home Minister {second.name} in {town} & left."
    wrong = [no_label(part) for part in (f"{first.family} & Home", f"{town} &", f"{first.family} & Home Minister")]
    return minimum(draw, text, *wrong, label(second.name, "PERSON"))


def particles(draw: Draw) -> Case:
    culture, particle = draw.one(
        (
            ("Portuguese", draw.one(("do", "da", "de", "dos"))),
            ("Spanish", draw.one(("de la", "del", "de"))),
            ("French", draw.one(("de", "du", "de La"))),
            ("Arabic", draw.one(("bin", "ibn", "al-", "Abu"))),
            ("Polish", "von"),
            ("English", draw.one(("van der", "van", "de"))),
        )
    )
    person = draw.person(culture=culture)
    family = person.family.split()[-1].removeprefix("al-").removeprefix("Al-")
    blank = "" if particle.endswith("-") else " "
    name = f"{person.given} {particle}{blank}{family}"
    frame = draw.one(
        listed(
            "{name} was born in {town}.|The mayor met {name} on Friday.|{name} said sales fell 12 percent.|"
            "The prize went to {name}, a nurse."
        )
    )
    return minimum(draw, frame.format(name=name, town=draw.town()), label(name, "PERSON"))


def body_with_of(draw: Draw) -> Case:
    town, country = draw.town(), draw.country()
    name = draw.one(
        (
            f"University of {town}",
            f"Bank of {town}",
            f"Ministry of Health of {country}",
            f"Church of {town}",
            f"Chamber of Commerce of {town}",
            f"Communist Party of {country}",
            f"Banco do {town}",
        )
    )
    text = f"The {name} has 40,000 members."
    return minimum(draw, text, label(name, "ORG"))


def one_name_one_label(draw: Draw) -> Case:
    person, town = draw.person(), draw.one(("Quarne", "Halvik", "Astrava", "Mirandu", "Bandolo"))
    if draw.chance(0.6):
        text = (
            f"{person.name} was in {town} on {draw.weekday()}. {person.family} lost 300 jobs.\n"
            f"For {person.family}, it was over. Nobody saw {person.family} again. {draw.neutral()}\n"
            f"In May, {person.family} came back."
        )
        return minimum(draw, text, one_label(person.family), label(person.family, "PERSON"))
    company = draw.one(("Orvane", "Lumora", "Veldra", "Norhaven", "Kopal"))
    text = (
        f"{company} Inc makes tyres in {town}. {company} cut 300 jobs in May.\n"
        f"Shares of {company} fell 4 percent. At {company}, nobody answered."
    )
    return minimum(draw, text, one_label(company), label(company, "ORG"))


def brands(draw: Draw) -> Case:
    drawn = [draw.one(_GOODS) for _ in range(3)]
    first, second, third = (form.format(brand) for brand, form in drawn)
    verb = draw.one(listed("sold|stole|bought|found|seized"))
    text = f"They {verb} {first}, {second} and {third}."
    return minimum(draw, text, *(no_label(brand, "PERSON", "GPE", "LOC", "NORP") for brand, _ in drawn))


def coins(draw: Draw) -> Case:
    drawn = [draw.one(listed("Bitcoin|Ethereum|USDT|Solana|Dogecoin|Litecoin|Tether|Cardano")) for _ in range(3)]
    frame = draw.one(listed("The fund holds {}, {} and {}.|He paid in {}, {} or {}.|Prices of {}, {} and {} fell."))
    text = frame.format(*drawn)
    return minimum(draw, text, *(no_label(coin, "PERSON", "GPE", "LOC", "NORP") for coin in drawn))


def plain_name(draw: Draw) -> Case:
    person, other, town = draw.person(), draw.person(), draw.town()
    frame = draw.one(
        listed(
            "{name} was born in {town}.|The court fined {name} 300 euros.|"
            "Police arrested {name} and {other} on Friday.|"
            "{name}, 54, lost the house.|The goal was scored by {name}.|{name} and {other} won the race in {town}.|"
            "The widow of {name} was not there.|Among the dead was {name}, a nurse."
        )
    )
    text = frame.format(name=person.name, other=other.name, town=town)
    names = [one.name for one in (person, other) if one.name in text]
    return minimum(draw, text, *(label(name, "PERSON") for name in names))
