"""Quotes: a whole quoted sentence is a direct attribution, with any verb or none, and nothing crosses its end."""

from __future__ import annotations

from typing import NamedTuple

from behaviour.cases import Case, Check, minimum
from behaviour.checks import direct, no_content, reported, speaker_of, within
from behaviour.draw import Draw, capital
from behaviour.names import Person
from behaviour.words import CLAUSE_VERBS, INVERTED_VERBS, RELATIVES, TITLES, VERBS, listed


class Source(NamedTuple):
    """Who stands beside a quote: the words, the names that the speaker may have, and what must stand before it."""

    text: str
    names: tuple[str | None, ...]
    before: str = ""


def _introduced(draw: Draw, person: Person) -> str:
    job = draw.job(person)
    return f"{person.name}, {job}, was at the town hall on {draw.weekday()}. "


def _source(draw: Draw, *, inverted: bool = False) -> Source:
    """A source in one of the forms of news; after its verb only what may stand there."""
    person, body, town = draw.person(), draw.body(), draw.town()
    name, family = person.name, person.family
    names = (name,)
    tail = "" if inverted else ","
    age = draw.number(19, 88)
    forms = [
        Source(name, names),
        Source(family, names, _introduced(draw, person)),
        Source(family, (family,)),
        Source(f"{draw.one(TITLES)} {name}", names),
        Source(f"{person.courtesy} {family}", names, _introduced(draw, person)),
        Source(f"{family}, {age}{tail}", (family,)),
        Source(f"{name}, {age}{tail}", names),
        Source(f"{family}, {age}{tail}", names, _introduced(draw, person)),
        Source(f"{name}, {draw.job(person)}{tail}", names),
        Source(f"{family}, {draw.job(person)}{tail}", (family,)),
        Source(f"{name}, {draw.job(person)} from {town}{tail}", names),
        Source(f"{name}, {draw.one(RELATIVES)}{tail}", names),
        Source(f"{name} of the {body.name}", names),
        Source(f"the mayor of {town}", (None,)),
        Source("the mayor", names, f"{name}, the mayor of {town}, was at the town hall on {draw.weekday()}. "),
        Source("one resident", (None,)),
        Source(f"the {body.name}", (body.name,)),
        Source(f"{body.acronym}", (body.name,), f"The {body.name} ({body.acronym}) met on {draw.weekday()}. "),
    ]
    if not inverted:
        forms.append(Source(person.pronoun, names, _introduced(draw, person)))
    return draw.one(forms)


def _quoted(draw: Draw, mark: str = ",") -> tuple[str, str, str]:
    """What is said, as a quote, and the style's name."""
    words, quotes = draw.words(), draw.quotes()
    return words, quotes.around(words + mark), quotes.style


def _checks(quote: str, words: str, source: Source) -> tuple[Check, ...]:
    return direct(quote), speaker_of(words, *source.names)


def source_and_verb(draw: Draw) -> Case:
    words, quote, _ = _quoted(draw)
    source = _source(draw)
    text = f"{source.before}{capital(quote)} {source.text} {draw.one(VERBS)}."
    return minimum(draw, text, *_checks(quote, words, source))


def verb_and_source(draw: Draw) -> Case:
    words, quote, _ = _quoted(draw)
    source = _source(draw, inverted=True)
    text = f"{source.before}{quote} {draw.one(INVERTED_VERBS)} {source.text}."
    return minimum(draw, text, *_checks(quote, words, source))


def source_first(draw: Draw) -> Case:
    words, quote, _ = _quoted(draw, ".")
    source = _source(draw)
    verb = draw.one([verb for verb in VERBS if " on " not in verb and verb not in {"agreed", "protested"}])
    text = f"{source.before}{capital(source.text)} {verb}{draw.one((':', ','))} {quote}"
    return minimum(draw, text, *_checks(quote, words, source))


def quote_goes_on(draw: Draw) -> Case:
    words, quote, style = _quoted(draw)
    quotes, more = draw.quotes(style), draw.words()
    source = _source(draw)
    second = quotes.around(f"{more}.")
    text = f"{source.before}{quote} {source.text} {draw.one(VERBS)}. {second}"
    return minimum(draw, text, *_checks(quote, words, source), *_checks(second, more, source))


def dash_and_name(draw: Draw) -> Case:
    words, quote, _ = _quoted(draw, ".")
    person = draw.person()
    dash = draw.one((" -", " \u2013 ", " \u2014 ", " \u2014", " -- ", "\n\u2014 ", "\n- "))
    who = draw.one((person.name, f"Commissioner {person.name}", f"{person.name}, {draw.job(person)}"))
    return minimum(draw, f"{quote}{dash}{who}", direct(quote), speaker_of(words, person.name))


def name_and_colon(draw: Draw) -> Case:
    words, quote, _ = _quoted(draw, ".")
    source = _source(draw, inverted=True)
    return minimum(draw, f"{source.before}{capital(source.text)}: {quote}", *_checks(quote, words, source))


