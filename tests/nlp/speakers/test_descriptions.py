import pytest
from resolved import resolve_speaker

from pipeline.nlp.spans import Entity, Sentence, Span
from pipeline.nlp.speakers.speakers import Speakers
from pipeline.nlp.text.quotes import Quotes, find_quotes


@pytest.mark.parametrize(
    ("lines", "source", "labels", "speaker"),
    [
        ("NATO said yes.\nThe statement said no.", "The statement", {"NATO": "ORG"}, "NATO"),
        ("Amnesty said yes.\nThe London-based group said no.", "The London-based group", {"Amnesty": "ORG"}, "Amnesty"),
        ("An interior ministry statement said no.", "An interior ministry statement", {}, "interior ministry"),
        (
            "Doctors of the Oslo Hospital left.\nThe hospital said no.",
            "The hospital",
            {"Oslo_Hospital": "ORG"},
            "Oslo Hospital",
        ),
        ("The Iraqi army left.\nA military statement said no.", "A military statement", {"Iraqi": "NORP"}, None),
        ("The Iraqi army left.\nThe army said no.", "The army", {"Iraqi": "NORP"}, "Iraqi army"),
        ("NATO said yes.\nThe government said no.", "The government", {"NATO": "ORG"}, None),
        (
            "The Customs Board met.\nThe customs office said no.",
            "The customs office",
            {"Customs_Board": "ORG"},
            "Customs Board",
        ),
        ("WHO said yes.\nThe U.N. agency said no.", "The U.N. agency", {"WHO": "ORG", "U.N.": "ORG"}, "WHO"),
        (
            "WHO said yes.\nThe U.N. refugee agency said no.",
            "The U.N. refugee agency",
            {"WHO": "ORG", "U.N.": "ORG"},
            "U.N. refugee agency",
        ),
        ("Acme said yes.\nA new study said no.", "A new study", {"Acme": "ORG"}, None),
        ("Acme said yes.\nThe study said no.", "The study", {"Acme": "ORG"}, "Acme"),
        ("Acme said yes.\nA statement said no.", "A statement", {"Acme": "ORG"}, "Acme"),
        ("U.S. President Poe ate.\nThe study said no.", "The study", {"U.S.": "GPE"}, None),
        ("Acme Inc. said yes.\nThe toy maker said no.", "The toy maker", {"Acme_Inc.": "ORG"}, "Acme Inc."),
        (
            "Acme Inc. said yes.\nThe Oslo, Mass., maker of toys said no.",
            "The Oslo, Mass., maker of toys",
            {"Acme_Inc.": "ORG", "Oslo": "GPE"},
            "Acme Inc.",
        ),
        (
            "Acme Inc. said yes.\nThe Oslo company earned much.\nThe company said no.",
            "The company",
            {"Acme_Inc.": "ORG", "Oslo": "GPE"},
            "Acme Inc.",
        ),
        (
            "Acme Inc. said yes.\nRain\nSnow\nHail\nFog\nThe company said no.",
            "The company",
            {"Acme_Inc.": "ORG"},
            "Acme Inc.",
        ),
        (
            "Acme Inc. said yes.\nGlobe Inc. said so.\nRain\nSnow\nHail\nFog\nThe company said no.",
            "The company",
            {"Acme_Inc.": "ORG", "Globe_Inc.": "ORG"},
            None,
        ),
        (
            "Amnesty said yes.\nThe Fund began to work.\nThe Oslo-based group said no.",
            "The Oslo-based group",
            {"Amnesty": "ORG", "Fund": "ORG"},
            "Fund",
        ),
        ("The Iraqi army said yes.\nThe aid group said no.", "The aid group", {"Iraqi": "NORP"}, None),
        ("A U.S. spokesman came.\nA statement said no.", "A statement", {"U.S.": "GPE"}, None),
        ("Media reports said no.", "Media reports", {}, None),
        ("Recent media reports said no.", "Recent media reports", {}, None),
        ("Norway's top official came.\nThe government said no.", "The government", {"Norway": "GPE"}, "Norway"),
        (
            "The U.S. software giant Acme grew.\nThe company said no.",
            "The company",
            {"U.S.": "GPE", "Acme": "ORG"},
            "Acme",
        ),
    ],
)
def test_a_body_is_described(lines: str, source: str, labels: dict[str, str], speaker: str | None) -> None:
    assert resolve_speaker(lines, source, **labels) == speaker


def test_a_body_described_in_the_first_sentence_is_what_the_next_one_begins_with() -> None:
    lines = "A London-based rights group said no.\nAmnesty spoke in Oslo."
    sentences = [Sentence(0, 0, 36, 0, "sentence"), Sentence(1, 37, len(lines), 1, "sentence")]
    amnesty = Entity(37, 44, "Amnesty", "ORG", 1, None)
    source = Span(0, 27, "A London-based rights group")
    assert Speakers(lines, sentences, [amnesty], Quotes(find_quotes(lines))).speaker_of(source, 0).name == "Amnesty"


@pytest.mark.parametrize(
    ("lines", "speaker"),
    [
        ("Acme spokesman Jane Doe issued a statement praising rain.", "Jane Doe"),
        ("Acme left after it heard a statement praising rain.", None),
        ("The two sides issued a statement praising rain.", None),
        ("Jane Doe came.\nThey issued a statement praising rain.", None),
    ],
)
def test_a_statement_is_of_who_issued_it(lines: str, speaker: str | None) -> None:
    assert resolve_speaker(lines, "a statement", Acme="ORG", Jane_Doe="PERSON") == speaker


def test_a_newspaper_that_was_named_since_is_no_description() -> None:
    names = {"Dutch": "NORP", "Globe": "ORG"}
    lines = "A Dutch newspaper told of it.\nGlobe said so.\nThe newspaper said no."
    assert resolve_speaker(lines, "The newspaper", **names) == "Globe"
