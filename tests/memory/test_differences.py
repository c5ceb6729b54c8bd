import pytest

from pipeline.memory.differences import Version, differences
from pipeline.memory.lines import Line, Mention


def _differs(before: str, after: str, *, mentions: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
    old, new = (
        Line(
            text,
            tuple(
                Mention(text.index(name), text.index(name) + len(name), label)
                for name, label in sorted(mentions, key=lambda one: text.find(one[0]))
                if name in text
            ),
        )
        for text in (before, after)
    )
    return differences([old], [new], Version([old]), Version([new]))


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ("It cost 4,812 crowns.", "It cost 4,218 crowns.", ("number",)),
        ("It killed two people.", "It killed three people.", ("number",)),
        ("Some 88m people use it.", "Some 80m people use it.", ("number",)),
        ("It rose 0.3 percent to 4.25 percent.", "It rose 0.3 percent to 4.55 percent.", ("number",)),
        ("They won 4-3 after a three-goal lead.", "They won 4-3 after a four-goal lead.", ("number",)),
        ("He died on Tuesday.", "He died on Monday.", ("date",)),
        ("It ends on May 31.", "It ends on July 31.", ("date",)),
        ("It will be honored.", "It will not be honored.", ("negation",)),
        ("It didn't open.", "It did open.", ("negation",)),
        ("It ruled out sabotage.", "It said it could not rule out sabotage.", ("negation",)),
        ("She denied taking it.", "She admitted taking it.", ("negation",)),
        ("Shares rose on the news.", "Shares fell on the news.", ("direction",)),
        ("No pilot works for more than a day.", "No pilot works for less than a day.", ("direction",)),
        ("The two men fled.", "The three men fled.", ("number",)),
        ("It was due last Wednesday.", "It was due on Thursday.", ("date",)),
        ("The driver was injured.", "The driver was uninjured.", ("negation",)),
        ("The man was missing.", "The man was found alive.", ("negation",)),
        ("The jury found him guilty.", "The jury acquitted him.", ("negation",)),
        ("The bridge will open on Monday.", "The bridge will close on Monday.", ("negation",)),
        ("Nobody was hurt.", "Somebody was hurt.", ("negation",)),
        ("Eastlow won in extra time.", "Eastlow lost in extra time.", ("direction",)),
        ("The deputy is Signe Falk.", "The deputy is Signe Valk.", ("name",)),
        ('"We lost the lettuce," he said.', '"We lost the church," he said.', ("quote",)),
        ("\u2018We lost the lettuce,\u2019 he said.", "\u2018We lost the church,\u2019 he said.", ("quote",)),
    ],
)
def test_a_changed_fact_is_named(before: str, after: str, differs: tuple[str, ...]) -> None:
    assert _differs(before, after) == differs
    assert _differs(after, before) == differs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It rose 19 percent.", "It rose 19 per cent."),
        ("It rose 19 percent.", "It rose 19%."),
        ("It cost 1.4 million crowns.", "It cost 1.4m crowns."),
        ("Sixty-three guests fell ill.", "In all, 63 guests fell ill."),
        ("Two hundred and five came.", "A total of 205 came."),
        ("It sold 4,000 of them.", "It sold 4000 of them."),
        ("One man fled.", "A man fled."),
        ("It left at 6:41 a.m.", "It left at 6.41am."),
        ("The council voted on Friday.", "The council voted Friday."),
        ("She said so on Wednesday.", "She said so today."),
        ("It did not open.", "It didn't open."),
        ('"We are not asking for money," she said.', "\u201cWe aren't asking for money,\u201d she said."),
        ("It rose 3 percent.", "It rose 3 percnet."),
        ("It hit 7 percent of men and 3 percent of women.", "It hit 7 percnet of men and 3 percent of women."),
        ("It cost 4 million crowns.", "It cost 4 mililon crowns."),
        ("It ends in October.", "It ends in Octboer."),
        ("Twenty people cannot go.", "Twnety people canont go."),
        ("Trains were suspened there.", "Trains were suspended there."),
        ('"We were suspened," he said.', '"We were suspended," he said.'),
        ("Prices rose.", "Prices climbed."),
        ("The two men fled.", "Both men fled."),
        ("It took ten years.", "It took a decade."),
        ("He spoke on Tuesday.", "He spoke on March 4."),
        ("He faces trial on July 18.", "He faces trial on Friday, July 18."),
        ("It declined to comment.", "It would not comment."),
        ("It refused to pay.", "It declined to pay."),
        ("The cause was not known.", "The cause was unknown."),
        ("The driver was uninjured.", "The driver was not injured."),
        ("The line has not reopened.", "The line remains closed."),
        ("Services were suspended.", "Services have not resumed."),
        ("It was unable to land.", "It could not land."),
        ("No more than 40 came.", "At most 40 came."),
        ("It is not only old but small.", "It is both old and small."),
        ("She left before the police came.", "The police came after she left."),
        ("Police say 120 tablets are unaccounted for.", "Police say 120 tablets are missing."),
        ('"We will appeal," the company said.', "The company said it would appeal."),
        ("It was brokered in talks that lasted two nights.", "It was brokered in talks lasting two nights."),
        ("It had 31 wagons and was late.", "It had 31 wagons, and was late."),
        ("It is run by Fig & Fennel.", "It is run by Fig and Fennel."),
    ],
)
def test_other_words_for_the_same_fact_are_wording(before: str, after: str) -> None:
    assert _differs(before, after) == _differs(after, before) == ("wording",)


def test_a_name_in_the_place_of_a_pronoun_is_wording_where_both_versions_have_the_name() -> None:
    first = Line("Ada Upchurch runs it.")
    old, new = Line("The lake is low, Upchurch said."), Line("The lake is low, she said.")
    assert differences([old], [new], Version([first, old]), Version([first, new])) == ("wording",)
    assert differences([old], [new], Version([old]), Version([new])) == ("name",)
    other = Line("The lake is low, the utility said.")
    assert differences([old], [other], Version([first, old]), Version([first, other])) == ("wording",)


def test_a_person_in_the_place_of_another_is_another_name() -> None:
    both = Line("Dolores Kemp and Abe Rusk searched.")
    old, new = (Line(f"It was over, {name} said.", (Mention(13, 17, "PERSON"),)) for name in ("Kemp", "Rusk"))
    assert differences([old], [new], Version([both, old]), Version([both, new])) == ("name",)


def test_which_year_or_month_is_meant_counts() -> None:
    last, following = ("last year", "DATE"), ("next year", "DATE")
    assert _differs("It was sold last year.", "It was sold next year.", mentions=(last, following)) == ("date",)
    assert _differs("It was sold last year.", "It was sold in 2019.", mentions=(last, ("2019", "DATE"))) == ("wording",)


def test_a_nation_and_its_adjective_are_one_name() -> None:
    mentions = (("Varrenian", "NORP"), ("Varrenia", "GPE"))
    assert _differs("The Varrenian jobless rate rose.", "The jobless rate in Varrenia rose.", mentions=mentions) == (
        "wording",
    )


def test_a_headline_may_leave_out_what_the_text_has() -> None:
    text = Line("The rate rose to 5.1% in April, the highest in three years.")
    old = Line("Jobless rate rises to 5.1%", kind="headline", field="title")
    new = Line("Jobless rate hits three-year high", kind="headline", field="title")
    assert differences([old], [new], Version([old, text]), Version([new, text])) == ("wording",)
    other = Line("The rate rose to 5.2% in April, the highest in three years.")
    assert differences([old], [new], Version([old, text]), Version([new, other])) == ("number",)
