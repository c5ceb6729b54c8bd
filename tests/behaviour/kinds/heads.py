"""The head of a line: names with acronyms are no datelines, datelines are nobody, acronyms need a name that fits."""

from __future__ import annotations

from behaviour.cases import Case, minimum
from behaviour.checks import canonical, label, no_speaker, sentence, sentences, speaker_of, speakers
from behaviour.draw import Draw, capital
from behaviour.words import AGENCIES, CLAUSE_VERBS, STATES, TOWNS, listed

_NEWS = listed(
    "shelled two villages on Sunday|will open a campus in {town}|cut its rate to 3.5 percent in June|rose 4 percent|"
    "accused the army of killing 300 people|won 12 seats|has 40,000 members|signed a contract with {town} on Friday|"
    "is looking for 200 nurses|was founded in 1962"
)


def _news(draw: Draw) -> str:
    return draw.one(_NEWS).format(town=draw.town())


def body_and_acronym(draw: Draw) -> Case:
    body = draw.body()
    the = "" if body.name.endswith("Watch") else "The "
    if draw.chance(0.5):
        verb, fact = draw.one(CLAUSE_VERBS), draw.fact()
        text = f"{the}{body.name} ({body.acronym}) {verb} {fact}."
        return minimum(draw, text, sentences(text), speaker_of(fact, body.name))
    text = f"{the}{body.name} ({body.acronym}) {_news(draw)}."
    return minimum(draw, text, sentences(text))


def body_with_place_or_nickname(draw: Draw) -> Case:
    town = draw.one(TOWNS)
    head = draw.one(
        (
            f"Hamas ({draw.one(('Gaza', 'Rafah'))})",
            f"{town} Teachers College ({town[:2]}tco)",
            f"The {town} Football Club (Reds)",
            f"Shares of {draw.company().name} ({draw.company().ticker}.N)",
            f"{draw.company().name} ({draw.company().ticker})",
            f"{draw.person().name} ({draw.body().acronym})",
            f"University of {town} (UNI)",
            f"{draw.country()} (U-21)",
        )
    )
    text = f"{head} {_news(draw)}."
    return minimum(draw, text, sentences(text))


def name_and_clause_in_dashes(draw: Draw) -> Case:
    body, dash = draw.body(), draw.one((" - ", " -- ", " \u2013 ", " \u2014 "))
    aside = draw.one(
        listed("which employs 18,000 people|which lent $3 billion|founded in 1962|the largest of its kind")
    )
    name = draw.one((body.acronym, body.name, draw.town()))
    text = f"{name}{dash}{aside}{dash}{_news(draw)}."
    return minimum(draw, text, sentences(text))


def acronym_and_clause_in_commas(draw: Draw) -> Case:
    body, fact = draw.body(), draw.fact()
    aside = draw.one(listed("which lent $3 billion|which has 40,000 members|founded in 1962"))
    text = f"The {body.name} ({body.acronym}), {aside}, {draw.one(CLAUSE_VERBS)} {fact}."
    return minimum(draw, text, sentences(text))


def dateline(draw: Draw) -> tuple[str, str]:
    """A dateline, with the blank after it where there is one, and its place."""
    town, country, date, agency = draw.town(), draw.country(), draw.date(), draw.one(AGENCIES)
    caps = town.upper()
    dash = draw.one(("-", "--", "\u2013", "\u2014"))
    year = draw.number(2001, 2031)
    forms = (
        f"{caps} ({agency}) {dash} ",
        f"{caps} ({agency}){dash}",
        f"{caps} (AP) _ ",
        f"{caps}, {country} ({agency}) {dash} ",
        f"{caps}, {date} ({agency}) {dash} ",
        f"{caps}, {country}, {date} ({agency}) {dash} ",
        f"{town}, {date} ({agency}) {dash} ",
        f"{town}, {date} ({draw.one(('PTI', 'ANI', 'IANS'))}) ",
        f"{town}, {draw.one(STATES)} ({draw.one(('KXNV', 'WRAL', 'KTVB'))}) {dash} ",
        f"{town}, {draw.one(STATES)} ({draw.one(('KXNV', 'WRAL'))} & My{draw.one(('News9', 'Fox8'))}.com){dash} ",
        f"{caps}, {date}, {year} /PRNewswire/ -- ",
        f"{town}, {date}, {year} /PRNewswire/ {dash} ",
        f"{caps}, {draw.one(STATES)}, {date}, {year} /PRNewswire-USNewswire/ -- ",
        f"{caps}--(BUSINESS WIRE)--",
        f"{caps}, {date}, {year}--(BUSINESS WIRE)--",
        f"{town}, {draw.one(STATES)}--(BUSINESS WIRE)-- ",
        f"{caps}, {date}, {year} (GLOBE NEWSWIRE) -- ",
        f"{caps}, {date}, {year} /CNW/ - ",
        f"{caps} {dash} ",
        f"{caps}, {country} {dash} ",
        f"{caps}, {date} {dash} ",
        f"{draw.one(('New Delhi', 'Mumbai', 'Karachi', 'Lagos', 'Nairobi', 'Colombo'))}: ",
        f"{draw.one(('NEW DELHI', 'ISLAMABAD', 'DHAKA'))}: ",
        f"({agency}) {dash} ",
        f"(Adds details, background) {caps}, {date} ({agency}) - ",
        f"(Updates with {draw.one(('comment', 'quotes', 'shares'))}) {caps}, {date} ({agency}) - ",
        f"By {draw.person().name} {caps}, {date} ({agency}) - ",
    )
    return draw.one(forms), town


