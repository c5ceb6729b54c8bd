import pytest

from pipeline.nlp.layers.docs import word_zone
from pipeline.nlp.model import Model
from pipeline.nlp.reports.find import find_reports
from pipeline.nlp.reports.verbs import may_report


@pytest.mark.parametrize(
    ("sentence", "source", "cue", "content"),
    [
        ("The union urged the government to end the strike.", "The union", "urged", "the government to end the strike"),
        ("The minister called for new talks.", "The minister", "called for", "new talks"),
        ("The group accused the army of torture.", "The group", "accused", "the army of torture"),
        ("The plan, the minister said, was good for the poor.", "the minister", "said", "was good for the poor"),
        (
            "The mayor expressed concern that prices rise.",
            "The mayor",
            "expressed concern",
            "that prices rise",
        ),
        ("Prosecutors reportedly opened a case last week.", None, "reportedly", "opened a case last week"),
        ("He is accused of robbing a bank.", None, "accused", "of robbing a bank"),
        ("Iran denied allegations that it has a secret plant.", None, "allegations", "that it has a secret plant"),
        (
            "Shops lack 1,400 nurses, Ngozi Eze, a nurse from Oslo, said on Friday.",
            "Ngozi Eze, a nurse from Oslo",
            "said",
            "Shops lack 1,400 nurses",
        ),
        ("First of Tarn Bank Corp. said it bought a mill.", "First of Tarn Bank Corp.", "said", "it bought a mill"),
        (
            "Do Carmo, 76, alleged growth would slow to 2 percent.",
            "Do Carmo, 76",
            "alleged",
            "growth would slow to 2 percent",
        ),
        ("El Farolito added 300 jobs in May.", None, None, None),
        ("El Farolito admitted 40 patients in one night.", None, None, None),
        ("Hardly anybody was told what had happened.", None, None, None),
        (
            "Business is good, says Jane Doe of Acme Inc., Tarn, N.J.",
            "Jane Doe of Acme Inc., Tarn, N.J.",
            "says",
            "Business is good",
        ),
        ("The mayor called for the city to pay.", "The mayor", "called for", "the city to pay"),
        ("Thank the mayor for his work.", None, None, None),
        ("The army built a road that it said was safe.", "it", "said", "was safe"),
        ("He said most of them were ill.", "He", "said", "most of them were ill"),
        ("The mayor said the bridge was safe, accusing the press of lies.", "The mayor", "said", "the bridge was safe"),
        ("The mayor called the plan a mistake.", "The mayor", "called", "the plan a mistake"),
        ("She thanked the firemen for their courage.", "She", "thanked", "the firemen for their courage"),
        ("It supports the rebels, a charge Iran denies.", "Iran", "denies", "a charge"),
        ("The group was criticized by the mayor for its silence.", "the mayor", "criticized", "for its silence"),
        ("The thief is believed to be in Oslo.", None, "believed", "to be in Oslo"),
        ("The minister declined to say who had paid.", "The minister", "declined to say", "who had paid"),
        ("The mayor ruled out a new tax.", "The mayor", "ruled out", "a new tax"),
        ("Doctors are concerned that the water is bad.", "Doctors", "are concerned", "that the water is bad"),
        (
            "The tax, in the words of Jane Doe, is a gift to the rich.",
            "Jane Doe",
            "in the words of",
            "is a gift to the rich",
        ),
        ("A statement released Monday says the war is over.", "A statement released Monday", "says", "the war is over"),
        ("The mayor says taxes are high, citing new figures.", "The mayor", "citing", "new figures"),
        ("The tax, which he says is high, is new.", "he", "says", "is high"),
        ("The doctor did not know if the police had told the family that he was dead.", None, None, None),
        ("The unions have called mass strikes for Friday.", None, None, None),
        ("The party has two weeks to announce its candidate.", None, None, None),
        ("A report that found no fraud was published.", None, None, None),
        ("The rebels agreed to stop the attacks.", None, None, None),
        ("Two bodies have been found in the river.", None, None, None),
        ("This indicates that the mayor has won.", None, None, None),
        ("These show that prices rise.", None, None, None),
        ("This report shows that prices rise.", "This report", "shows", "that prices rise"),
        ("It says that prices rise.", "It", "says", "that prices rise"),
        ("There are those who say that he left.", "those", "say", "that he left"),
        (
            "According to the police, two people died in the fire.",
            "the police",
            "According to",
            "two people died in the fire",
        ),
    ],
)
def test_a_sentence_reports(
    sentence: str, source: str | None, cue: str | None, content: str | None, model: Model
) -> None:
    with word_zone(model.nlp):
        [doc] = model.parser.parse([model.nlp.make_doc(sentence)])
        found = [
            tuple(sentence[slice(*span)] if span else None for span in (report.source, report.cue, report.content))
            for report in find_reports(doc)
        ]
    if cue is None:
        assert not found or all("found" in str(one[1]) for one in found)
    else:
        assert (source, cue, content) in found


@pytest.mark.parametrize(
    ("sentence", "may"),
    [
        ("He said so.", True),
        ("SAID", True),
        ("It rained.", False),
        ("\u201cYes\u201d", False),
        ("He spoke of an order.", False),  # nearly always a noun
        ("\u201cIt is over,\u201d they comment.", True),  # beside a quote rather a verb
    ],
)
def test_only_a_word_that_may_report_is_worth_a_parse(sentence: str, may: bool) -> None:
    assert may_report(sentence) is may
