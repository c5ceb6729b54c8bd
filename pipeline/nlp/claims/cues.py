"""A sentence in, the cues found in it out: what a reader sees at a glance that bears on whether it makes a claim."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|"
    "eighty|ninety|dozens?|scores|hundreds?|thousands?|millions?|billions?|trillions?|half|quarter|third"
)
_NUMBER = rf"(?<![\w-])(?:\d[\d,.]*\d|\d|(?:{_NUMBER_WORDS})\b)"
_MAGNITUDE = r"(?: (?:hundred|thousand|million|billion|trillion|bn|m))?"
_CURRENCIES = "dollars?|euros?|pounds?|yen|yuan|rupees?|rubles?|francs?"
_MONEY_SIGN = r"(?:US|A|C|HK)?[$\u20ac\u00a3\u00a5]"


class Cue(NamedTuple):
    """Something that was found at ``text[start:end]``; ``name`` is the key of ``CUES``."""

    name: str
    start: int
    end: int


# name -> (what it is called in a reason, pattern or stems of whole words). The classifier has one feature for each, in
# this order.
_PATTERNS: dict[str, tuple[str, str | tuple[str, ...]]] = {
    "quantity": (
        "number with a unit",
        rf"{_NUMBER}{_MAGNITUDE} (?:(?:of|more|other|new|\w+ing|\w+ed|\w+ian|\w+al) )?[a-z]{{3,}}",
    ),
    "percent": ("percentage", rf"{_NUMBER}(?: ?%| per ?cent\b| percentage points?\b)"),
    "money": (
        "amount of money",
        rf"{_MONEY_SIGN} ?\d[\d,.]*{_MAGNITUDE}|{_NUMBER}{_MAGNITUDE} (?:{_CURRENCIES})\b",
    ),
    "number": ("number", rf"{_NUMBER}"),
    "year": ("year", r"\b(?:1[6-9]|20)\d\d\b"),
    "casualties": (
        "reporting of casualties",
        (
            r"kill\w*",
            r"wound\w*",
            r"injur\w*",
            r"die[ds]?",
            "dead",
            r"deaths?",
            r"casualt\w+",
            r"fatal\w*",
            r"victims?",
            r"murder\w*",
            r"execut(?:ed|ions?)",
            r"massacre\w*",
            r"behead\w*",
            "dying",
            "toll",
        ),
    ),
    "violence": (
        "act of force",
        (
            r"attack\w*",
            r"bomb\w*",
            r"explo\w+",
            r"shot",
            r"shoot\w*",
            r"fir(?:ed|ing) (?:on|at)",
            r"raid\w*",
            r"airstrikes?",
            r"air strikes?",
            r"clash\w*",
            r"shell(?:ed|ing)",
            r"abduct\w*",
            r"kidnap\w*",
            r"hostages?",
            r"seiz\w+",
            r"invad\w+",
            r"troops",
            r"missiles?",
            r"rockets?",
            r"militants?",
            r"insurgen\w+",
            r"rebels?",
            r"gunm[ae]n",
        ),
    ),
    "justice": (
        "crime or court",
        (
            r"arrest\w*",
            r"detain\w*",
            r"charged",
            r"convict\w*",
            r"sentenc\w+",
            r"jail\w*",
            r"imprison\w*",
            r"accus\w+",
            r"alleg\w+",
            r"court",
            r"trial",
            r"guilty",
            r"corrupt\w*",
            r"fraud",
            r"violat\w+",
            r"suspects?",
            r"investigat\w+",
        ),
    ),
    "change": (
        "change or comparison",
        (
            r"rose",
            r"risen",
            r"ris(?:e|es|ing)",
            r"fell",
            r"fallen",
            r"drop(?:ped|s)?",
            r"increas\w+",
            r"decreas\w+",
            r"declin\w+",
            r"grew",
            r"grow(?:th|n|ing)?",
            r"doubled",
            r"tripled",
            r"more than",
            r"less than",
            r"fewer",
            r"at least",
            r"highest",
            r"lowest",
            r"largest",
            r"biggest",
            r"record",
            r"average",
            r"rate",
            r"percent\w*",
        ),
    ),
    "economy": (
        "economy",
        (
            r"econom\w+",
            r"prices?",
            r"profits?",
            r"exports?",
            r"imports?",
            r"oil",
            r"unemploy\w+",
            r"jobs",
            r"tax(?:es)?",
            r"budget",
            r"debt",
            r"deficit",
            r"aid",
            r"fund(?:s|ing)?",
            r"inflation",
            r"gdp",
            r"trade",
            r"spending",
        ),
    ),
    "cause": (
        "cause",
        (
            r"because",
            r"caus\w+",
            r"due to",
            r"led to",
            r"lead(?:s|ing)? to",
            r"result\w* (?:in|of|from)",
            r"blam\w+",
            r"as a result",
            r"responsib\w+",
            r"thanks to",
            r"prompt\w+",
            r"trigger\w+",
            r"after",
            r"link\w* to",
            r"forc(?:ed|ing)",
        ),
    ),
    "rule": (
        "law or rule",
        (
            r"laws?",
            r"rules?",
            r"ban(?:ned|s)?",
            r"treat(?:y|ies)",
            r"constitution\w*",
            r"legal",
            r"illegal",
            r"requir\w+",
            r"allow\w*",
            r"prohibit\w*",
            r"resolution",
            r"regulations?",
            r"agreement",
            r"sanctions?",
            r"rights?",
        ),
    ),
    "vote": (
        "vote or election",
        (
            r"vot(?:e[ds]?|ers?|ing)",
            r"election\w*",
            r"elected",
            r"ballots?",
            r"polls?",
            r"referendum",
            r"won",
            r"majority",
            r"parliament\w*",
            r"candidates?",
        ),
    ),
    "opinion_poll": (
        "opinion poll",
        (r"survey\w*", r"opinion polls?", r"poll (?:shows?|found|finds)", r"respondents?", r"approval"),
    ),
    "future": (
        "future or plan",
        (
            r"will",
            r"would",
            r"shall",
            r"plan(?:s|ned|ning)? to",
            r"expect\w*",
            r"due to",
            r"scheduled",
            r"going to",
            r"aims? to",
            r"intends? to",
            r"set to",
            r"next (?:week|month|year)",
            r"tomorrow",
            r"upcoming",
            r"forecast\w*",
            r"could",
            r"may",
            r"might",
        ),
    ),
    "position": (
        "demand or position",
        (
            r"call(?:s|ed|ing)? (?:for|on)",
            r"demand\w*",
            r"urg\w+",
            r"support\w*",
            r"oppos\w+",
            r"reject\w*",
            r"condemn\w*",
            r"promis\w+",
            r"pledg\w+",
            r"vow\w*",
            r"warn\w*",
            r"refus\w+",
            r"should",
            r"must",
            r"appeal\w*",
            r"welcom\w+",
            r"prais\w+",
            r"critici[sz]\w+",
            r"want(?:s|ed)?",
            r"ask(?:s|ed)",
        ),
    ),
    "reporting": (
        "reported speech",
        (
            r"sa(?:id|ys?|ying)",
            r"according to",
            r"told",
            r"announc\w+",
            r"report(?:s|ed)?",
            r"confirm\w*",
            r"den(?:y|ied|ies)",
            r"claim(?:s|ed)?",
            r"stat(?:es|ed)",
            r"add(?:s|ed)",
            r"argu(?:es|ed)",
            r"believ\w+",
            r"statement",
        ),
    ),
    "opinion": (
        "opinion or feeling",
        (
            r"hop(?:e[ds]?|ing)",
            r"believ\w+",
            r"thinks?",
            r"feel\w*",
            r"felt",
            r"wonderful",
            r"terrible",
            r"great",
            r"good",
            r"bad",
            r"best",
            r"worst",
            r"beautiful",
            r"important",
            r"difficult",
            r"happy",
            r"sad",
            r"proud",
            r"confident",
            r"optimistic",
            r"concern\w*",
            r"regret\w*",
            r"perhaps",
            r"clearly",
            r"unfortunately",
            r"sorry",
            r"thank\w*",
            r"confidence",
            r"hopeful",
        ),
    ),
    "meeting": (
        "meeting or visit",
        (
            r"met",
            r"meet(?:s|ing|ings)?",
            r"visit\w*",
            r"talks",
            r"arriv\w+",
            r"attend\w*",
            r"speech",
            r"spoke",
            r"conference",
            r"summit",
            r"ceremon\w+",
            r"interview\w*",
            r"discuss\w*",
            r"travel\w*",
            r"hold(?:s|ing)?",
            r"held",
            r"tour",
        ),
    ),
    "background": (
        "background",
        (
            r"born",
            r"known as",
            r"called",
            r"named",
            r"founded",
            r"located",
            r"member of",
            r"former",
            r"married",
            r"played",
            r"film",
            r"season",
            r"game",
            r"team",
            r"music",
            r"ancient",
            r"century",
            r"island",
            r"details?",
        ),
    ),
    "negation": ("negation", r"\b(?:not|no|never|none|nobody|nothing|without|neither|nor)\b|n't\b"),
    "first_person": (
        "first person",
        r"\b(?:[Ii]|[Ww]e|[Mm]y|[Oo]ur|us|me)(?:'\w+)?\b",
    ),
    "second_person": ("second person", ("you", "your", "you're", "you've")),
    "question": ("question", r"\?[\"')\]]*\s*$"),
    "exclamation": ("exclamation", r"![\"')\]]*\s*$"),
    "quote": ("quoted words", r"\"[^\"]*\"?"),
    "no_end": ("no end mark", r"[^.?!\"')\]]\s*$"),
    "speaker_start": ("pronoun as subject", r"^(?:He|She|They|It|This|That)\b"),
    "past_passive": (
        "event told as done",
        (r"(?:was|were|been|being|has|have|had) (?:\w+ly |been |also )?(?!(?:ev|be|oft|th)en\b|need\b)\w+(?:ed|en)",),
    ),
    "conditional": ("condition", ("if", "unless", "whether", "would have")),
}

_CASED = {"speaker_start", "first_person"}


def _compile(name: str, pattern: str | tuple[str, ...]) -> re.Pattern[str]:
    whole = pattern if isinstance(pattern, str) else rf"\b(?:{'|'.join(pattern)})\b"
    return re.compile(whole, 0 if name in _CASED else re.IGNORECASE)


CUES: dict[str, tuple[str, re.Pattern[str]]] = {
    name: (words, _compile(name, pattern)) for name, (words, pattern) in _PATTERNS.items()
}

# A word that every match holds, most often its first: a sentence without one of them is not searched for the rest, nor
# is one without one of the marks.
_HELD: dict[str, str] = {
    **{
        name: "|".join(stem.split(" ")[0] for stem in stems)
        for name, (_, stems) in _PATTERNS.items()
        if not isinstance(stems, str)
    },
    **dict.fromkeys(("quantity", "number"), rf"\d\w*|{_NUMBER_WORDS}"),
    "percent": "per|percent|percentage",
    "money": _CURRENCIES,
    "year": r"\d+",
    "negation": "not|no|never|none|nobody|nothing|without|neither|nor|t",  # of "n't" the last letter is a word
    "first_person": "I|we|my|our|us|me",
    "speaker_start": "He|She|They|It|This|That",
}
_HELD_WORDS = {name: re.compile(words, re.IGNORECASE) for name, words in _HELD.items()}
_MARKS = {
    "?": "question", "!": "exclamation", '"': "quote", "%": "percent",
    "$": "money", "\u20ac": "money", "\u00a3": "money", "\u00a5": "money",
}  # fmt: skip
_ENDS = tuple(".?!\"')]")
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=20_000)
def _held_by(word: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _HELD_WORDS.items() if pattern.fullmatch(word))


@lru_cache(maxsize=16)
def find_cues(sentence: str) -> tuple[Cue, ...]:
    """Give every cue of a sentence (its characters made plain), at most three of each name.

    The last few are kept: a sentence's cues are asked for when it is scored and again when that is explained.
    """
    possible = {name for mark, name in _MARKS.items() if mark in sentence}
    possible.update(*map(_held_by, _WORD.findall(sentence)))
    if not sentence.endswith(_ENDS):
        possible.add("no_end")
    return tuple(
        Cue(name, *match.span())
        for name, (_, pattern) in CUES.items()
        if name in possible
        for match in islice(pattern.finditer(sentence), _MOST)
    )


_MOST = 3
_REASON_CHARS = 40


def name_cue(sentence: str, cue: Cue) -> str:
    """Say in words what a cue is and where it stands: `number with a unit: "240,000 people"`."""
    return f'{CUES[cue.name][0]}: "{shorten(sentence[cue.start : cue.end])}"'


def holder(cues: Iterable[tuple[int, int, str]], start: int, end: int) -> str | None:
    """Give the name of the first of some cues (start, end, name) that a word stands in."""
    for cue_start, cue_end, name in cues:
        if cue_start <= start and end <= cue_end:
            return name
    return None


def shorten(text: str) -> str:
    """Keep the head of a long cue, without the marks that it stands in."""
    bare = text.strip().strip('"\u201c\u201d\u00ab\u00bb').strip()
    return bare if len(bare) <= _REASON_CHARS else f"{bare[:_REASON_CHARS].rstrip()}\u2026"
