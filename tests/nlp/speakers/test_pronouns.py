import pytest
from resolved import resolve_speaker

from pipeline.nlp.spans import Entity, Sentence, Span
from pipeline.nlp.speakers.speakers import Speakers
from pipeline.nlp.text.quotes import Quotes, find_quotes


@pytest.mark.parametrize(
    ("lines", "source", "labels", "speaker"),
    [
        ("Ashton Carter came.\nHe said no.", "He", "Ashton_Carter", "Ashton Carter"),
        ("Ashton Carter came.\nThe Oslo mayor left.\nHe said no.", "He", "Ashton_Carter", None),
        ('"Jane Doe is ill."\nShe said no.', "She", "Jane_Doe", None),
        ('"Oslo fears Jane Doe," she said.', "she", "Jane_Doe", None),
        ('"Jane Doe is ill.\nShe said no."', "She", "Jane_Doe", None),
        ('"Jane Doe is ill and she said no."', "she", "Jane_Doe", "Jane Doe"),
        ("Mrs. Jane Doe came.\nHe said no.", "He", "Jane_Doe", None),
        ("Mrs. Jane Doe said yes.\nShe said no.", "She", "Jane_Doe", "Jane Doe"),
        ("Jane Doe left.\nShe was ill.\nShe said no.", "She", "Jane_Doe", "Jane Doe"),
        ("Jane Doe left.\nRain fell.\nIt was cold.\nShe said no.", "She", "Jane_Doe", "Jane Doe"),
        ("Jane Doe left.\nRain fell.\nIt was cold.\nSnow fell.\nShe said no.", "She", "Jane_Doe", None),
        (
            "In Oslo a court wants the government to pay back all costs to Jane Doe.\nIt rained.\nShe said no.",
            "She",
            "Jane_Doe",
            None,
        ),
        ("President Jane Doe came.\nRain fell.\nThe president left.\nShe said no.", "She", "Jane_Doe", "Jane Doe"),
        ("Mr. Jane Doe came.\nThe paper quotes him as saying no.", "him", "Jane_Doe", "Jane Doe"),
        ("Ms. Jane Doe came.\nAccording to her it rained.", "her", "Jane_Doe", "Jane Doe"),
        ("Mr. Jane Doe came.\nAccording to her it rained.", "her", "Jane_Doe", None),
    ],
)
def test_a_person_is_meant(lines: str, source: str, labels: str, speaker: str | None) -> None:
    assert resolve_speaker(lines, source, **{labels: "PERSON"}) == speaker


@pytest.mark.parametrize(
    ("lines", "source", "labels", "speaker"),
    [
        ("NATO said yes.\nIt said no.", "It", {"NATO": "ORG"}, "NATO"),
        ("Nobody came.\nIt said no.", "It", {"NATO": "ORG"}, None),
        ("The Kremlin had a plan.\nIt said no.", "It", {"Kremlin": "ORG"}, "Kremlin"),
        ("Acme said yes.\nAcme shares fell, it said.", "it", {"Acme": "ORG"}, "Acme"),
    ],
)
def test_a_body_is_meant(lines: str, source: str, labels: dict[str, str], speaker: str | None) -> None:
    assert resolve_speaker(lines, source, **labels) == speaker


def test_of_several_people_the_one_named_first_is_gone_on_with() -> None:
    names = {"Jane_Doe": "PERSON", "Ann_Poe": "PERSON"}
    assert resolve_speaker("Jane Doe criticised Ann Poe.\nShe said no.", "She", **names) == "Jane Doe"
    assert (
        resolve_speaker("Jane Doe left.\nRain fell.\nThen she met Ann Poe.\nShe said no.", "She", **names) == "Jane Doe"
    )


def test_a_byline_is_not_gone_on_with() -> None:
    lines = "By Jane Doe\nShe said no."
    sentences = [Sentence(0, 0, 11, 0, "byline"), Sentence(1, 12, len(lines), 1, "sentence")]
    doe = Entity(3, 11, "Jane Doe", "PERSON", 0, None)
    assert Speakers(lines, sentences, [doe], Quotes(find_quotes(lines))).speaker_of(Span(12, 15, "She"), 1).name is None


def test_nobody_of_a_transcripts_turn_is_meant_outside_of_it() -> None:
    lines = "DOE: Assad spoke too.\nHe said no."
    sentences = [
        Sentence(0, 0, 4, 0, "speaker"),
        Sentence(1, 5, 21, 0, "sentence"),
        Sentence(2, 22, len(lines), 1, "sentence"),
    ]
    assad = Entity(5, 10, "Assad", "PERSON", 1, None)
    assert (
        Speakers(lines, sentences, [assad], Quotes(find_quotes(lines))).speaker_of(Span(22, 24, "He"), 2).name is None
    )


def test_a_pronoun_behind_and_is_of_who_its_sentence_begins_with() -> None:
    names = {"Jane_Doe": "PERSON", "Ann_Poe": "PERSON"}
    assert resolve_speaker("Jane Doe said yes.\nAnn Poe left, and she said no.", "she", **names) == "Ann Poe"


def test_a_pronoun_is_of_the_nearest_sentences_subject_not_of_an_earlier_speaker() -> None:
    names = {"Jane_Doe": "PERSON", "Ann_Poe": "PERSON"}
    assert resolve_speaker("Jane Doe said yes.\nAnn Poe left.\nShe said no.", "She", **names) == "Ann Poe"


def test_somebody_unnamed_who_spoke_is_meant_by_the_next_pronoun() -> None:
    lines = "Jane Doe said yes.\nBut it is late, a British officer said.\nHe left, he said."
    sentences = [Sentence(0, 0, 18, 0, "sentence"), Sentence(1, 19, 58, 1, "sentence")]
    sentences.append(Sentence(2, 59, len(lines), 2, "sentence"))
    speakers = Speakers(lines, sentences, [Entity(0, 8, "Jane Doe", "PERSON", 0, None)], Quotes(find_quotes(lines)))
    assert speakers.speaker_of(Span(0, 8, "Jane Doe"), 0).name == "Jane Doe"
    assert speakers.speaker_of(Span(35, 52, "a British officer"), 1).name is None
    assert speakers.speaker_of(Span(68, 70, "he"), 2).name is None


def test_who_is_known_to_be_she_is_not_he_later() -> None:
    names = {"Jane_Doe": "PERSON", "Lee_Poe": "PERSON"}
    lines = "Lee Poe met Jane Doe.\nLee Poe said yes.\nMs. Jane Doe said so.\nHe said no."
    assert resolve_speaker(lines, "He", **names) == "Lee Poe"


def test_a_title_before_the_name_before_says_nothing_of_the_gender() -> None:
    names = {"Poe": "PERSON", "Jane_Doe": "PERSON"}
    assert resolve_speaker("Mr. Poe told Jane Doe to go.\nJane Doe left.\nShe said no.", "She", **names) == "Jane Doe"
