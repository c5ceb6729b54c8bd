"""No reports: a verb of speech that names, orders, offers, counts or moves reports nothing."""

from __future__ import annotations

from behaviour.cases import Case, minimum
from behaviour.checks import no_cue
from behaviour.draw import Draw
from behaviour.words import listed

# Behind the subject: what is no report, and the verb that must be no cue.
_NAMINGS = (
    ("calls itself {noun}, but it sells wine", "calls"),
    ("called itself {noun} for years", "called"),
    ("named {him} director of the museum", "named"),
    ("is known as {noun}", "known"),
    ("was called {noun} in those days", "called"),
    ("declared {him} the winner of the race", "declared"),
)
_ORDERS = (
    ("asked {him} to try", "asked"),
    ("asked {him} to wait outside", "asked"),
    ("told {him} to go home", "told"),
    ("ordered the army to leave {town}", "ordered"),
    ("urged on the horses", "urged"),
    ("called {him} at night", "called"),
    ("begged {him} to stay", "begged"),
    ("advised {him} for ten years", "advised"),
    ("invited {him} to {town}", "invited"),
)
_OTHERS = (
    ("offers pipes for farms", "offers"),
    ("offered {him} a seat", "offered"),
    ("leads the market as it offers pipes for farms", "offers"),
    ("responded carrying hoses and ladders", "responded"),
    ("responded to the fire within minutes", "responded"),
    ("added 300 jobs in May", "added"),
    ("added sugar to the tea", "added"),
    ("continued to fall", "continued"),
    ("continued along the road to {town}", "continued"),
    ("answered the phone at once", "answered"),
    ("repeated the test in March", "repeated"),
    ("observed two minutes of silence", "observed"),
    ("conceded two goals", "conceded"),
    ("admitted 40 patients in one night", "admitted"),
    ("acknowledged the crowd with a wave", "acknowledged"),
    ("maintained the road for 20 years", "maintained"),
    ("pointed a gun at {him}", "pointed"),
    ("pointed to the door", "pointed"),
    ("went on a trip to {town}", "went"),
    ("wrote three novels", "wrote"),
    ("read the letter in silence", "read"),
    ("posted the parcel on {day}", "posted"),
    ("posted a profit of 3 million euros", "posted"),
    ("laughed and left the room", "laughed"),
    ("cried for two hours", "cried"),
    ("snapped the rope in two", "snapped"),
    ("concluded the talks in {town}", "concluded"),
    ("claimed third place in the race", "claimed"),
    ("claimed 300 lives", "claimed"),
    ("issued 40 permits", "issued"),
    ("stressed the old bridge", "stressed"),
    ("reports to the head of the board", "reports"),
)


def _no_report(draw: Draw, options: tuple[tuple[str, str], ...]) -> Case:
    person = draw.person()
    subject = draw.one((person.name, f"The {draw.body().name}", "El Farolito", "The firm", "The team", "A neighbour"))
    predicate, verb = draw.one(options)
    noun = draw.one(listed("a bakery|the Queen of the North|the City of Bridges|a family"))
    him = draw.one(("him", "her", draw.person().name))
    said = predicate.format(noun=noun, him=him, town=draw.town(), day=draw.weekday())
    text = f"{subject} {said}."
    if draw.chance(0.3):
        text = f"{text} {draw.neutral()}"
    elif draw.chance(0.3):
        text = f"{draw.neutral()} {text}"
    return minimum(draw, text, no_cue(verb))


def naming(draw: Draw) -> Case:
    return _no_report(draw, _NAMINGS)


def order(draw: Draw) -> Case:
    return _no_report(draw, _ORDERS)


def other_sense(draw: Draw) -> Case:
    return _no_report(draw, _OTHERS)


def inside_a_report(draw: Draw) -> Case:
    paper, person = draw.town(), draw.person()
    predicate, verb = draw.one(tuple(pair for pair in _OTHERS if "{" not in pair[0]))
    text = draw.one((f"The firm {predicate}, the paper {paper} reported.", f"{person.name} said the firm {predicate}."))
    return minimum(draw, text, no_cue(verb))
