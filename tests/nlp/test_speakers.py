import pytest

from pipeline.nlp.spans import Entity, Sentence, Span
from pipeline.nlp.speakers import Speakers


def _speaker(lines: str, source: str, **labels: str) -> str | None:
    """Resolve ``source`` in the last line; ``labels`` are the article's names (with _ for blanks) and their labels."""
    sentences, entities, at = [], [], 0
    for index, line in enumerate(lines.split("\n")):
        sentences.append(Sentence(index, at, at + len(line), index, "sentence"))
        for name, label in labels.items():
            start = line.find(name.replace("_", " "))
            if start >= 0:
                text = name.replace("_", " ")
                entities.append(Entity(at + start, at + start + len(text), text, label, index, None))
        at += len(line) + 1
    entities.sort(key=lambda entity: entity.start)
    last = sentences[-1]
    speakers = Speakers(lines, sentences, entities)
    for sentence in sentences[:-1]:
        for entity in entities:
            if entity.sentence == sentence.index and " said" in lines[entity.end : entity.end + 6]:
                speakers.speaker_of(Span(entity.start, entity.end, entity.text), sentence.index)
    start = lines.index(source, last.start)
    return speakers.speaker_of(Span(start, start + len(source), source), last.index)


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
        ("Ashton Carter came.\nHe said no.", "He", "Ashton_Carter", "Ashton Carter"),
        ("Ashton Carter came.\nThe Oslo mayor left.\nHe said no.", "He", "Ashton_Carter", None),
        ("Mrs. Jane Doe came.\nHe said no.", "He", "Jane_Doe", None),
        ("Mrs. Jane Doe said yes.\nShe said no.", "She", "Jane_Doe", "Jane Doe"),
        ("Prime Minister Jane Doe came.\nThe prime minister said no.", "The prime minister", "Jane_Doe", "Jane Doe"),
        ("Nobody came.\nThe prime minister said no.", "The prime minister", "Jane_Doe", None),
        ("Director for Roads Jane Doe said no.", "Director for Roads Jane Doe", "Jane_Doe", "Jane Doe"),
        ("The Doe administration said no.", "The Doe administration", "Doe", "Doe administration"),
        ("A Doe spokesman said no.", "A Doe spokesman", "Doe", None),
        ("Jane Doe said yes.\nThe British historian said no.", "The British historian", "Jane_Doe", "Jane Doe"),
        ("The actor Jane Doe said yes.\nThe landowner said no.", "The landowner", "Jane_Doe", None),
        ("Jane Doe said yes.\nThe prime minister said no.", "The prime minister", "Jane_Doe", None),
        ("Jane Doe came.\nDoe said no.", "Doe", "Jane_Doe", "Jane Doe"),
        ("Jane Doe came.\nMs. Doe said no.", "Ms. Doe", "Jane_Doe", "Jane Doe"),
        ("Director for Roads Mr. Doe said no.", "Director for Roads Mr. Doe", "Doe", "Doe"),
        ("Jane Doe left.\nShe was ill.\nShe said no.", "She", "Jane_Doe", "Jane Doe"),
        ("Jane Doe left.\nRain fell.\nIt was cold.\nShe said no.", "She", "Jane_Doe", "Jane Doe"),
        ("Jane Doe left.\nRain fell.\nIt was cold.\nSnow fell.\nShe said no.", "She", "Jane_Doe", None),
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
        ("Jane Doe said yes.\nThe second landowner said no.", "The second landowner", "Jane_Doe", None),
        ("Pope Jane Doe came.\nThe pontiff said no.", "The pontiff", "Jane_Doe", "Jane Doe"),
        ("President Jane Doe came.\nRain fell.\nThe president left.\nShe said no.", "She", "Jane_Doe", "Jane Doe"),
        ("Mr. Jane Doe came.\nThe paper quotes him as saying no.", "him", "Jane_Doe", "Jane Doe"),
    ],
)
def test_people_are_resolved(lines: str, source: str, labels: str, speaker: str | None) -> None:
    assert _speaker(lines, source, **{labels: "PERSON"}) == speaker


