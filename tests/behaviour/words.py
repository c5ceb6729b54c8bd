"""What the templates are filled with: places, bodies, companies, facts, roles, verbs and quotation marks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Body:
    """An organisation with an acronym of its initials."""

    name: str
    acronym: str


@dataclass(frozen=True)
class Company:
    """A company, with the noun that news uses for it."""

    name: str
    noun: str
    ticker: str


@dataclass(frozen=True)
class Quotes:
    """The marks around a quote and around a quote within it; curly or straight apostrophes go with them."""

    style: str
    opening: str
    closing: str
    inner_opening: str
    inner_closing: str

    def around(self, text: str) -> str:
        """Set a text in quotes."""
        return f"{self.opening}{text}{self.closing}"

    def within(self, text: str) -> str:
        """Set a text in the quotes of a quote within another."""
        return f"{self.inner_opening}{text}{self.inner_closing}"


def listed(words: str) -> tuple[str, ...]:
    """Give what stands between bars, line ends or not."""
    return tuple(" ".join(word.split()) for word in words.split("|"))


QUOTES = (
    Quotes("curly", "\u201c", "\u201d", "\u2018", "\u2019"),
    Quotes("straight", '"', '"', "'", "'"),
    Quotes("british", "\u2018", "\u2019", "\u201c", "\u201d"),
    Quotes("british-straight", "'", "'", '"', '"'),
    Quotes("tex", "``", "''", "`", "'"),
    Quotes("guillemets", "\u00ab", "\u00bb", "\u201c", "\u201d"),
    Quotes("spaced-guillemets", "\u00ab ", " \u00bb", "\u201c", "\u201d"),
)
QUOTES_BY_STYLE = {quotes.style: quotes for quotes in QUOTES}

CITIES = listed(
    "London|Paris|New Delhi|Mumbai|Lagos|Nairobi|Brussels|Geneva|Detroit|Tokyo|Washington|Beirut|Baghdad|Kabul|Jakarta|"
    "Seoul|Beijing|Moscow|Madrid|Manila|Cairo|Karachi|Dhaka|Accra|Warsaw|Ottawa|Canberra|Johannesburg|Abuja|Ankara"
)
# Towns that no gazetteer has.
TOWNS = listed(
    "Tarn|Sparrow|Pelra|Selby Ford|Vihanga|Kaimora|Delvane|New Selby|Port Lorne|Astrava|Mirandu|Oxbury|Kenyon Falls|"
    "Bandolo|Quarne|Strelno|Halvik|Tumbara|San Berto|Ridgewater"
)
COUNTRIES = listed("France|Lebanon|India|Nigeria|Kenya|Spain|Poland|Indonesia|Peru|Ukraine|Egypt|Norway|Iraq|Ghana")
STATES = listed("Nev.|Calif.|Mass.|Ont.|Pa.|Ky.|Texas|Ohio|Mont.|N.Y.|N.C.|Va.")
MONTHS = listed("Jan|Jan.|January|Feb|Feb.|Mar|March|Apr|April|May|Jun|June|Jul|July|Aug|Aug.|Sept.|Oct|Oct.|Nov.|Dec")
AGENCIES = listed("Reuters|AP|AFP|PTI|ANI|Xinhua|IANS|UPI|Bloomberg|dpa|TASS|EFE|CNN|BBC|NAN|GNA|Kyodo|Yonhap")

_REAL_BODIES = (
    Body("World Health Organization", "WHO"),
    Body("International Monetary Fund", "IMF"),
    Body("European Central Bank", "ECB"),
    Body("Human Rights Watch", "HRW"),
    Body("World Bank", "WB"),
    Body("African Union", "AU"),
    Body("International Energy Agency", "IEA"),
    Body("National Weather Service", "NWS"),
    Body("Food and Agriculture Organization", "FAO"),
    Body("World Food Programme", "WFP"),
)
_BODY_FIRST = listed(
    "Northern|National|Central|Kaimora|Delvane|Ironland|Federal|Independent|United|Pelra|Halvik|Eastern"
)
_BODY_SECOND = listed("Water|Teachers|Farmers|Port|Defence|Health|Election|Nurses|Transport|Rights|Banking|Fishing")
_BODY_THIRD = listed(
    "Authority|Union|Commission|Agency|Council|Federation|Association|Institute|Corporation|Board|Forces"
)
BODIES = (
    *_REAL_BODIES,
    *(
        Body(f"{first} {second} {third}", first[0] + second[0] + third[0])
        for at, first in enumerate(_BODY_FIRST)
        for second, third in zip(_BODY_SECOND, (_BODY_THIRD * 3)[at:], strict=False)
    ),
)

_COMPANY_FIRST = listed("Zenith|Acme|Orvane|Lumora|Brightwell|Castor|Veldra|Norhaven|Tesserix|Kopal")
_COMPANY_KINDS = (
    ("Motors", "automaker"),
    ("Airlines", "airline"),
    ("Bank", "bank"),
    ("Corp.", "company"),
    ("Inc", "company"),
    ("Foods", "company"),
    ("Telecom", "company"),
    ("Steel Ltd", "company"),
    ("Pharma", "drugmaker"),
    ("Energy", "company"),
)
COMPANIES = tuple(
    Company(f"{first} {kind}", noun, first[:4].upper()) for first in _COMPANY_FIRST for kind, noun in _COMPANY_KINDS
)

# Facts without a name in them: they start a sentence, and go on one with a small letter.
FACTS = listed(
    "unemployment in the district fell to 4 percent in 2020|crime rose 20 percent last year|300 people were killed|"
    "the bridge cost 3 million euros|the unemployment rate fell to 4 percent|growth would slow to 2 percent|"
    "20 countries were affected|prices rose 9 percent in May|"
    "the government has allocated 300 million euros for railways|"
    "the city spent 3 million euros on the bridge in 2019|the school had met all 12 conditions|"
    "40 workers had been dismissed|the tunnel would cost 90 million dollars|75 families were evicted|"
    "sales fell 12 percent in the third quarter|the clinic treated 900 patients in March|"
    "two in three voters want lower taxes|exports will reach 90 million euros|the dam holds 6 billion litres of water|"
    "hospitals lack 1,400 nurses"
)
# What people say of themselves, to be quoted.
WORDS = listed(
    "We lost 300 jobs in one week|We lost 300 jobs and nobody warned us|Crime is up 20 percent|"
    "We lost our house and 20 animals|Nobody helped us in 2019|The new quay will double exports|"
    "I raised the pay of 900 teachers in 2012|We were told it would cost 1 million|"
    "They closed three of our five clinics|"
    "The water has not been safe since March|My brother has worked there for 30 years|"
    "It is the worst drought in 40 years|"
    "We have no money left for the winter|The police came two hours too late|Half of the shops here have closed|"
    "You cannot run a hospital without nurses|The road was never finished|Our work will help the 300 people we serve"
)
# Sentences that report nothing and name nobody, to stand around others.
NEUTRAL = listed(
    "The road was closed for two hours.|It rained all day.|The shops opened late.|The match was played in the evening.|"
    "The building is old.|Most of the windows were broken.|The harbour lay still.|Traffic was heavy.|The trial goes on."
)

ROLES = listed(
    "mayor|finance minister|governor|chief executive|spokesman|spokeswoman|union leader|police chief|coach|senator|"
    "headteacher|prosecutor"
)
JOBS = listed(
    "a customs broker|a nurse|a farmer|a bus driver|a retired teacher|a fisherman|a Democrat|"
    "a taxi driver|a lawyer|a student|a shopkeeper|a former striker|a welder"
)
RELATIVES = listed(
    "who runs a bakery|who has lived here for 20 years|whose house burned down|who lost the farm in May|"
    "who heads the union|who was not at the meeting|whose brother was hurt"
)
# Titles that are no part of a name.
TITLES = listed(
    "Mayor|Prof|Prof.|Professor|Dr|Dr.|President|Prime Minister|Senator|Sen.|Rep.|Governor|Gov.|Justice|Judge|Captain|"
    "Capt.|Col.|Colonel|Lt. Gen.|Sgt.|Inspector|Superintendent|DSP|ADC|Principal|Commissioner|Chancellor|CEO|Chairman|"
    "Engr.|Barrister|Pastor|Rev.|Bishop|Alhaji|Shri|Ambassador|Deputy Mayor|Police Chief|Finance Minister|Coach|"
    "Hon.|Comrade|Secretary-General|Archbishop|Councillor|Cllr|MP|Detective|Major"
)
# Verbs of speech and of manner beside a quote, in the past and present.
VERBS = listed(
    "said|added|continued|sighed|clarified|texted|maintained|stated|noted|explained|argued|warned|insisted|recalled|joked|"
    "laughed|shouted|whispered|snapped|replied|answered|responded|remarked|quipped|commented|observed|concluded|conceded|"
    "admitted|acknowledged|confirmed|declared|announced|asserted|claimed|alleged|contended|countered|stressed|emphasised|"
    "emphasized|reiterated|repeated|pleaded|cautioned|predicted|promised|vowed|wrote|tweeted|posted|emailed|says|adds|"
    "pointed out|went on|chimed in|complained|lamented|mused|muttered|mumbled|grumbled|yelled|cried|boasted|"
    "interjected|suggested|testified|reasoned|summed up|shot back|enthused|fumed|confessed|hinted|told reporters|"
    "told the BBC|"
    "told AFP|said on Monday|said in a statement|said by phone|tells visitors|recounted|thundered|agreed|protested"
)
# Verbs that the one who speaks may follow: "..." pointed out Ada Quill.
INVERTED_VERBS = tuple(
    verb for verb in VERBS if not verb.startswith(("told", "tells", "said ", "went on", "chimed")) and verb != "agreed"
)
# Verbs with a clause, for what is said without quotes.
CLAUSE_VERBS = listed(
    "said|says|stated|states|noted|notes|maintained|maintains|explained|warned|insisted|confirmed|claimed|added|argued|"
    "announced|estimated|alleged|conceded|pointed out|predicted|acknowledged|reiterated|recalled|concluded|found"
)
WEEKDAYS = listed("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday")
