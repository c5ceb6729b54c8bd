from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.memory import alignment
from pipeline.memory.alignment import Alignment, Change, ClaimChange, align
from pipeline.memory.lines import Line

_FERRY = "A ferry struck a pier in thick fog on Tuesday, the coastguard said."
_COUNT = "It was carrying 212 passengers and 19 crew."
_HORN = "The horn sounded three times before the crash."
_BUILT = "The ship was built in 1998 and passed its last inspection."
_FED = "It had been fed by two days of rain in the Harrow hills, where 160 millimetres fell."


def _lines(*texts: str) -> list[Line]:
    return [Line(text) for text in texts]


def _aligned(older: tuple[str, ...], newer: tuple[str, ...]) -> Alignment:
    return align(_lines(*older), _lines(*newer))


@pytest.mark.parametrize(
    ("older", "newer", "change"),
    [
        ((_FERRY, _COUNT), (_FERRY, _HORN, _COUNT), Change("added", (), (1,), (), substance=True)),
        ((_FERRY, _HORN, _COUNT), (_FERRY, _COUNT), Change("removed", (1,), (), (), substance=True)),
        (
            (_FERRY, _COUNT, _HORN),
            (_FERRY, _COUNT.replace("212", "221"), _HORN),
            Change("changed", (1,), (1,), ("number",), substance=True),
        ),
        (
            (_FERRY, _COUNT),
            (_FERRY, _COUNT.replace("carrying", "carying")),
            Change("changed", (1,), (1,), ("wording",), substance=False),
        ),
        ((_FERRY, _COUNT, _HORN, _BUILT), (_FERRY, _BUILT, _COUNT, _HORN), Change("moved", (3,), (1,))),
        (
            (_FERRY, _FED, _HORN),
            (_FERRY, "It had been fed by two days of rain in the Harrow hills.", "There, 160 millimetres fell.", _HORN),
            Change("changed", (1,), (1, 2), ("wording",), substance=False),
        ),
        (
            (_FERRY, "It had been fed by two days of rain in the Harrow hills.", "There, 160 millimetres fell.", _HORN),
            (_FERRY, _FED, _HORN),
            Change("changed", (1, 2), (1,), ("wording",), substance=False),
        ),
        (
            (_FERRY, _COUNT, _HORN),
            (_HORN, _FERRY, _COUNT.replace("212", "221")),
            Change("changed", (1,), (2,), ("number",), substance=True),
        ),
    ],
    ids=["added", "removed", "changed", "misspelt", "moved", "split", "joined", "changed beside a moved one"],
)
def test_what_became_of_a_line_is_told(older: tuple[str, ...], newer: tuple[str, ...], change: Change) -> None:
    found = _aligned(older, newer)
    assert [one for one in found.changes if one.change != "moved" or change.change == "moved"] == [change]
    assert found.substance == change.substance


def test_blanks_and_the_form_of_quotes_change_nothing() -> None:
    older = ('"We heard  it," she said.', _COUNT)
    assert _aligned(older, ("\u201cWe heard\nit,\u201d she said.", _COUNT)) == Alignment((), (), substance=False)


def test_the_same_line_twice_is_two_lines() -> None:
    assert _aligned((_HORN, _HORN), (_HORN,)).changes == (Change("removed", (1,), (), (), substance=True),)


def test_a_headline_is_the_same_line_however_it_reads() -> None:
    old = [Line("Two dead as ferry strikes pier", kind="headline", field="title"), Line(_COUNT)]
    new = [Line("Three killed in ferry crash", kind="headline", field="title"), Line(_COUNT)]
    (change,) = align(old, new).changes
    assert (change.change, change.differs[0]) == ("changed", "number")


@pytest.mark.parametrize("kind", ["dateline", "byline", "notice", "speaker"])
def test_a_line_about_the_article_is_no_substance(kind: str) -> None:
    notice = Line("(Reporting by Ilse Marchetti; editing by Dov Hartigan)", kind=kind)  # type: ignore[arg-type]
    found = align(_lines(_FERRY), [Line(_FERRY), notice])
    assert [change.change for change in found.changes] == ["added"]
    assert not found.substance


def test_a_claim_goes_on_while_it_states_the_same() -> None:
    older = [Line(text, claim=True) for text in (_FERRY, _COUNT, _HORN, _BUILT)]
    newer = [
        Line(_FERRY.replace("thick fog", "dense fog"), claim=True),
        Line(_COUNT.replace("212", "221"), claim=True),
        Line(_BUILT.replace("1998", "1989")),
        Line("Nobody was hurt.", claim=True),
    ]
    assert set(align(older, newer).claims) == {
        ClaimChange("kept", 0, 0, ("wording",)),
        ClaimChange("changed", 1, 1, ("number",)),
        ClaimChange("removed", 2, None),
        ClaimChange("removed", 3, None),
        ClaimChange("added", None, 3),
    }


@pytest.mark.parametrize("text", [_COUNT, _COUNT.replace("carrying", "carying")], ids=["same words", "misspelt"])
def test_a_claim_goes_on_in_a_line_that_is_none_by_its_score(text: str) -> None:
    (claim,) = align([Line(_COUNT, claim=True)], [Line(text)]).claims
    assert (claim.change, claim.before, claim.after) == ("kept", 0, 0)


_WORDS = st.lists(
    st.sampled_from(
        ["the", "ship", "sank", "on", "Monday", "not", "3", "4", "Oslo", "Rome", "she", "“yes”", "'no'", "5%"]
    ),
    max_size=6,
)
_ARTICLES = st.lists(
    st.builds(Line, _WORDS.map(" ".join) | st.text(max_size=20), st.just(()), st.booleans()), max_size=8
)


@given(_ARTICLES, _ARTICLES)
def test_every_line_and_every_claim_is_accounted_for_once(older: list[Line], newer: list[Line]) -> None:
    found = align(older, newer)
    befores = list(chain.from_iterable(change.before for change in found.changes))
    afters = list(chain.from_iterable(change.after for change in found.changes))
    assert len(set(befores)) == len(befores)
    assert len(set(afters)) == len(afters)
    assert len(older) - len(befores) == len(newer) - len(afters)  # what is left is the same in both
    assert sorted(one.before for one in found.claims if one.before is not None) == [
        at for at, line in enumerate(older) if line.claim
    ]
    went_on = [one.after for one in found.claims if one.after is not None]
    assert len(set(went_on)) == len(went_on)
    assert set(went_on) >= {at for at, line in enumerate(newer) if line.claim}
    assert all(newer[one.after].claim for one in found.claims if one.after is not None and one.change != "kept")


@given(_ARTICLES)
def test_a_version_that_comes_again_changes_nothing(lines: list[Line]) -> None:
    found = align(lines, lines)
    assert (found.changes, found.substance) == ((), False)
    assert {one.change for one in found.claims} <= {"kept"}


@pytest.mark.slow
def test_the_work_is_bounded_however_long_the_versions_are(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def weight(words: frozenset[str]) -> float:
        nonlocal compared
        compared += 1
        return float(len(words))

    monkeypatch.setattr(alignment, "_weight", weight)
    size = 10_000
    older = _lines(*(f"old{at} w{at % 500} w{at % 499}" for at in range(size)))
    newer = _lines(*(f"new{at} w{at % 500} w{at % 499}" for at in range(size)))
    assert len(align(older, newer).claims) == 0
    assert compared <= 2 * size + alignment._MOST_PAIRS
