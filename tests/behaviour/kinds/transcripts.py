"""Interviews and transcripts: who has the word, in capitals, behind ">>", by number; and labels that are nobody."""

from __future__ import annotations

from behaviour.cases import Case, minimum
from behaviour.checks import no_speaker, sentence, speaker_of
from behaviour.draw import Draw, capital
from behaviour.words import QUOTES_BY_STYLE, listed

# Sections of papers, wires' slugs and notes to editors before a colon or dash.
LABELS = listed(
    "MARKETS|FOOTBALL|KILL|TEXT|UPDATE|CORRECTED|CRICKET|TENNIS|WEATHER|SPORT|SPORTS|BUSINESS|WORLD|POLITICS|HEALTH|"
    "SCIENCE|TECHNOLOGY|ENTERTAINMENT|OPINION|EDITORIAL|OBITUARY|PROFILE|FEATURE|FOREX|STOCKS|BONDS|OIL|GOLD|POLL|TABLE|"
    "RPT|REFILE|ADVISORY|HIGHLIGHTS|FACTBOX|BOXING|RUGBY|GOLF|ATHLETICS|BASKETBALL|LIFESTYLE|TRAVEL|FILM|MUSIC|BOOKS"
)
_TWO_WORDS = listed("STOCK MARKETS|WORLD CUP|FORMULA ONE|US STOCKS|GLOBAL MARKETS|MONEY MARKETS|FACT CHECK|LIVE BLOG")


def turns_by_name(draw: Draw) -> Case:
    first, second = draw.person(), draw.person()
    said, answered = draw.sentence(), draw.sentence()
    arrows = draw.one(("", "", ">> "))
    role = draw.one(("", "", ", HOST", ", CORRESPONDENT", " (VOICE-OVER)"))
    blank = draw.one(("\n", "\n\n"))
    text = f"{arrows}{first.name.upper()}{role}: {said}{blank}{arrows}{second.name.upper()}: {answered}"
    return minimum(draw, text, speaker_of(said, first.name), speaker_of(answered, second.name))


def turns_by_surname(draw: Draw) -> Case:
    first, second = draw.person(), draw.person()
    said, answered = draw.sentence(), draw.sentence()
    arrows = draw.one(("", ">> "))
    text = (
        f"{arrows}{first.name.upper()}, HOST: Welcome to the show.\n{arrows}{second.name.upper()}: Thank you.\n"
        f"{arrows}{first.family.upper()}: {said}\n{arrows}{second.family.upper()}: {answered}"
    )
    return minimum(draw, text, speaker_of(said, first.name), speaker_of(answered, second.name))


def turns_of_one_surname(draw: Draw) -> Case:
    first = draw.person(woman=True)
    second = draw.person(woman=False, family=first.family, culture=first.culture)
    said, answered = draw.sentence(), draw.sentence()
    if draw.chance(0.5):
        text = f"{first.name.upper()}, HOST: {said}\n{second.name.upper()}: {answered}"
        return minimum(draw, text, speaker_of(said, first.name), speaker_of(answered, second.name))
    ms = draw.one(("MRS.", "MS."))
    text = f"{ms} {first.family.upper()}: {said}\nMR. {first.family.upper()}: {answered}"
    mine, his = f"{ms} {first.family}", f"MR. {first.family}"
    return minimum(draw, text, speaker_of(said, mine, None), speaker_of(answered, his, None))


def numbered_speakers(draw: Draw) -> Case:
    said, answered = draw.sentence(), draw.sentence()
    noun = draw.one(("SPEAKER", "Speaker", "UNIDENTIFIED SPEAKER", "INTERVIEWER", "Interviewee"))
    arrows = draw.one(("", ">> "))
    text = f"{arrows}{noun} 1: {said}\n{arrows}{noun} 2: {answered}"
    return minimum(draw, text, speaker_of(said, None, f"{noun} 1"), speaker_of(answered, None, f"{noun} 2"))


def arrows_alone(draw: Draw) -> Case:
    said, answered = draw.sentence(), draw.sentence()
    return minimum(draw, f">> {said}\n>> {answered}", sentence(said), speaker_of(answered, None))


def questions_and_answers(draw: Draw) -> Case:
    person, answer = draw.person(), draw.sentence()
    question = draw.one(listed("What have you done for schools?|Why did you leave?|How many people were hurt?"))
    words = draw.one(
        listed("I raised the pay of 900 teachers in 2012.|We closed three clinics in May.|I sold 40 houses.")
    )
    label = draw.one(("Interview\n", "Q&A\n", "", "The interview\n"))
    ask, reply = draw.one((("", ""), ("Q: ", "A: "), ("Q. ", "A. "), ("Question: ", "Answer: ")))
    role = draw.one((draw.job(person), "the party's candidate", "the head of the union"))
    text = (
        f"{person.name}, {role}, answered questions by e-mail.\n{label}"
        f"{ask}{question}\n{reply}{words}\n{ask}And last year?\n{reply}{answer}"
    )
    return minimum(draw, text, speaker_of(words, person.name), speaker_of(answer, person.name))


def snaps(draw: Draw) -> Case:
    person, words = draw.person(), draw.words()
    verb = draw.one(listed("snaps|laughs|sighs|smiles|grins|shrugs|says|insists|whispers|explains|recalls"))
    quote = draw.quotes("curly", "straight", "british").around(f"{words},")
    text = f"{person.name}, {draw.job(person)}, opens the door.\n{quote} {person.pronoun} {verb}."
    return minimum(draw, text, speaker_of(words, person.name))


def label_is_nobody(draw: Draw) -> Case:
    label, said = draw.one((*LABELS, *_TWO_WORDS)), draw.sentence()
    head = draw.one((f"{label}: ", f"{label}: ", f"{label}- ", f"{label} - "))
    last = draw.neutral()
    text = f"{head}{said}\n{last}"
    return minimum(draw, text, no_speaker(label, label.split()[0]), sentence(last))


def slug(draw: Draw) -> Case:
    head = draw.one(
        (*listed("UPDATE 2-|UPDATE 1-|CORRECTED-|REFILE-|RPT-|WRAPUP 3-|EXCLUSIVE-|ANALYSIS-|FACTBOX-"), "KILL: ")
    )
    fact = draw.sentence()
    text = f"{head}{capital(draw.fact())}\n{fact}"
    return minimum(draw, text, sentence(fact), no_speaker(head.rstrip("-: "), head.split()[0].rstrip("-: ")))


def label_in_a_transcript(draw: Draw) -> Case:
    person, said = draw.person(), draw.sentence()
    label = draw.one(listed("TEXT|GRAPHIC|VIDEO|MUSIC|CAPTION|ON SCREEN"))
    text = f"{draw.one((person.name, person.family)).upper()}: No.\n{label}: {said}"
    return minimum(draw, text, no_speaker(label))


def quoted_in_capitals(draw: Draw) -> Case:
    person, words = draw.person(), draw.words()
    quote = QUOTES_BY_STYLE["straight"].around(f"{words}.")
    return minimum(draw, f"{person.name.upper()}: {quote}", speaker_of(words, person.name))
