"""What becomes of an article's claims from version to version."""

from typing import Any

import pytest
from hand_made import PIPELINE, arrival, asserted, context
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract.events import ClaimV1, EnrichedV1, Origin
from pipeline.contract.ids import lineage_ids
from pipeline.memory.versions import Known, Linked, link
from pipeline.topology import enrich_arrivals

PAY, TAX, RENT = "Pay rose by 3 percent.", "Tax fell in May.", "Rent was frozen in Oslo."


def enriched(text: str, *, score: float = 0.9, **fields: Any) -> tuple[EnrichedV1, list[ClaimV1]]:
    """A version of an article of which every sentence is a claim, or with a low score none."""
    one = arrival(text, origin=Origin(topic="news.articles", partition=0, offset=0, timestamp=0), **fields)
    count = text.count(".")
    ((event, *claims),) = enrich_arrivals([one], context(classify_claims=asserted(*[score] * count)))
    assert isinstance(event, EnrichedV1)
    return event, [claim for claim in claims if isinstance(claim, ClaimV1)]


def step(known: Known | None, text: str, **fields: Any) -> Linked:
    linked = link(known, *enriched(text, **fields))
    assert linked is not None
    return linked


def test_a_first_version_makes_all_its_claims_and_no_revision() -> None:
    first = step(None, f"{PAY} {TAX}")
    assert [(claim.sentence.text, claim.change) for claim in first.claims] == [(PAY, "added"), (TAX, "added")]
    assert [claim.lineage for claim in first.claims] == lineage_ids("a-1", [PAY, TAX])
    assert (first.gone, first.revision, first.known.number) == ((), None, 1)


def test_a_claim_is_made_once_however_often_its_article_is_republished() -> None:
    known, made = None, 0
    for number in range(100):
        linked = step(known, f"{' ' * (number % 3)}{PAY}{chr(10) * (number % 5)} {TAX}")
        known, made = linked.known, made + len(linked.claims)
        assert not linked.gone
        assert linked.revision is None
    assert made == 2


def test_a_claim_is_made_once_though_its_score_falls_with_a_misspelling() -> None:
    known, made = None, 0
    for number in range(100):
        linked = step(known, PAY.replace("percent", "percnet") if number % 3 else PAY, score=0.9 if number % 2 else 0.4)
        known, made = linked.known, made + len(linked.claims)
        assert not linked.gone
    assert made == 1
    assert known is not None
    assert len(known.lineages) == 1


def test_a_new_version_says_what_is_added_removed_and_changed() -> None:
    first = step(None, f"{PAY} {TAX}")
    second = step(first.known, f"{PAY.replace('3', '4')} {RENT}")
    pay, tax = (claim.lineage for claim in first.claims)
    changed, added = second.claims
    assert (changed.lineage, changed.change, changed.sentence.text) == (pay, "changed", "Pay rose by 4 percent.")
    assert (added.change, added.sentence.text, second.gone) == ("added", RENT, (tax,))
    revision = second.revision
    assert revision is not None
    assert (revision.number, revision.replaces, revision.id) == (2, first.known.event, second.known.event)
    assert revision.substance
    assert revision.pipeline == PIPELINE
    said = {one.change: one for one in revision.claims}
    assert (said["changed"].before, said["changed"].after, said["changed"].differs) == (
        PAY,
        "Pay rose by 4 percent.",
        ["number"],
    )
    assert (said["removed"].lineage, said["removed"].before, said["removed"].after) == (tax, TAX, None)
    assert (said["added"].lineage, said["added"].after) == (added.lineage, RENT)
    assert {one.change for one in revision.sentences} == {"added", "removed", "changed"}


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_a_withdrawal_takes_all_claims_and_a_later_version_brings_them_back(status: str) -> None:
    first = step(None, f"{PAY} {TAX}", version=1)
    gone = step(first.known, "", status=status)
    assert (gone.claims, set(gone.gone)) == ((), {claim.lineage for claim in first.claims})
    assert gone.revision is not None
    assert (gone.revision.article.status, gone.revision.sentences, gone.revision.substance) == (status, [], True)
    assert [one.change for one in gone.revision.claims] == ["removed", "removed"]
    assert link(gone.known, *enriched(f"{PAY} {TAX}", version=1)) is None  # a replay of what was withdrawn
    back = step(gone.known, f"{PAY} {TAX}", version=2)
    assert [claim.lineage for claim in back.claims] == [claim.lineage for claim in first.claims]
    assert back.revision is not None


def test_a_withdrawal_that_comes_first_holds_against_the_version_that_it_withdraws() -> None:
    gone = step(None, "", status="canceled", version=2)
    assert gone.revision is None
    assert link(gone.known, *enriched(PAY, version=2)) is None
    assert step(gone.known, PAY, version=3).claims


OLD, NEW = "2031-05-01T10:00:00Z", "2031-05-01T12:30:00+02:00"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"version": 1}, {"version": 2}),
        ({"updated": OLD}, {"updated": NEW}),
        ({"published": OLD}, {"published": NEW}),
        ({"version": 1, "updated": NEW}, {"version": 2, "updated": OLD}),
        ({"updated": OLD, "published": NEW}, {"updated": NEW, "published": OLD}),
        ({"version": 7, "updated": OLD}, {"updated": NEW}),
    ],
)
def test_an_older_version_that_comes_late_changes_nothing(older: dict[str, Any], newer: dict[str, Any]) -> None:
    assert step(step(None, PAY, **older).known, TAX, **newer).claims
    assert link(step(None, TAX, **newer).known, *enriched(PAY, **older)) is None


@pytest.mark.parametrize("fields", [{}, {"version": 3}, {"updated": OLD}])
def test_of_versions_that_cannot_be_told_apart_the_later_one_counts(fields: dict[str, Any]) -> None:
    assert step(step(None, PAY, **fields).known, TAX, **fields).claims


def test_what_a_version_does_not_say_of_its_order_stays_known() -> None:
    second = step(step(None, PAY, version=2).known, TAX)
    assert link(second.known, *enriched(RENT, version=1)) is None


def test_a_text_that_comes_back_gets_a_lineage_of_its_own_while_its_first_one_goes_on() -> None:
    first = step(None, PAY)
    second = step(first.known, PAY.replace("3", "4"))
    third = step(second.known, f"{PAY.replace('3', '4')} {RENT} {PAY}")
    assert len(set(third.known.lineages.values())) == 3


_VERSIONS = st.lists(
    st.tuples(
        st.lists(st.sampled_from([PAY, PAY.replace("3", "4"), TAX, RENT]), min_size=1, max_size=5),
        st.none() | st.integers(0, 4),
        st.sampled_from(["usable", "usable", "canceled"]),
    ),
    min_size=1,
    max_size=6,
)


@given(_VERSIONS)
def test_the_table_of_claims_has_what_the_newest_version_says(
    versions: list[tuple[list[str], int | None, str]],
) -> None:
    known, found = None, dict[str, str]()
    for sentences, version, status in versions:
        linked = link(known, *enriched(" ".join(sentences), version=version, status=status))
        if linked is None:
            continue
        known = linked.known
        assert not {claim.lineage for claim in linked.claims} & set(linked.gone)
        for lineage in linked.gone:
            del found[lineage]
        found |= {claim.lineage: claim.sentence.text for claim in linked.claims}
        wanted = [] if status == "canceled" else sentences
        assert sorted(found.values()) == sorted(wanted)
        assert found.keys() == set(linked.known.lineages.values())
