"""Lines and characters: wrapped paragraphs, glued sentences, TeX quotes, characters that do not show."""

from __future__ import annotations

from textwrap import wrap

from behaviour.cases import Case, minimum
from behaviour.checks import direct, label, sentence, sentences, speaker_of
from behaviour.draw import Draw, capital
from behaviour.words import QUOTES_BY_STYLE, listed

_ZERO_WIDTH_SPACE = "\u200b"

_LONGER = listed(
    "more than twice what was planned|the lowest figure since the war|as many as in the whole of the year before|"
    "although the council had promised another result to the people of the district"
)


def _long_sentence(draw: Draw) -> str:
    person = draw.person()
    tail = draw.one(("the auditor said", "according to the statistics office", f"{person.name} said", "officials said"))
    return f"{capital(draw.fact())}, {draw.one(_LONGER)}, {tail}."


def _paragraph(draw: Draw) -> list[str]:
    most = draw.number(2, 4)
    return [_long_sentence(draw) if draw.chance(0.7) else draw.sentence() for _ in range(most)]


def wrapped(draw: Draw, paragraphs: list[list[str]]) -> str:
    """Set paragraphs of sentences in lines of a width, as mail, old wires and PDF do."""
    width = draw.number(56, 80)
    end = draw.one(("\n", "\n", "\r\n"))
    indent = draw.one(("", "", "    ", "  "))
    first = draw.one(("", "", "   ")) if not indent else ""
    gap = end if draw.chance(0.5 if first else 0.2) else end + end
    blocks = [
        end.join(
            wrap(
                " ".join(sentences),
                width,
                initial_indent=first or indent,
                subsequent_indent=indent,
                break_on_hyphens=False,
            )
        )
        for sentences in paragraphs
    ]
    return gap.join(blocks)


def wrapped_paragraph(draw: Draw) -> Case:
    paragraph = _paragraph(draw)
    return minimum(draw, wrapped(draw, [paragraph]), sentences(*paragraph))


def wrapped_paragraphs(draw: Draw) -> Case:
    paragraphs = [_paragraph(draw) for _ in range(draw.number(2, 4))]
    text = wrapped(draw, paragraphs)
    return minimum(draw, text, sentences(*(one for paragraph in paragraphs for one in paragraph)))


def wrapped_report(draw: Draw) -> Case:
    person, words = draw.person(), draw.words()
    quote = QUOTES_BY_STYLE[draw.one(("straight", "curly", "tex"))].around(f"{words},")
    first = f"{capital(draw.fact())}, {draw.one(_LONGER)}, Mayor {person.name} said on {draw.weekday()}."
    second = f"{quote} {person.pronoun} said."
    text = wrapped(draw, [[first], [second]])
    return minimum(draw, text, sentences(first, second), speaker_of(words, person.name))


def lines_of_their_own(draw: Draw) -> Case:
    """What is not wrapped stays apart: a headline, one sentence a line, a list."""
    first, second, third = draw.sentence(), draw.sentence(), draw.sentence()
    if draw.chance(0.5):
        return minimum(draw, f"{first}\n{second}\n{third}", sentences(first, second, third))
    title = draw.one(listed("Budget of the district|What we know so far|A city in debt|Crime and prices"))
    text = f"{title}\n{first}\n{second}"
    return minimum(draw, text, sentences(title, first, second), sentence(title, "headline"))


def glued_sentences(draw: Draw) -> Case:
    first = draw.one(
        (
            f"Police say he was {draw.number(12, 70)}.",
            f"A man died on {draw.weekday()}.",
            "Is it true?",
            "Nobody was hurt!",
            f"It happened in {draw.number(1950, 2024)}.",
            f"She lives in {draw.town()}.",
            "Prices rose 9%.",
            f"{draw.quotes('curly').around('It is over.')}",
        )
    )
    second = draw.one(
        (
            "The mayor said 20 people were hurt.",
            "Police say so.",
            "Nobody knows.",
            "He was a bus driver.",
            "In May, sales fell 12 percent.",
            "But the road is closed.",
            f"{draw.quotes('curly').around('We lost 300 jobs,')} she said.",
        )
    )
    around = draw.neutral()
    text = f"{first}{second}"
    if draw.chance(0.4):
        return minimum(draw, f"{around} {text}", sentences(around, first, second))
    return minimum(draw, text, sentences(first, second))


