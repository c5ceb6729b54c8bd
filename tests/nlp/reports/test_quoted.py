import pytest

from pipeline.nlp.reports.quoted import before, behind


@pytest.mark.parametrize(
    ("tail", "source", "cue"),
    [
        (" Smith, 54, said.", "Smith, 54", "said"),
        (" Ada Reed, who runs a bakery, quietly sighed.", "Ada Reed, who runs a bakery", "sighed"),
        (" Fatima, a mother of three, told AFP.", "Fatima, a mother of three", "told"),
        (" Ada Reed, speaking in Tarn, said.", "Ada Reed", "said"),
        (" summed up Łukasz Żak.", "Łukasz Żak", "summed up"),
        (" pointed out Dr. J. Reed on Monday.", "Dr. J. Reed", "pointed out"),
        (" read a statement from Acme Corp.", "a statement from Acme Corp", "read"),
        (" she went on.", "she", "went on"),
        (" the mayor of Tarn clarified.", "the mayor of Tarn", "clarified"),
        (" -Commissioner Bo Reed", "Commissioner Bo Reed", None),
    ],
)
def test_who_stands_behind_a_quote(tail: str, source: str, cue: str | None) -> None:
    found = behind(tail, 0, len(tail))
    assert found is not None
    assert tail[slice(*found.source)] == source
    assert (tail[slice(*found.cue)] if found.cue else None) == cue


@pytest.mark.parametrize(
    ("head", "source", "cue"),
    [
        ("Smith, 54: ", "Smith, 54", None),
        ("Ada Reed told reporters: ", "Ada Reed", "told"),
        ("According to the letter: ", "the letter", "According to"),
    ],
)
def test_who_stands_before_a_quote(head: str, source: str, cue: str | None) -> None:
    found = before(head, 0, len(head))
    assert found is not None
    assert head[slice(*found.source)] == source
    assert (head[slice(*found.cue)] if found.cue else None) == cue


@pytest.mark.parametrize("head", ["The film was called ", "Mr. Reed is famous for ", "His "])
def test_words_in_marks_are_not_said_by_what_stands_before_them(head: str) -> None:
    assert before(head, 0, len(head)) is None


@pytest.mark.parametrize("tail", ["", ".", " in the town.", " of his famous bridge."])
def test_nobody_stands_behind_a_quote_without_a_verb(tail: str) -> None:
    assert behind(tail, 0, len(tail)) is None
