"""Two forms of an article: other names, quotes, lines or characters change nothing; other facts do, in a known way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import wrap

from behaviour.cases import Case, Comparison, Result, changed, seen, unchanged
from behaviour.checks import speaker_of
from behaviour.draw import Draw, capital
from behaviour.kinds.lines import unseen
from behaviour.names import CULTURES, Person
from behaviour.words import JOBS, QUOTES_BY_STYLE, Quotes, listed

_AROUND_MARKS = re.compile(r' ?" ?')
_MARKS = str.maketrans(dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"') | dict.fromkeys("\u2018\u2019`", "'"))


def _story(draw: Draw) -> Callable[[Person, Quotes], list[str]]:
    """A short article about one person, as paragraphs, for whoever it is and whatever its quotes look like."""
    town, job, fact, other = draw.town(), draw.one(JOBS), draw.fact(), draw.fact()
    words, more = draw.words(), draw.words()
    neutral, age, day, body = draw.neutral(), draw.number(20, 80), draw.weekday(), draw.body().name
    verb = draw.one(listed("said|added|explained|recalled|insisted"))

    def told(person: Person, quotes: Quotes) -> list[str]:
        return [
            f"{capital(fact)}, {person.name}, {job} from {town}, said on {day}. {neutral}",
            f"{quotes.around(f'{words},')} {person.family}, {age}, {verb}. {quotes.around(f'{more}.')}",
            f"{capital(other)}, according to the {body}. Nobody from the {body} could be reached on {day}.",
        ]

    return told


def _same(*placeholders: Callable[[str], str]) -> Comparison:
    """Compare sentences, attributions and claims, each text after its own replacements."""

    def compare(first: Result, second: Result) -> Iterator[str]:
        one, other = (_view(result, replaced) for result, replaced in zip((first, second), placeholders, strict=True))
        for what, found in one.items():
            if found != other[what]:
                yield f"{what}: {[part for part in found if part not in other[what]]} became "
                yield f"{[part for part in other[what] if part not in found]}"

    return compare


def _view(result: Result, replaced: Callable[[str], str]) -> dict[str, list[object]]:
    def shown(text: str | None) -> str | None:
        return None if text is None else replaced(seen(text))

    return {
        "sentences": [shown(unit) for unit in result.units()],
        "attributions": [
            (
                shown(found.source.text if found.source else None),
                shown(found.cue.text if found.cue else None),
                shown(found.content.text),
                shown(found.speaker),
                found.kind,
            )
            for found in result.attributions
        ],
        "claims": [shown(claim.sentence.text) for claim in result.claims],
    }


def _as_it_is(text: str) -> str:
    return text


def _straight(text: str) -> str:
    return _AROUND_MARKS.sub('"', text.translate(_MARKS).replace("''", '"').replace("'", '"'))


def _without(person: Person) -> Callable[[str], str]:
    return lambda text: text.replace(person.name, "NAME").replace(person.family, "FAMILY")


def other_name(draw: Draw) -> Case:
    told, quotes = _story(draw), draw.quotes("curly", "straight")
    first = draw.person(culture="English")
    second = draw.person(culture=draw.one([culture for culture in CULTURES if culture != "English"]), woman=first.woman)
    text, other = ("\n".join(told(person, quotes)) for person in (first, second))
    return unchanged(draw, text, other, _same(_without(first), _without(second)))


def other_quotes(draw: Draw) -> Case:
    told, person = _story(draw), draw.person()
    text, other = ("\n".join(told(person, quotes)) for quotes in (QUOTES_BY_STYLE["curly"], draw.quotes()))
    return unchanged(draw, text, other, _same(_straight, _straight))


def other_width(draw: Draw) -> Case:
    paragraphs = _story(draw)(draw.person(), draw.quotes("curly", "straight"))
    width = draw.number(56, 80)
    lines = "\n\n".join("\n".join(wrap(paragraph, width, break_on_hyphens=False)) for paragraph in paragraphs)
    return unchanged(draw, "\n\n".join(paragraphs), lines, _same(_as_it_is, _as_it_is))


def other_line_ends(draw: Draw) -> Case:
    paragraphs = _story(draw)(draw.person(), draw.quotes("curly", "straight"))
    end = draw.one(("\r\n", "\n\n", "\r\n\r\n", "\u2029", " \n", "\n\t"))
    return unchanged(draw, "\n".join(paragraphs), end.join(paragraphs), _same(_as_it_is, _as_it_is))


def characters_that_do_not_show(draw: Draw) -> Case:
    text = "\n".join(_story(draw)(draw.person(), draw.quotes("curly", "straight")))
    other = unseen(draw, text) if draw.chance(0.6) else text.replace(" ", "\u00a0")
    return unchanged(draw, text, other, _same(_as_it_is, _as_it_is))


def _speakers(result: Result, part: str) -> set[str | None]:
    return {found.speaker for found in result.attributions if part in found.content.text}


def speakers_exchanged(draw: Draw) -> Case:
    first, second, fact, other = draw.person(), draw.person(), draw.fact(), draw.fact()
    verb = draw.one(listed("said|warned|noted|argued"))

    def text(one: Person, two: Person) -> str:
        return f"{one.name} {verb} {fact}. {capital(other)}, {two.name} said."

    def compare(before: Result, after: Result) -> Iterator[str]:
        for result, (one, two) in ((before, (first, second)), (after, (second, first))):
            yield from speaker_of(fact, one.name)(result)
            yield from speaker_of(other[1:], two.name)(result)

    return changed(draw, text(first, second), text(second, first), compare)


def a_second_of_the_name(draw: Draw) -> Case:
    first = draw.person()
    second = draw.person(family=first.family, culture=first.culture, woman=first.woman)
    fact, day = draw.fact(), draw.weekday()
    said = f"{capital(fact)}, {first.family} said."

    def compare(before: Result, after: Result) -> Iterator[str]:
        yield from speaker_of(fact[1:], first.name)(before)
        yield from speaker_of(fact[1:], None, first.family)(after)

    alone, both = f"{first.name} spoke on {day}.", f"{first.name} and {second.name} spoke on {day}."
    return changed(draw, f"{alone} {said}", f"{both} {said}", compare)


def the_other_pronoun(draw: Draw) -> Case:
    man = draw.person(woman=False, culture=draw.one(("English", "Spanish", "Russian", "Arabic", "Polish", "French")))
    woman = draw.person(woman=True)
    fact, town = draw.fact(), draw.town()
    intro = f"Mr. {man.family} is a nurse. Ms. {woman.family} is a farmer.\nThey met in {town}."
    intro = f"{man.name} met {woman.name} in {town}. {intro}"

    def compare(before: Result, after: Result) -> Iterator[str]:
        yield from speaker_of(fact, man.name, None)(before)
        yield from speaker_of(fact, woman.name, None)(after)

    return changed(draw, f"{intro} He said {fact}.", f"{intro} She said {fact}.", compare)


def nobody_said_it(draw: Draw) -> Case:
    person, fact = draw.person(), draw.sentence()

    def compare(before: Result, after: Result) -> Iterator[str]:
        yield from speaker_of(fact[1:-1], person.name)(before)
        if after.attributions:
            yield f"nobody said {fact!r}, and it is attributed to {_speakers(after, fact[1:-1])}"

    return changed(draw, f"{fact[:-1]}, {person.name} said.", fact, compare)


def _score(result: Result) -> float:
    return max(found.score for found in result.event.assertions or [])


def less_of_a_claim(draw: Draw) -> Case:
    fact = draw.fact()
    other = draw.one(
        (
            f"Is it true that {fact}?",
            f"I do not care whether {fact}.",
            f"Let us hope that {fact}.",
            "What a beautiful morning it was.",
            "That is a shame.",
        )
    )

    def compare(before: Result, after: Result) -> Iterator[str]:
        if _score(before) <= _score(after):
            yield f"the score rises from {_score(before)} to {_score(after)}"

    return changed(draw, f"{capital(fact)}.", other, compare)


def a_number_makes_it_one(draw: Draw) -> Case:
    vague, exact = draw.one(
        (
            ("Crime rose.", f"Crime rose {draw.number(3, 60)} percent last year."),
            ("Some people came.", f"Some {draw.number(2, 60)},000 people were killed in the war."),
            ("It was expensive.", f"It cost the state {draw.number(2, 60)} million euros in 2019."),
            ("Sales were poor.", f"Sales fell {draw.number(3, 60)} percent in the third quarter."),
        )
    )

    def compare(before: Result, after: Result) -> Iterator[str]:
        if _score(after) <= _score(before):
            yield f"the score falls from {_score(before)} to {_score(after)}"

    return changed(draw, vague, exact, compare)
