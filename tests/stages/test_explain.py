from hand_made import arrival, attributed, context, said

from pipeline.contract.events import EnrichedV1
from pipeline.stages.context import Context
from pipeline.stages.explain import Explanation, explain
from pipeline.topology import enrich_arrivals


def explained(surroundings: Context) -> list[Explanation]:
    ((event, *_),) = enrich_arrivals([arrival("she said X. X came. Rain fell.")], surroundings)
    assert isinstance(event, EnrichedV1)
    return explain(event, surroundings)


def test_an_attribution_is_explained_by_the_pass_and_by_who_was_named_near() -> None:
    (explanation,) = explained(context(find_attributions=attributed([said(9, 10)])))
    assert explanation == Explanation(
        article="a-1",
        field="text",
        sentence="she said X.",
        content=".",
        source="she",
        cue="said",
        speaker="SHE",
        resolved_by="no source",
        candidates=["x"],
    )


def test_an_article_without_entities_has_nothing_to_explain() -> None:
    surroundings = context(detect_language=lambda _text: "fr")
    assert explained(surroundings) == []
