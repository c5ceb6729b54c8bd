import pytest

from pipeline.nlp.names import fullest_names, is_fuller, name_words
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
        (("Oslo/GPE", "OSLO/GPE"), ["Oslo", "OSLO"]),
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
