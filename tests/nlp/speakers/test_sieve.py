import pytest
from resolved import resolve_speaker

from pipeline.nlp.spans import Entity, Sentence, Span
from pipeline.nlp.speakers.speakers import Speakers
from pipeline.nlp.text.quotes import Quotes, find_quotes


@pytest.mark.parametrize(
    ("lines", "source", "labels", "speaker"),
    [
        (
            "Defense Secretary Ashton Carter said no.",
            "Defense Secretary Ashton Carter",
            "Ashton_Carter",
            "Ashton Carter",
        ),
        ("A spokesman for Ashton Carter said no.", "A spokesman for Ashton Carter", "Ashton_Carter", None),
        ("Ashton Carter's lawyer said no.", "Ashton Carter's lawyer", "Ashton_Carter", None),
        ("Director for Roads Jane Doe said no.", "Director for Roads Jane Doe", "Jane_Doe", "Jane Doe"),
        ("The Doe administration said no.", "The Doe administration", "Doe", "Doe administration"),
        ("A Doe spokesman said no.", "A Doe spokesman", "Doe", None),
        ("Jane Doe came.\nDoe said no.", "Doe", "Jane_Doe", "Jane Doe"),
        ("Jane Doe came.\nMs. Doe said no.", "Ms. Doe", "Jane_Doe", "Jane Doe"),
        ("Director for Roads Mr. Doe said no.", "Director for Roads Mr. Doe", "Doe", "Doe"),
        (
            "The family of the late minister Jane Doe said no.",
            "The family of the late minister Jane Doe",
            "Jane_Doe",
            None,
        ),
        (
            "The trial of former Oslo mayor Jane Doe said no.",
            "The trial of former Oslo mayor Jane Doe",
            "Jane_Doe",
            None,
        ),
    ],
)
def test_somebody_is_named(lines: str, source: str, labels: str, speaker: str | None) -> None:
    assert resolve_speaker(lines, source, **{labels: "PERSON"}) == speaker


def test_who_spoke_within_what_another_said_is_not_meant_later() -> None:
    lines = "Acme says Oslo hopes for rain.\nThe document says no."
    sentences = [Sentence(0, 0, 30, 0, "sentence"), Sentence(1, 31, len(lines), 1, "sentence")]
    names = [Entity(0, 4, "Acme", "ORG", 0, None), Entity(10, 14, "Oslo", "GPE", 0, None)]
    speakers = Speakers(lines, sentences, names, Quotes(find_quotes(lines)))
    assert speakers.speaker_of(Span(0, 4, "Acme"), 0).name == "Acme"
    assert speakers.speaker_of(Span(10, 14, "Oslo"), 0, inner=True).name == "Oslo"
    assert speakers.speaker_of(Span(31, 43, "The document"), 1).name == "Acme"


def test_a_name_that_says_what_somebody_is_does_not_speak() -> None:
    names = {"Acme": "PERSON", "Jane_Doe": "PERSON"}
    assert resolve_speaker("Acme president Jane Doe said no.", "Acme president Jane Doe", **names) == "Jane Doe"


def test_a_rank_taken_for_a_name_is_none() -> None:
    names = {"Brigadier": "PERSON", "Jane_Doe": "PERSON"}
    source = "Minister Brigadier General Jane Doe"
    assert resolve_speaker(f"{source} said no.", source, **names) == "Jane Doe"


def test_a_quote_that_goes_on_keeps_its_speaker_for_later_pronouns() -> None:
    lines = "Jane Doe said so.\nRain.\nRain.\nRain.\nShe said no."
    sentences, at = [], 0
    for index, line in enumerate(lines.split("\n")):
        sentences.append(Sentence(index, at, at + len(line), index, "sentence"))
        at += len(line) + 1
    speakers = Speakers(lines, sentences, [Entity(0, 8, "Jane Doe", "PERSON", 0, None)], Quotes(find_quotes(lines)))
    speakers.speaker_of(Span(0, 8, "Jane Doe"), 0)
    for sentence in (1, 2, 3):
        speakers.go_on("Jane Doe", sentence)
    she = sentences[4].start
    assert speakers.speaker_of(Span(she, she + 3, "She"), 4).name == "Jane Doe"