def not_glued(draw: Draw) -> Case:
    """Full stops inside words end nothing."""
    word = draw.one(
        listed(
            "Booking.com|U.S.-led forces|the site example.org|node.js|version 2.0.1|p.m.|No.10|a 3.5-litre engine|"
            "Yahoo!News|the U.N.|St.Petersburg|e.g.beans|A.B.C. News|the file report.PDF|the user J.Smith"
        )
    )
    text = f"The police closed {word} in {draw.number(1990, 2024)} after two days."
    return minimum(draw, text, sentences(text))


def abbreviation_in_brackets(draw: Draw) -> Case:
    person, town = draw.person(), draw.town()
    text = draw.one(
        (
            f"The king met the new prime minister (Rtd.) General {person.name} on {draw.weekday()}.",
            f"Brig. (Retd.) {person.name} was born in {town}.",
            f"Prices could rise by 47 percent, a study finds (J. {person.family} et al. Preprint at Zenolo; 2025).",
            f"The law ({draw.one(('Art.', 'Sec.', 'No.', 'Ch.'))} 12) was passed in {town}.",
            f"Prices rose (see Fig. 3) in {town}.",
            f"He was born in {town} (approx. 300 km from the capital) in 1962.",
            f"The firm ({person.family} Bros. Ltd.) cut 300 jobs.",
            f"It rose by 4 percent (est. 5 percent in May) in {town}.",
            f"The report ({person.family} et al., 2019) names 40 towns.",
        )
    )
    return minimum(draw, text, sentences(text))


def tex_quotes(draw: Draw) -> Case:
    person, first, second = draw.person(), draw.words(), draw.words()
    if draw.chance(0.3):
        quote = f"''{first},''"
        text = f"{quote} {person.family} said."
        return minimum(draw, text, direct(quote), speaker_of(first, person.family))
    quote, more = f"``{first},''", f"``{second}.''"
    text = f"The mayor, {person.name}, spoke. {quote} {person.family} said. {more}"
    return minimum(draw, text, direct(quote), direct(more), speaker_of(second, person.name), sentence(more))


def unseen(draw: Draw, text: str) -> str:
    """Put characters that do not show into a text: soft hyphens in long words, zero-width ones around words."""
    words = []
    for word in text.split(" "):
        if len(word) > 5 and word.isalpha() and draw.chance(0.6):
            at = draw.number(2, len(word) - 2)
            words.append(f"{word[:at]}\u00ad{word[at:]}")
        elif draw.chance(0.15):
            words.append(word + draw.one(("\u200b", "\ufeff", "\u200c", "\u2060")))
        else:
            words.append(word)
    return " ".join(words)


def invisible_characters(draw: Draw) -> Case:
    person, fact = draw.person(), draw.fact()
    job = draw.one(listed("Employment Minister|Mayor|Finance Minister|spokesman"))
    text = f"{capital(fact)}, {job} {person.name.replace(' ', f'{_ZERO_WIDTH_SPACE} ')}\u200b said."
    if draw.chance(0.4):
        text = f"{person.name} said {fact}."
    shown = unseen(draw, text)
    return minimum(draw, shown, sentences(text), label(person.name, "PERSON"), speaker_of(fact[1:], person.name))


def soft_hyphens(draw: Draw) -> Case:
    fact = draw.fact()
    noun = draw.one(("minister", "government", "commissioner", "company"))
    hyphened = f"{noun[:3]}\u00ad{noun[3:6]}\u00ad{noun[6:]}"
    return minimum(draw, f"{capital(fact)}, the {hyphened} said.", speaker_of(fact[1:], None))