def statement(draw: Draw) -> Case:
    company = draw.company()
    if draw.chance(0.5):
        _, quote, _ = _quoted(draw)
        noun = draw.one(listed("statement|letter|report|sign|banner|post|complaint"))
        tail = draw.one((f"the {noun} reads", f"the {noun} read", f"read a {noun} from {company.name}"))
        return minimum(draw, f"{quote} {tail}.", direct(quote))
    _, quote, _ = _quoted(draw, ".")
    return minimum(draw, quote, direct(quote))


def quote_of_a_line(draw: Draw) -> Case:
    _, quote, _ = _quoted(draw, ".")
    paper = draw.one(listed("letter|report|indictment|complaint|statement|diary"))
    return minimum(draw, f"According to the {paper}:\n{quote}", direct(quote), reported(quote, "According to"))


def quote_over_paragraphs(draw: Draw) -> Case:
    quotes = draw.quotes("curly", "straight", "tex")
    first, second, person = draw.words(), draw.words(), draw.person()
    blank = draw.one(("\n", "\n\n"))
    opened, closed = f"{quotes.opening}{first}.", quotes.around(f"{second}.")
    text = f"{person.name} {draw.one(('said', 'explained', 'recalled'))}: {opened}{blank}{closed}"
    return minimum(draw, text, speaker_of(first, person.name), speaker_of(second, person.name), direct(closed))


def clause_without_quotes(draw: Draw) -> Case:
    fact, company = draw.fact(), draw.company()
    verb = draw.one(listed("state|states|note|notes|maintains|reports|explains|clarifies|shows|reveals"))
    who = draw.one(("Court records", "The letter", "The auditor", f"The relief agency {company.name}", "A new study"))
    plural = who.endswith("records")
    verb = verb.removesuffix("s") if plural else f"{verb.removesuffix('s')}s"
    that = "" if verb.startswith("report") and draw.chance(0.5) else "that "
    if verb.startswith("report") and draw.chance(0.5):
        text, part = f"{who} now {verb} about a rise in attacks on schools.", "attacks on schools"
    else:
        text, part = f"{who} {verb} {that}{fact}.", fact
    return minimum(draw, text, reported(part, verb))


def clause_and_source(draw: Draw) -> Case:
    fact, source = draw.fact(), _source(draw)
    verb = draw.one(CLAUSE_VERBS)
    text = f"{source.before}{capital(source.text)} {verb} {draw.one(('that ', ''))}{fact}."
    return minimum(draw, text, speaker_of(fact, *source.names), reported(fact, verb))


def told_somebody(draw: Draw) -> Case:
    words, quote, _ = _quoted(draw)
    person = draw.person()
    hearer = draw.one(listed("the BBC|AFP|reporters|The Delvane Herald|a court in Tarn|the committee|Al Jazeera"))
    tail = f"{draw.one((person.name, person.family))} told {hearer}"
    text = f"{quote} {tail}."
    return minimum(draw, text, direct(quote), no_content(tail), speaker_of(words, person.name, person.family))


def quote_in_a_quote(draw: Draw) -> Case:
    quotes, person = draw.quotes("curly", "straight", "british", "tex", "guillemets"), draw.person()
    inner = quotes.within(draw.one(listed("we lost 300 jobs|you have lost your job|the road is closed|go home")))
    forms = (
        (f"He told me {inner} and left", ","),
        (f"My boss told me {inner} and he laughed", ","),
        (f"They shouted {inner} at 40 people", ","),
        (f"She said {inner} to all of us, and nobody answered", ","),
    )
    words, mark = draw.one(forms)
    verb = draw.one(listed("said|recalled|explained|added|told reporters"))
    if draw.chance(0.6):
        quote = quotes.around(words + mark)
        text = f"{quote} {person.name} {verb}."
    else:
        quote = quotes.around(f"{words}.")
        text = f"{person.name} {verb}: {quote}"
    return minimum(draw, text, direct(quote), within(inner), no_content(f"{person.name} {verb}"))


def two_quotes_in_a_quote(draw: Draw) -> Case:
    quotes, person = draw.quotes("curly", "straight"), draw.person()
    asked, answered = quotes.within("How many died?"), quotes.within("Three hundred,")
    quote = quotes.around(f"I asked him, {asked} He said, {answered}")
    verb = draw.one(listed("recalled|said|told reporters|remembered"))
    text = f"{quote} {person.name} {verb}."
    return minimum(draw, text, within(quote), no_content(f"{person.name} {verb}"))


def report_behind_a_quote(draw: Draw) -> Case:
    words, quote, _ = _quoted(draw)
    person, fact = draw.person(), draw.fact()
    text = f"{quote} {person.name} said, adding that {fact}."
    checks = (direct(quote), within(quote), speaker_of(fact, person.name), speaker_of(words, person.name))
    return minimum(draw, text, *checks)


def verb_in_a_quote(draw: Draw) -> Case:
    quotes, person = draw.quotes(), draw.person()
    words = draw.one(
        listed(
            "We lost 300 jobs and nobody warned us|They promised nothing|Nobody asked us|My father always said so|"
            "The minister told us to wait and then he left|People say it and mean it|I was never told"
        )
    )
    quote = quotes.around(f"{words},")
    tail = f"{person.name} {draw.one(('said', 'told the BBC', 'told AFP', 'said on Monday'))}"
    return minimum(draw, f"{quote} {tail}.", direct(quote), within(quote), no_content(tail))