@pytest.mark.parametrize(
    ("lines", "source", "labels", "speaker"),
    [
        ("NATO said no.", "NATO", {"NATO": "ORG"}, "NATO"),
        ("The Washington Post said no.", "The Washington Post", {"The_Washington_Post": "ORG"}, "The Washington Post"),
        ("The Xinhua news agency said no.", "The Xinhua news agency", {"Xinhua": "ORG"}, "Xinhua"),
        ("Norway's government said no.", "Norway's government", {"Norway": "GPE"}, "Norway's government"),
        ("The government of Norway said no.", "The government of Norway", {"Norway": "GPE"}, "government of Norway"),
        ("The U.N. and NATO said no.", "The U.N. and NATO", {"U.N.": "ORG", "NATO": "ORG"}, "U.N."),
        ("Afghan and U.S. troops said no.", "Afghan and U.S. troops", {"Afghan": "NORP", "U.S.": "GPE"}, None),
        ("The Iraqi army and NATO said no.", "The Iraqi army and NATO", {"Iraqi": "NORP", "NATO": "ORG"}, "Iraqi army"),
        ("A NATO statement said no.", "A NATO statement", {"NATO": "ORG"}, "NATO"),
        ("A NATO spokesman said no.", "A NATO spokesman", {"NATO": "ORG"}, None),
        ("Critics of NATO said no.", "Critics of NATO", {"NATO": "ORG"}, None),
        ("Officials said no.", "Officials", {"NATO": "ORG"}, None),
        ("NATO said yes.\nIt said no.", "It", {"NATO": "ORG"}, "NATO"),
        ("NATO said yes.\nThe statement said no.", "The statement", {"NATO": "ORG"}, "NATO"),
        ("Nobody came.\nIt said no.", "It", {"NATO": "ORG"}, None),
        ("Amnesty said yes.\nThe London-based group said no.", "The London-based group", {"Amnesty": "ORG"}, "Amnesty"),
        ("Norway and its allies said no.", "Norway and its allies", {"Norway": "GPE"}, "Norway"),
        ("Officials from the NATO said no.", "Officials from the NATO", {"NATO": "ORG"}, "NATO"),
        ("An interior ministry statement said no.", "An interior ministry statement", {}, "interior ministry"),
        ("A U.S. military statement said no.", "A U.S. military statement", {"U.S.": "GPE"}, "U.S. military"),
        ("State television said no.", "State television", {}, "State television"),
        ("U.S. officials said no.", "U.S. officials", {"U.S.": "GPE"}, None),
        (
            "Doctors of the Oslo Hospital left.\nThe hospital said no.",
            "The hospital",
            {"Oslo_Hospital": "ORG"},
            "Oslo Hospital",
        ),
        ("The Iraqi army left.\nA military statement said no.", "A military statement", {"Iraqi": "NORP"}, None),
        ("The Iraqi army left.\nThe army said no.", "The army", {"Iraqi": "NORP"}, "Iraqi army"),
        ("NATO said yes.\nThe government said no.", "The government", {"NATO": "ORG"}, None),
        ("The Kremlin had a plan.\nIt said no.", "It", {"Kremlin": "ORG"}, "Kremlin"),
        ("Acme, which owns Globe, said no.", "Acme, which owns Globe", {"Acme": "ORG", "Globe": "ORG"}, "Acme"),
        ("A report by Oxfam in Oslo said no.", "A report by Oxfam", {"Oxfam": "ORG", "Oslo": "GPE"}, "Oxfam"),
        ("An account in the Post said no.", "An account in the Post", {"Post": "ORG"}, "Post"),
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
        ("Oslo's Fire Brigade said no.", "Oslo's Fire Brigade", {"Oslo": "GPE"}, "Fire Brigade"),
        ("Oslo's fire department said no.", "Oslo's fire department", {"Oslo": "GPE"}, "Oslo's fire department"),
        ("An Oslo-based rights group said no.", "An Oslo-based rights group", {"Oslo": "GPE"}, None),
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
        ("Acme said yes.\nAcme shares fell, it said.", "it", {"Acme": "ORG"}, "Acme"),
        ("A group linked to NATO said no.", "A group linked to NATO", {"NATO": "ORG"}, None),
        ("Diplomats attending a NATO meeting said no.", "Diplomats attending a NATO meeting", {"NATO": "ORG"}, None),
        ("NATO opponents said no.", "NATO opponents", {"NATO": "ORG"}, None),
        (
            "The Food Organization of the United Nations said no.",
            "The Food Organization of the United Nations",
            {"Food_Organization": "ORG", "United_Nations": "ORG"},
            "Food Organization",
        ),
        ("Oslo, Mass.-based Acme said no.", "Oslo, Mass.-based Acme", {"Oslo": "GPE", "Acme": "ORG"}, "Acme"),
        ("Media reports said no.", "Media reports", {}, None),
        (
            "Norway's ministry of health said no.",
            "Norway's ministry of health",
            {"Norway": "GPE"},
            "Norway's ministry of health",
        ),
        ("Recent media reports said no.", "Recent media reports", {}, None),
        ("An Iranian report said no.", "An Iranian report", {"Iranian": "NORP"}, None),
        ("Norway's top official came.\nThe government said no.", "The government", {"Norway": "GPE"}, "Norway"),
        (
            "The U.S. software giant Acme grew.\nThe company said no.",
            "The company",
            {"U.S.": "GPE", "Acme": "ORG"},
            "Acme",
        ),
    ],
)
def test_bodies_are_resolved(lines: str, source: str, labels: dict[str, str], speaker: str | None) -> None:
    assert _speaker(lines, source, **labels) == speaker


