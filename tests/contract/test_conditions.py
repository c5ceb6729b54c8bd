from typing import Any

import pytest
from pydantic import BaseModel

from pipeline.contract.conditions import condition
from pipeline.contract.events import ClaimV1, EnrichedV1, RejectedV1
from pipeline.errors import UsageError

CLAIM: dict[str, Any] = {
    "label": "CFS",
    "types": ["quantity", "causal"],
    "article": {"id": "a1", "source": "Reuters", "title": "Jobs = money"},
    "claimant": {"speaker": "Ashton Carter"},
    "truncated": False,
    "score": 0.5,
    "entities": [{"text": "NATO", "label": "ORG"}],
}
ENRICHED: dict[str, Any] = {
    "article": {"id": "a1", "source": None, "language": "en"},
    "assertions": [{"label": "NFS"}, {"label": "CFS"}],
    "attributions": [{"speaker": None}, {"speaker": "NATO"}],
}


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["label=CFS"],
        ["label=cfs", "source=reuters"],
        ["speaker=Ashton Carter"],
        ["type=causal"],
        ["id=a1"],
        ["entity=nato"],
        ["title=Jobs = money"],
        [" label = CFS "],
        ["truncated=false"],
        ["score=0.5"],
        ["entities.label=ORG"],
    ],
)
def test_a_claim_fulfils(texts: list[str]) -> None:
    assert condition(texts)(CLAIM)


@pytest.mark.parametrize(
    "texts",
    [["label=NFS"], ["label=CFS", "source=AP"], ["speaker=Carter"], ["type=vote"], ["claimant=x"], ["no.such.path=x"]],
)
def test_a_claim_does_not_fulfil(texts: list[str]) -> None:
    assert not condition(texts)(CLAIM)


@pytest.mark.parametrize("text", ["label=CFS", "label=NFS", "speaker=nato", "article.language=en"])
def test_any_member_of_a_list_is_enough(text: str) -> None:
    assert condition([text])(ENRICHED)


def test_a_speaker_without_a_name_is_found_by_what_is_shown_for_it() -> None:
    claim = {"claimant": {"text": "the council", "speaker": None}}
    enriched = {"attributions": [{"speaker": None, "source": {"text": "the council"}}]}
    assert condition(["speaker=The council"], ClaimV1)(claim)
    assert condition(["speaker=The council"], EnrichedV1)(enriched)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (ClaimV1, "lable=CFS"),
        (ClaimV1, "article.language=en"),
        (ClaimV1, "label.x=CFS"),
        (EnrichedV1, "sentences.label=CFS"),
        (RejectedV1, "speaker=NATO"),
    ],
)
def test_what_no_such_event_has_is_refused(event: type[BaseModel], text: str) -> None:
    with pytest.raises(UsageError, match=f"{event.__name__} has no '{text.partition('=')[0]}'"):
        condition([text], event)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (ClaimV1, "claimant.kind=direct"),
        (ClaimV1, "entities.label=ORG"),
        (EnrichedV1, "article.extra.desk.name=city"),
        (EnrichedV1, "attributions.source.text=NATO"),
        (EnrichedV1, "assertions.probabilities.CFS=1.0"),
        (RejectedV1, "key.data=a1"),
    ],
)
def test_what_such_events_may_have_is_taken(event: type[BaseModel], text: str) -> None:
    assert not condition([text], event)({})


def test_what_is_null_is_equal_to_nothing() -> None:
    assert not condition(["source=None"])(ENRICHED)


@pytest.mark.parametrize("text", ["label", "=CFS", "", " =x"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a condition"):
        condition([text])
