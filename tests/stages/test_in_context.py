import pytest

from pipeline.contract.events import ClaimSentence, Entity, Reference
from pipeline.stages.in_context import in_context

WEDNESDAY = "2015-10-07T23:30:00+05:00"


def context(text: str, *names: tuple[str, str, str], published: str | None = None, **pronouns: str) -> str | None:
    """Put a sentence that starts at 100 in context: names are (text, label, canonical), pronouns word=name."""
    start = 100

    def place(part: str) -> tuple[int, int]:
        at = start + text.index(part)
        return at, at + len(part)

    sentence = ClaimSentence(index=7, start=start, end=start + len(text), text=text, before=None, after=None)
    entities = [
        Entity(start=first, end=last, text=part, label=label, sentence=7, canonical=of)
        for part, label, of in names
        for first, last in [place(part)]
    ]
    references = [
        Reference(start=first, end=last, text=word, sentence=7, name=name)
        for word, name in pronouns.items()
        for first, last in [place(word)]
    ]
    return in_context(sentence, entities, references, published=published)


def test_a_sentence_that_leans_on_nothing_has_no_context() -> None:
    assert context("Mary Barr cut 300 jobs.", ("Mary Barr", "PERSON", "Mary Barr"), published=WEDNESDAY) is None


def test_a_pronoun_is_followed_by_the_name_that_it_means() -> None:
    assert context("She cut 300 jobs.", She="Mary Barr") == "She [Mary Barr] cut 300 jobs."


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Barr cut 300 jobs.", ("Barr", "PERSON", "Mary Barr"), "Barr [Mary Barr] cut 300 jobs."),
        ("Barr\u2019s cuts hit 300.", ("Barr", "PERSON", "Mary Barr"), "Barr\u2019s [Mary Barr] cuts hit 300."),
        ("Mary\u00a0Barr cut jobs.", ("Mary\u00a0Barr", "PERSON", "Mary Barr"), None),
        ("The WHO left.", ("WHO", "ORG", "World Health Organization"), "The WHO [World Health Organization] left."),
        ("JMEV left.", ("JMEV", "ORG", "Group Electric Vehicle"), None),  # no initials of it
        ("Acme left.", ("Acme", "ORG", "Acme Corporation"), None),  # says no more
        ("Oslo left.", ("Oslo", "GPE", "Oslo Airport"), None),
    ],
)
def test_a_short_name_is_followed_by_the_whole_one(text: str, name: tuple[str, str, str], expected: str | None) -> None:
    assert context(text, name) == expected


def test_a_name_is_told_once() -> None:
    barr = ("Barr", "PERSON", "Mary Barr")
    assert context("She cut 300 jobs, Barr said.", barr, She="Mary Barr") == "She [Mary Barr] cut 300 jobs, Barr said."
    whole = ("Mary Barr", "PERSON", "Mary Barr")
    assert context("She cut 300 jobs, Mary Barr said.", whole, She="Mary Barr") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It closed on Tuesday.", "It closed on Tuesday [2015-10-06]."),
        ("It closed on Wednesday night.", "It closed on Wednesday night [2015-10-07]."),
        ("It closed Thursday.", "It closed Thursday [2015-10-01]."),
        ("Sunday\u2019s vote was close.", "Sunday\u2019s [2015-10-04] vote was close."),
        ("It said on Monday that it will close.", "It said on Monday [2015-10-05] that it will close."),
        ("It will close on Monday.", None),
        ("It is due to close on Monday.", None),
        ("It closed last Monday.", None),
        ("It closes every Monday.", None),
        ("It closed on Monday, May 4.", None),
        ("It is closed on Mondays.", None),
    ],
)
def test_a_weekday_that_has_been_is_followed_by_its_date(text: str, expected: str | None) -> None:
    assert context(text, published=WEDNESDAY) == expected
    assert context(text) is None


def test_a_weekday_in_a_name_is_no_day() -> None:
    assert context("The Sunday Times sold well.", ("Sunday Times", "ORG", "Sunday Times"), published=WEDNESDAY) is None