def test_of_several_people_the_one_named_first_is_gone_on_with() -> None:
    names = {"Jane_Doe": "PERSON", "Ann_Poe": "PERSON"}
    assert _speaker("Jane Doe criticised Ann Poe.\nShe said no.", "She", **names) == "Jane Doe"
    assert _speaker("Jane Doe left.\nRain fell.\nThen she met Ann Poe.\nShe said no.", "She", **names) == "Jane Doe"


def test_who_stands_beside_a_description_is_somebody_else() -> None:
    names = {"Ann_Poe": "PERSON", "Jane_Doe": "PERSON"}
    lines = "Prime Minister Ann Poe met Jane Doe.\nThe prime minister said no."
    assert _speaker(lines, "The prime minister", **names) == "Ann Poe"


def test_a_byline_is_not_gone_on_with() -> None:
    lines = "By Jane Doe\nShe said no."
    sentences = [Sentence(0, 0, 11, 0, "byline"), Sentence(1, 12, len(lines), 1, "sentence")]
    doe = Entity(3, 11, "Jane Doe", "PERSON", 0, None)
    assert Speakers(lines, sentences, [doe]).speaker_of(Span(12, 15, "She"), 1) is None


def test_who_spoke_within_what_another_said_is_not_meant_later() -> None:
    lines = "Acme says Oslo hopes for rain.\nThe document says no."
    sentences = [Sentence(0, 0, 30, 0, "sentence"), Sentence(1, 31, len(lines), 1, "sentence")]
    names = [Entity(0, 4, "Acme", "ORG", 0, None), Entity(10, 14, "Oslo", "GPE", 0, None)]
    speakers = Speakers(lines, sentences, names)
    assert speakers.speaker_of(Span(0, 4, "Acme"), 0) == "Acme"
    assert speakers.speaker_of(Span(10, 14, "Oslo"), 0, inner=True) == "Oslo"
    assert speakers.speaker_of(Span(31, 43, "The document"), 1) == "Acme"


def test_somebody_described_in_the_first_sentence_is_who_the_next_one_names() -> None:
    lines = "A senior lawmaker said no.\nJane Doe spoke in Oslo."
    sentences = [Sentence(0, 0, 26, 0, "sentence"), Sentence(1, 27, len(lines), 1, "sentence")]
    doe = Entity(27, 35, "Jane Doe", "PERSON", 1, None)
    assert Speakers(lines, sentences, [doe]).speaker_of(Span(0, 17, "A senior lawmaker"), 0) == "Jane Doe"


def test_a_body_described_in_the_first_sentence_is_what_the_next_one_begins_with() -> None:
    lines = "A London-based rights group said no.\nAmnesty spoke in Oslo."
    sentences = [Sentence(0, 0, 36, 0, "sentence"), Sentence(1, 37, len(lines), 1, "sentence")]
    amnesty = Entity(37, 44, "Amnesty", "ORG", 1, None)
    source = Span(0, 27, "A London-based rights group")
    assert Speakers(lines, sentences, [amnesty]).speaker_of(source, 0) == "Amnesty"


def test_nobody_of_a_transcripts_turn_is_meant_outside_of_it() -> None:
    lines = "DOE: Assad spoke too.\nHe said no."
    sentences = [
        Sentence(0, 0, 4, 0, "speaker"),
        Sentence(1, 5, 21, 0, "sentence"),
        Sentence(2, 22, len(lines), 1, "sentence"),
    ]
    assad = Entity(5, 10, "Assad", "PERSON", 1, None)
    assert Speakers(lines, sentences, [assad]).speaker_of(Span(22, 24, "He"), 2) is None


def test_somebody_of_a_nation_is_who_was_called_so() -> None:
    names = {"Syrian": "NORP", "Ann_Poe": "PERSON", "Jane_Doe": "PERSON"}
    lines = "Syrian President Ann Poe met the Arab League chief Jane Doe.\nThe Syrian leader said no."
    assert _speaker(lines, "The Syrian leader", **names) == "Ann Poe"


def test_a_pronoun_behind_and_is_of_who_its_sentence_begins_with() -> None:
    names = {"Jane_Doe": "PERSON", "Ann_Poe": "PERSON"}
    assert _speaker("Jane Doe said yes.\nAnn Poe left, and she said no.", "she", **names) == "Ann Poe"