def dateline_before_a_sentence(draw: Draw) -> Case:
    head, town = dateline(draw)
    fact = draw.sentence()
    if draw.chance(0.3):
        fact = f"The casino owner confirmed that {fact[0].lower()}{fact[1:]}"
    return minimum(draw, f"{head}{fact}", sentence(fact), no_speaker(town, town.upper(), draw.country()))


def dateline_before_a_report(draw: Draw) -> Case:
    head, town = dateline(draw)
    fact = draw.fact()
    who, names = draw.one(
        (
            ("the government said", (None,)),
            ("officials said", (None,)),
            ("the finance minister said", (None,)),
            (f"{(person := draw.person()).name} said", (person.name,)),
            (f"the {(body := draw.body()).name} said", (body.name,)),
        )
    )
    text = f"{head}{capital(fact)}, {who} on {draw.weekday()}."
    return minimum(draw, text, speaker_of(fact[1:], *names), no_speaker(town, town.upper()))


def dateline_and_company(draw: Draw) -> Case:
    head, _ = dateline(draw) if draw.chance(0.8) else ("", "")
    company = draw.company()
    news = draw.one(listed("cut 300 jobs in 2023|profit fell 20 percent in May|sold 40,000 units in March"))
    text = f"{head}{company.name} {news}, the {company.noun} said on {draw.weekday()}."
    return minimum(draw, text, sentence(text.removeprefix(head)), speakers(company.name, None))


def press_release(draw: Draw) -> Case:
    head, town = dateline(draw)
    company = draw.company()
    ticker = draw.one(("", f" (NYSE: {company.ticker})", f" (Nasdaq: {company.ticker})", ", a leader in its field,"))
    deed = draw.one(listed("revenue of $1.2 billion|that it had cut 300 jobs|that profit rose 12 percent in May"))
    text = f"{head}{company.name}{ticker} today announced {deed}."
    checks = (sentence(text.removeprefix(head)), no_speaker(town, town.upper()))
    return minimum(draw, text, *checks, *((speakers(company.name),) if deed.startswith("that") else ()))


def acronym_of_nobody(draw: Draw) -> Case:
    body, fact = draw.body(), draw.fact()
    short = body.acronym
    head = draw.one(
        (
            f"{draw.person().name} ({short}) won the seat.",
            f"By {draw.person().name} ({short}).",
            f"Speaking in {draw.town()} ({short}) on {draw.weekday()}, he left.",
            f"{draw.country()} ({short}) lost the match.",
            f"The talks in {draw.town()} ({short}) went on.",
        )
    )
    text = f"{head} The {short} {draw.one(('said', 'says', 'announced', 'warned'))} {fact}."
    return minimum(draw, text, canonical(short, short), speaker_of(fact, short))


def ticker(draw: Draw) -> Case:
    company, fact = draw.company(), draw.fact()
    exchange = draw.one(("NYSE", "LSE", "NSE", "TSX", "ASX", "JSE"))
    text = f"{company.name} ({exchange}: {company.ticker}) rose 4%. {exchange} said {fact}."
    return minimum(draw, text, canonical(exchange, exchange), speaker_of(fact, exchange))


def agency_of_the_dateline(draw: Draw) -> Case:
    agency, town, country = draw.one(("AFP", "PTI", "ANI", "AP", "UPI", "IANS")), draw.town(), draw.country()
    fact = draw.fact()
    head = draw.one(
        (
            f"{town.upper()}, {country} ({agency}) - ",
            f"{town.upper()} ({agency}) - ",
            f"{town}, {draw.date()} ({agency}) ",
        )
    )
    if draw.chance(0.5):
        text = f"{head}{agency} said on {draw.weekday()} that {fact}."
        return minimum(draw, text, canonical(agency, agency), speaker_of(fact, agency))
    text = f"{head}{capital(fact)}, officials told {agency} on {draw.weekday()}."
    return minimum(draw, text, canonical(agency, agency), speaker_of(fact[1:], None))


def acronym_that_fits(draw: Draw) -> Case:
    body, fact = draw.body(), draw.fact()
    text = f"{draw.neutral()} The {body.name} ({body.acronym}) met in {draw.town()}. {body.acronym} said {fact}."
    checks = (canonical(body.acronym, body.name, f"the {body.name}"), speaker_of(fact, body.name))
    return minimum(draw, text, *checks, label(body.acronym, "ORG"))
