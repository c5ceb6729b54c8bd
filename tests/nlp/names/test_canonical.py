import pytest

from pipeline.nlp.names.canonical import canonical_names, fullest_names, is_fuller, name_words, surnames
from pipeline.nlp.spans import Entity


def _names(*texts: str) -> list[str]:
    entities = []
    for at, text in enumerate(texts):
        name, _, label = text.partition("/")
        entities.append(Entity(at * 100, at * 100 + len(name), name, label or "PERSON", at, None))
    return list(fullest_names(entities).values())


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (("Ashton Carter", "Carter"), ["Ashton Carter", "Ashton Carter"]),
        (("Carter", "Ashton Carter"), ["Ashton Carter", "Ashton Carter"]),
        (("George W. Bush", "George Bush", "Bush"), ["George W. Bush"] * 3),
        (("Bill Clinton", "Hillary Clinton", "Clinton"), ["Bill Clinton", "Hillary Clinton", "Hillary Clinton"]),
        (("Clinton", "Bill Clinton", "Hillary Clinton"), ["Clinton", "Bill Clinton", "Hillary Clinton"]),
        (("Chen Shui-bian", "Chen"), ["Chen Shui-bian", "Chen Shui-bian"]),
        (("Doe",), ["Doe"]),
        (
            ("International Monetary Fund/ORG", "IMF/ORG", "I.M.F./ORG"),
            ["International Monetary Fund"] * 3,
        ),
        (("Afghan Defense Ministry/ORG", "Defense Ministry/ORG"), ["Afghan Defense Ministry"] * 2),
        (("Oslo/GPE", "OSLO/GPE"), ["Oslo", "Oslo"]),
        (("United States/GPE", "U.S./GPE", "York/GPE", "New York/GPE"), ["United States"] * 2 + ["York", "New York"]),
        (("U.S. Food and Drug Administration/ORG", "FDA/ORG"), ["U.S. Food and Drug Administration"] * 2),
        (("U.N. Security Council/ORG", "U.N./ORG"), ["U.N. Security Council", "U.N."]),
        (
            ("Central Bank Office/ORG", "Civil Bar Order/ORG", "CBO/ORG"),
            ["Central Bank Office", "Civil Bar Order", "Central Bank Office"],
        ),
        (("Voice of Oslo/ORG", "VOO/ORG"), ["Voice of Oslo"] * 2),
        (("Washington Post/ORG", "The Post/ORG"), ["Washington Post"] * 2),
        (("ACME STEEL Inc./ORG", "Acme/ORG"), ["ACME STEEL Inc."] * 2),
        (("ACM Holdings Inc./ORG", "ACM/ORG"), ["ACM Holdings Inc."] * 2),
        (("ACM Council/ORG", "ACM/ORG"), ["ACM Council", "ACM"]),
    ],
)
def test_a_name_is_the_fullest_of_its_article(texts: tuple[str, ...], names: list[str]) -> None:
    assert _names(*texts) == names


def test_a_suffix_is_no_surname() -> None:
    assert name_words("John Doe Jr.") == ["john", "doe"]
    assert name_words("Jr.") == ["jr"]


@pytest.mark.parametrize(
    ("fuller", "words", "is_so"),
    [(["a", "b"], ["b"], True), (["a", "b"], ["a"], False), (["a", "b"], [], False), (["b"], ["b"], False)],
)
def test_fuller_names_end_in_the_same_words(fuller: list[str], words: list[str], is_so: bool) -> None:
    assert is_fuller(fuller, words) is is_so


def test_an_acronym_in_brackets_is_the_name_before_it() -> None:
    text = "The Kurdistan Workers' Party (PKK) denied it. PKK fighters left."
    party = Entity(4, 28, "Kurdistan Workers' Party", "ORG", 0, None)
    short = [Entity(at, at + 3, "PKK", "ORG", 0, None) for at in (30, 46)]
    assert set(fullest_names([party, *short], text).values()) == {"Kurdistan Workers' Party"}
    assert fullest_names([party, *short])[short[0]] == "PKK"


def test_the_fields_of_an_article_share_their_names() -> None:
    title = Entity(0, 6, "Carter", "PERSON", 0, None)
    body = [Entity(0, 13, "Ashton Carter", "PERSON", 0, None), Entity(22, 26, "2015", "DATE", 0, None)]
    fields = [("Carter speaks", [title]), ("Ashton Carter spoke in 2015.", body)]
    assert canonical_names(fields) == [["Ashton Carter"], ["Ashton Carter", None]]


def test_surnames_come_from_full_names_only() -> None:
    entities = [
        Entity(0, 15, "Bashar al-Assad", "PERSON", 0, None),
        Entity(20, 23, "Doe", "PERSON", 0, None),
        Entity(30, 38, "New York", "GPE", 0, None),
    ]
    assert surnames(entities) == {"al-Assad", "Assad"}


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Ada Quill (CDU) won. The CDU left.", ("Ada Quill/PERSON", "CDU/ORG", "CDU/ORG"), "CDU"),
        ("In Paris (AFP) it rained. AFP left.", ("Paris/GPE", "AFP/ORG", "AFP/ORG"), "AFP"),
        ("Acme Corp. (NYSE: ACME) rose. NYSE left.", ("Acme Corp./ORG", "NYSE/ORG", "NYSE/ORG"), "NYSE"),
        ("Ridgewater (PNF) sat. The PNF left.", ("Ridgewater/ORG", "PNF/ORG", "PNF/ORG"), "PNF"),
        ("Volkswagen (VW) sat. VW left.", ("Volkswagen/ORG", "VW/ORG", "VW/ORG"), "Volkswagen"),
        (
            "Kurdistan Workers (PKK) sat. PKK left.",
            ("Kurdistan Workers/ORG", "PKK/ORG", "PKK/ORG"),
            "Kurdistan Workers",
        ),
    ],
)
def test_an_acronym_in_brackets_needs_initials_or_a_body(text: str, names: tuple[str, ...], expected: str) -> None:
    entities, at = [], 0
    for one in names:
        name, _, label = one.partition("/")
        at = text.index(name, at)
        entities.append(Entity(at, at + len(name), name, label, 0, None))
        at += len(name)
    assert list(fullest_names(entities, text).values())[-1] == expected
