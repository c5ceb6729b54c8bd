import pytest

from pipeline.nlp.names.borders import NameSpan, tidy, trim_name, whole
from pipeline.nlp.spans import Entity, Sentence


@pytest.mark.parametrize(
    ("sentence", "name", "label", "trimmed"),
    [
        ("the Pentagon said", "the Pentagon", "ORG", "Pentagon"),
        ("The Pentagon said", "The Pentagon", "ORG", "Pentagon"),
        ("The New York Times said", "The New York Times", "ORG", "The New York Times"),
        ("said The Economist", "Economist", "ORG", "The Economist"),
        ("won 06-Jul, 06-Apr.", "06-Apr.", "CARDINAL", "06-Apr"),
        ("in the past two years", "the past two years", "DATE", "the past two years"),
        ("Syria's war", "Syria's", "GPE", "Syria"),
        ("the Democrats' plan", "Democrats'", "NORP", "Democrats"),
        ('"NATO" said', '"NATO"', "ORG", "NATO"),
        ("in the U.S.", "the U.S.", "GPE", "U.S."),
        ("to Apple Inc.", "Apple Inc.", "ORG", "Apple Inc."),
        ("to Oslo.", "Oslo.", "GPE", "Oslo"),
        ("the anti-American group", "anti-American", "NORP", "American"),
        ("the U.S.-led coalition", "U.S.-led", "GPE", "U.S."),
        ("it was -5 degrees", "-5 degrees", "QUANTITY", "-5 degrees"),
        ("Prof Nandi said", "Prof Nandi", "PERSON", "Nandi"),
        ("Lt. Gen. Ada Quill said", "Lt. Gen. Ada Quill", "PERSON", "Ada Quill"),
        ("ADC Hussein Safadi said", "ADC Hussein Safadi", "PERSON", "Hussein Safadi"),
        ("MP de la Cruz said", "MP de la Cruz", "ORG", "de la Cruz"),
        ("fined Bo Reed 300 euros", "Bo Reed 300", "PERSON", "Bo Reed"),
        ("only 4 percent", "only 4 percent", "PERCENT", "4 percent"),
        ("in Springfield, Mass., where", "Mass.", "GPE", "Mass."),
        ("in New Selby & left", "New Selby &", "GPE", "New Selby"),
    ],
)
def test_a_name_is_trimmed_to_the_convention(sentence: str, name: str, label: str, trimmed: str) -> None:
    start = sentence.index(name)
    found = trim_name(sentence, NameSpan(start, start + len(name), label))
    assert sentence[found.start : found.end] == trimmed


@pytest.mark.parametrize(("sentence", "label"), [("...", "ORG"), ("12", "PERSON"), ("the ", "GPE"), ("'s", "CARDINAL")])
def test_what_is_no_name_is_dropped(sentence: str, label: str) -> None:
    assert tidy(sentence, [NameSpan(0, len(sentence), label)]) in ([], [NameSpan(1, 2, "CARDINAL")])


def _whole(text: str, *names: tuple[str, str]) -> list[tuple[str, str]]:
    entities = []
    at = 0
    for name, label in names:
        at = text.index(name, at)
        entities.append(Entity(at, at + len(name), name, label, 0, 0.9))
        at += len(name)
    return [(one.text, one.label) for one in whole(text, [Sentence(0, 0, len(text), 0, "sentence")], entities)]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Maria do Carmo left.", [("Maria", "PERSON"), ("Carmo", "PERSON")], [("Maria do Carmo", "PERSON")]),
        ("Mohammed bin Rashid left.", [("Mohammed", "PERSON")], [("Mohammed bin Rashid", "PERSON")]),
        ("Rep. Chang Min-won left.", [("Chang Min", "PERSON")], [("Chang Min-won", "PERSON")]),
        ("The Ada Reed-led group left.", [("Ada Reed", "PERSON")], [("Ada Reed", "PERSON")]),
        ("Fisher &amp; Co left.", [("Fisher", "ORG"), ("Co", "ORG")], [("Fisher &amp; Co", "ORG")]),
        ("Marks &amp; Spencer left.", [("Marks", "ORG"), ("Spencer", "ORG")], [("Marks &amp; Spencer", "ORG")]),
        ("The Bank of Orvane left.", [("Bank", "ORG"), ("Orvane", "GPE")], [("Bank of Orvane", "ORG")]),
        ("The 2002 World Cup began.", [("2002", "DATE"), ("World Cup", "EVENT")], [("2002 World Cup", "EVENT")]),
        ("On Sunday, 9 May 2010.", [("Sunday", "DATE"), ("9 May 2010", "DATE")], [("Sunday, 9 May 2010", "DATE")]),
        ("Acme Ltd. of Oslo left.", [("Acme Ltd.", "ORG"), ("Oslo", "GPE")], [("Acme Ltd.", "ORG"), ("Oslo", "GPE")]),
        ("PM Modan & Home Minister Bo left.", [("Modan & Home", "ORG")], [("Modan", "PERSON")]),
        ("Zenith Motors left.", [("Zenith", "PERSON")], [("Zenith Motors", "ORG")]),
        ("The Oslo Energy Minister left.", [("Oslo", "GPE")], [("Oslo", "GPE")]),
        ("Bekele & Tadesse Sons left.", [("Bekele & Tadesse", "ORG")], [("Bekele & Tadesse Sons", "ORG")]),
        ("Pires & dos Reis left.", [("Pires", "ORG"), ("Reis", "PERSON")], [("Pires & dos Reis", "ORG")]),
        ("The Banco do Tarn left.", [("Banco", "ORG"), ("Tarn", "PERSON")], [("Banco do Tarn", "ORG")]),
        ("In Washington, D.C. it rained.", [("Washington", "GPE"), ("D.C.", "GPE")], [("Washington, D.C.", "GPE")]),
        ("Mwamba & Tadesse left.", [("Mwamba", "PERSON"), ("Tadesse", "PERSON")], [("Mwamba & Tadesse", "ORG")]),
        ("Tran & Nguyen Partners left.", [("Tran", "ORG")], [("Tran & Nguyen Partners", "ORG")]),
        ("PM Modan & Reed left.", [("Modan", "PERSON"), ("Reed", "PERSON")], [("Modan", "PERSON"), ("Reed", "PERSON")]),
        ("CEO of ZFC Ada Doe left.", [("ZFC", "ORG"), ("Doe", "PERSON")], [("ZFC", "ORG"), ("Ada Doe", "PERSON")]),
        ("Its leader, Gunnar Strand, left.", [("Gunnar", "PERSON")], [("Gunnar Strand", "PERSON")]),
    ],
)
def test_a_name_takes_in_what_goes_on_behind_it(
    text: str, names: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert _whole(text, *names) == expected
