"""The nouns that people and bodies go by in the news: "minister", "ministry"; a description in, what it is of out."""

from __future__ import annotations

import re

from pipeline.nlp.lexicon.words import listed

# What follows a noun: "the man accused of murder", "the U.S. official overseeing the relief".
ROLE_TAIL = re.compile(
    r"(?:\s+(?:of|to|in|on|for|at|from|by|with|who|that|which|\w+ing)\s.*"
    r"|(?<!\bthe)(?<!\ba)(?<!\ban)\s+(?:accused|convicted|charged|suspected|known|led|identified)\s.*"
    r"|,.*|\s[-\u2013\u2014]+\s.*)$",
    re.IGNORECASE,
)

ROLES = listed(
    """
    president minister premier chancellor secretary spokesman spokeswoman spokesperson chief leader chairman
    chairwoman director senator governor mayor general commander ambassador envoy king queen prince pope judge
    prosecutor lawyer attorney professor analyst author economist officer head official coach captain player candidate
    congressman congresswoman representative lawmaker bishop archbishop colonel major admiral doctor scientist
    researcher activist actor actress singer writer editor founder president-elect pontiff monarch cleric priest imam
    rabbi pastor patriarch negotiator mediator diplomat dictator tycoon billionaire boss nominee inspector sheriff
    """
)
# Called the one, named the other: "the pontiff" is the pope.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "pontiff": ("pope",),
    "monarch": ("king", "queen"),
    "premier": ("minister",),
    "lawmaker": ("senator", "congressman", "congresswoman", "representative"),
    "lawyer": ("attorney",),
    "attorney": ("lawyer",),
    "envoy": ("ambassador",),
    "academic": ("professor",),
}
# Held by one at a time: another may be meant than who spoke last.
OFFICES = listed(
    """
    president minister premier chancellor secretary governor mayor king queen prince pope judge prosecutor chief
    chairman chairwoman director ambassador head president-elect
    """
)
# What ministers are of.
DEPARTMENTS = listed(
    """
    prime foreign defense defence interior home finance economy trade justice health education information energy oil
    agriculture transport transportation labor labour culture environment housing industry development tourism sports
    """
)
BROAD = listed(
    """
    leader official diplomat envoy negotiator mediator politician lawmaker statesman man woman spokesman spokeswoman
    spokesperson
    """
)
NOUNS = listed(
    """
    group organization organisation agency newspaper paper company ministry government military army police party bank
    court commission council union body department firm institute radio television network station office force
    coalition alliance mission hospital university club association federation committee charity airline regulator
    company movement tribunal administration parliament navy embassy league authority society centre center command
    foundation bureau board academy college school museum consortium corporation watchdog secretariat directorate
    militia faction bloc magazine broadcaster tabloid
    """
)
# Arms of a state: no "group", no "company".
STATE = listed(
    """
    government military army navy police ministry parliament court courts administration troops forces authorities
    cabinet commission department embassy
    """
)
# What a company is called by its trade: "the truck maker", "the Dutch insurer". They are no part of names.
COMPANIES = listed(
    """
    company firm maker manufacturer producer retailer insurer reinsurer lender thrift concern carrier automaker carmaker
    planemaker drugmaker chipmaker brewer distiller utility conglomerate giant chain corporation subsidiary partnership
    supplier distributor wholesaler developer operator publisher contractor shipper miner refiner builder broker
    brokerage startup business venture
    """
)
# Of these any one may speak as "the group"; others are meant only where one of their kind was spoken of.
GENERAL = listed(
    """
    group organization organisation agency newspaper paper company body firm institute network station force movement
    charity party association union federation alliance league society university bank airline station radio
    foundation consortium corporation watchdog militia faction bloc academy college magazine broadcaster tabloid
    """
)
_MAY_BE_PEOPLE = listed("producer publisher developer operator contractor builder broker miner")
_NO_PEOPLE = (
    NOUNS
    | (COMPANIES - _MAY_BE_PEOPLE)
    | listed(
        """
        her letter power sector consulate senate another other either neither number former order plant grant restaurant
        border water tower river winter summer weather error terror labor motor floor door list murder disorder offer
        shelter helicopter freighter chapter quarter matter danger disaster counter barrier frontier layer computer
        reactor factor harbor rumor tumor horror color paper trailer tanker trigger transfer container latter corner
        war air affair year fear car clear bear hour labour four majority human significant important recent
        """
    )
)

_PERSON_NOUN = re.compile(
    r"\w*(?:ist|ian|er|or|man|woman|ant|candidate|delegate|advocate|magistrate|inmate|crat|chief|leader|diplomat|official"
    r"|head|director|expert)$"
)


# "the Springfield, Mass.-based maker of", "the Springfield, Mass., maker of": the town says nothing of who is meant.
_TOWN = re.compile(r"(?<=^[Tt]he )[A-Z][\w .'\u2019-]*?, [A-Z][\w. ]*?(?:, | ?- ?based )")
_SUBCLAUSE = re.compile(r" (?:who|which|that) ")


def company_noun(source: str) -> str | None:
    """Give the noun of "the Springfield, Mass., maker of toys", "the toy and game concern"; else None."""
    if source[:4].lower() != "the ":
        return None
    plain = _TOWN.sub("", source)
    last = plain.split()[-1].lower()
    noun = last if last in COMPANIES and not _SUBCLAUSE.search(plain) else head_noun(plain).lower()
    return noun if noun in COMPANIES else None


def head_noun(source: str) -> str:
    """Give the noun that a description is of: "head" of "the head of the court"."""
    return (ROLE_TAIL.sub("", source).split() or [""])[-1]


def is_person(source: str) -> bool:
    """Tell "the former minister", "the historian" from names and from bodies."""
    noun = head_noun(source)
    person = noun.islower() and _PERSON_NOUN.match(noun) and noun not in _NO_PEOPLE
    return noun.lower() in ROLES or bool(person)
