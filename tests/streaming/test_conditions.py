from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.streaming.conditions import condition

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


def test_what_is_null_is_equal_to_nothing() -> None:
    assert not condition(["source=None"])(ENRICHED)


@pytest.mark.parametrize("text", ["label", "=CFS", "", " =x"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no condition"):
        condition([text])
