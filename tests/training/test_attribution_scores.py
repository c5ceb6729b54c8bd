"""What counts as right: sentences written for this project, annotated by hand."""

import pytest

from pipeline.nlp.model import Model, load_model
from pipeline.training.attribution_scores import as_article, compare, compare_speakers, overlap
from pipeline.training.data.brat import BratDocument, Quoted
from pipeline.training.data.datasets import Example, Mention, StepReport
from pipeline.training.scoring import MatchCount


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def _report(text: str, source: str, cue: str, content: str, speaker: str | None = None) -> StepReport:
    source_span, cue_span, content_span = (
        (text.index(part), text.index(part) + len(part)) for part in (source, cue, content)
    )
    return StepReport(source_span, cue_span, content_span, speaker)


def _example(text: str, *reports: StepReport, mentions: tuple[Mention, ...] = ()) -> Example:
    return Example(text, text, "news", "dev", "CFS", mentions=mentions, reports=reports, article="one")


def test_of_two_contents_with_the_same_source_and_cue_the_longer_counts(model: Model) -> None:
    longer = '"The war that nobody wanted,"'
    text = f'{longer} said Jane Doe, "is over."'
    counts = compare(model, as_article([_example(text, _report(text, "Jane Doe", "said", longer))]))
    assert counts["source and cue"] == MatchCount(1, 1, 1)
    assert counts["with content"] == MatchCount(1, 1, 1)


@pytest.mark.parametrize(("name", "right"), [("Angela Merkel", 1), ("the Angela Merkel", 1), ("Merkel", 0)])
def test_a_speaker_is_right_by_the_canonical_name_alone(name: str, right: int, model: Model) -> None:
    first = "Chancellor Angela Merkel flew to Athens on Friday."
    text = "Merkel said the talks were over."
    report = _report(text, "Merkel", "said", "the talks were over", name)
    counts = compare_speakers(model, as_article([_example(first), _example(text, report)]))
    assert counts["where one is named"] == MatchCount(right, 1, 1)


def test_of_unnamed_members_the_body_and_nobody_are_right(model: Model) -> None:
    text = "French officials said the talks were over."
    report = _report(text, "French officials", "said", "the talks were over", "French officials")
    counts = compare_speakers(model, as_article([_example(text, report, mentions=(Mention(0, 6, "NORP"),))]))
    assert counts["where one is named"] == MatchCount(1, 1, 1)


def test_attributions_overlap_once_for_each_cue(model: Model) -> None:
    text = '"The war is over. Nobody has won it," said Jane Doe.\n'
    source, cue = text.index("Jane"), text.index("said")
    gold = Quoted(((source, source + 4),), ((cue, cue + 4),), ((0, 37),))
    counts = overlap(model, BratDocument("a", "", text, (gold,)))
    assert counts["source and cue"] == MatchCount(1, 1, 1)
    assert counts["exact"] == MatchCount(0, 1, 1)