def test_a_pronoun_is_of_the_nearest_sentences_subject_not_of_an_earlier_speaker() -> None:
    names = {"Jane_Doe": "PERSON", "Ann_Poe": "PERSON"}
    assert _speaker("Jane Doe said yes.\nAnn Poe left.\nShe said no.", "She", **names) == "Ann Poe"


def test_somebody_unnamed_who_spoke_is_meant_by_the_next_pronoun() -> None:
    lines = "Jane Doe said yes.\nBut it is late, a British officer said.\nHe left, he said."
    sentences = [Sentence(0, 0, 18, 0, "sentence"), Sentence(1, 19, 58, 1, "sentence")]
    sentences.append(Sentence(2, 59, len(lines), 2, "sentence"))
    speakers = Speakers(lines, sentences, [Entity(0, 8, "Jane Doe", "PERSON", 0, None)])
    assert speakers.speaker_of(Span(0, 8, "Jane Doe"), 0) == "Jane Doe"
    assert speakers.speaker_of(Span(35, 52, "a British officer"), 1) is None
    assert speakers.speaker_of(Span(68, 70, "he"), 2) is None


def test_who_is_known_to_be_she_is_not_he_later() -> None:
    names = {"Jane_Doe": "PERSON", "Lee_Poe": "PERSON"}
    lines = "Lee Poe met Jane Doe.\nLee Poe said yes.\nMs. Jane Doe said so.\nHe said no."
    assert _speaker(lines, "He", **names) == "Lee Poe"


def test_a_title_before_the_name_before_says_nothing_of_the_gender() -> None:
    names = {"Poe": "PERSON", "Jane_Doe": "PERSON"}
    assert _speaker("Mr. Poe told Jane Doe to go.\nJane Doe left.\nShe said no.", "She", **names) == "Jane Doe"


def test_a_name_that_says_what_somebody_is_does_not_speak() -> None:
    names = {"Acme": "PERSON", "Jane_Doe": "PERSON"}
    assert _speaker("Acme president Jane Doe said no.", "Acme president Jane Doe", **names) == "Jane Doe"


def test_a_rank_taken_for_a_name_is_none() -> None:
    names = {"Brigadier": "PERSON", "Jane_Doe": "PERSON"}
    source = "Minister Brigadier General Jane Doe"
    assert _speaker(f"{source} said no.", source, **names) == "Jane Doe"


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
    assert _speaker(lines, "a statement", Acme="ORG", Jane_Doe="PERSON") == speaker


def test_a_quote_that_goes_on_keeps_its_speaker_for_later_pronouns() -> None:
    lines = "Jane Doe said so.\nRain.\nRain.\nRain.\nShe said no."
    sentences, at = [], 0
    for index, line in enumerate(lines.split("\n")):
        sentences.append(Sentence(index, at, at + len(line), index, "sentence"))
        at += len(line) + 1
    speakers = Speakers(lines, sentences, [Entity(0, 8, "Jane Doe", "PERSON", 0, None)])
    speakers.speaker_of(Span(0, 8, "Jane Doe"), 0)
    for sentence in (1, 2, 3):
        speakers.go_on("Jane Doe", sentence)
    she = sentences[4].start
    assert speakers.speaker_of(Span(she, she + 3, "She"), 4) == "Jane Doe"


def test_a_spokesman_in_the_first_sentence_is_not_the_president_named_next() -> None:
    lines = "An Oslo spokesman said no.\nMr. Doe came home."
    sentences = [Sentence(0, 0, 26, 0, "sentence"), Sentence(1, 27, len(lines), 1, "sentence")]
    doe = Entity(31, 34, "Doe", "PERSON", 1, None)
    assert Speakers(lines, sentences, [doe]).speaker_of(Span(0, 17, "An Oslo spokesman"), 0) is None


def test_an_office_is_of_its_own_department() -> None:
    lines = "Prime Minister Ann Poe met Defense Minister Jane Doe.\nThe defense minister said no."
    names = {"Jane_Doe": "PERSON", "Ann_Poe": "PERSON"}
    assert _speaker(lines, "The defense minister", **names) == "Jane Doe"
    lines = "Defense Minister Jane Doe met Prime Minister Ann Poe.\nThe defense minister said no."
    assert _speaker(lines, "The defense minister", **names) == "Jane Doe"


def test_a_title_that_was_taken_into_the_name_is_one() -> None:
    names = {"Prince_Doe": "PERSON"}
    assert _speaker("Prince Doe came.\nThe prince said no.", "The prince", **names) == "Prince Doe"


def test_a_newspaper_that_was_named_since_is_no_description() -> None:
    names = {"Dutch": "NORP", "Globe": "ORG"}
    lines = "A Dutch newspaper told of it.\nGlobe said so.\nThe newspaper said no."
    assert _speaker(lines, "The newspaper", **names) == "Globe"
