"""A sample of the behaviour tests: no kind may pass less often than recorded; ``make behaviour`` runs all."""

from __future__ import annotations

import orjson
import pytest
from behaviour.names import CULTURES
from behaviour.run import CASES_OF_A_KIND, RECORD, SAMPLE_OF_A_KIND, Outcome, cases, outcomes, rates, shipped_context
from behaviour.table import KINDS

from pipeline.stages.context import Context


@pytest.fixture(scope="module")
def context() -> Context:
    return shipped_context()


@pytest.fixture(scope="module")
def sample(context: Context) -> list[Outcome]:
    return outcomes(list(KINDS), SAMPLE_OF_A_KIND, context)


def test_no_kind_passes_less_often_than_recorded(sample: list[Outcome]) -> None:
    recorded = orjson.loads(RECORD.read_bytes())
    assert list(recorded) == list(KINDS), "the kinds have changed: make behaviour ARGS=--record"
    fallen = {kind: (passed, recorded[kind]) for kind, (passed, _) in rates(sample).items() if passed < recorded[kind]}
    examples = [f"{one.template}: {one.failures}" for one in sample if one.failures and one.kind in fallen]
    assert not fallen, "\n".join([f"of {SAMPLE_OF_A_KIND} cases passed, and passed before: {fallen}", *examples])


def test_there_are_enough_cases_of_every_culture_and_all_differ() -> None:
    drawn = [case for kind in KINDS for _, case in cases(kind, CASES_OF_A_KIND)]
    assert len(drawn) >= 5_000
    assert {case.tags["culture"] for case in drawn if "culture" in case.tags} == set(CULTURES)
    assert {case.type for case in drawn} == {"minimum", "invariance", "direction"}
    texts = {tuple(article.text for article in case.articles) for case in drawn}
    assert len(texts) > 0.75 * len(drawn)


def test_a_case_is_the_same_each_time_and_another_with_another_seed() -> None:
    def texts(seed: int) -> list[str]:
        return [case.articles[0].text for kind in KINDS for _, case in cases(kind, 12, seed=seed)]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)
