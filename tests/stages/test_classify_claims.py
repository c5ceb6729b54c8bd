from collections.abc import Sequence
from typing import Any

import pytest
from hand_made import ORIGIN, PIPELINE, arrival, article, asserted, assertion, attributed, context, said

from pipeline.contract import codec
from pipeline.contract.events import Claimant, ClaimV1, EnrichedV1, EntitiesV1
from pipeline.contract.ids import lineage_ids
from pipeline.nlp.spans import Assertion, Attribution, Entity, Reference, Resolved
from pipeline.stages import split_sentences, tag_entities
from pipeline.stages.classify_claims import run
from pipeline.stages.context import Context, Split, Tagged, Texts
from pipeline.stages.split_sentences import Arrival
from pipeline.topology import enrich_arrivals


def outputs(*arrivals: Arrival, surroundings: Context) -> list[tuple[EnrichedV1, list[ClaimV1]]]:
    found: list[tuple[EnrichedV1, list[ClaimV1]]] = []
    for first, *others in enrich_arrivals(arrivals, surroundings):
        assert isinstance(first, EnrichedV1)
        claims = [claim for claim in others if isinstance(claim, ClaimV1)]
        assert len(claims) == len(others)
        found.append((first, claims))
    return found


def only_claim(made: Arrival, surroundings: Context) -> ClaimV1:
    ((_, (claim,)),) = outputs(made, surroundings=surroundings)
    return claim


def test_no_events_give_no_events() -> None:
    assert run([], context()) == []


def test_the_enriched_event_comes_first_and_its_claims_in_the_order_of_the_sentences() -> None:
    surroundings = context(classify_claims=asserted(0.9, 0.1, 0.7))
    ((enriched, claims),) = outputs(arrival("One. Two. Three."), surroundings=surroundings)
    assert [found.sentence for found in enriched.assertions or []] == [0, 1, 2]
    assert [claim.sentence.text for claim in claims] == ["One.", "Three."]


@pytest.mark.parametrize(
    ("label", "score", "is_claim"),
    [("NFS", 0.49, False), ("NFS", 0.5, True), ("UFS", 0.51, True), ("CFS", 0.4, False), ("UFS", 0.0, False)],
)
def test_a_claim_is_what_reaches_the_threshold(label: str, score: float, is_claim: bool) -> None:
    surroundings = context(threshold=0.5, classify_claims=lambda _t, _s, _e: [[assertion(score=score, label=label)]])
    ((_, claims),) = outputs(arrival("One."), surroundings=surroundings)
    assert bool(claims) is is_claim


def test_a_claim_stands_alone() -> None:
    made = arrival("One. X two. Three.", title="T", url="https://example.org/1", source="Tarn Gazette", authors=["Ada"])
    claim = only_claim(made, context(classify_claims=asserted(0, 0, 0.75, 0)))
    ((enriched, _),) = outputs(made, surroundings=context())
    assert claim.model_dump() == {
        "id": f"{enriched.id}/2",
        "lineage": lineage_ids("a-1", ["X two."])[0],
        "change": "added",
        "article": {
            "id": "a-1",
            "title": "T",
            "url": "https://example.org/1",
            "source": "Tarn Gazette",
            "published": None,
            "version": None,
            "updated": None,
            "status": "usable",
            "embargo_until": None,
        },
        "sentence": {
            "index": 2,
            "start": 5,
            "end": 11,
            "text": "X two.",
            "before": "One.",
            "after": "Three.",
            "field": "text",
        },
        "in_context": None,
        "label": "NFS",
        "score": 0.75,
        "types": [],
        "reasons": ["by hand"],
        "entities": [
            {
                "start": 5,
                "end": 6,
                "text": "X",
                "label": "ORG",
                "sentence": 2,
                "score": None,
                "field": "text",
                "canonical": "x",
            }
        ],
        "claimant": None,
        "origin": ORIGIN.model_dump(),
        "pipeline": PIPELINE.model_dump(),
    }


@pytest.mark.parametrize(
    ("title", "text", "number", "before", "after"),
    [
        (None, "One. Two.", 0, None, "Two."),
        (None, "One. Two.", 1, "One.", None),
        ("Three. Four.", "One. Two.", 0, None, "Four."),
        ("Three. Four.", "One. Two.", 1, "Three.", None),
        ("Three. Four.", "One. Two.", 2, None, "Two."),
        (None, "One.", 0, None, None),
    ],
)
def test_the_neighbours_are_of_the_same_field(
    title: str | None, text: str, number: int, before: str | None, after: str | None
) -> None:
    surroundings = context(classify_claims=asserted(*(float(place == number) for place in range(4))))
    claim = only_claim(arrival(text, title=title), surroundings)
    assert (claim.sentence.before, claim.sentence.after) == (before, after)


def test_a_claim_in_the_title_is_cut_from_the_title() -> None:
    claim = only_claim(arrival("One.", title=" Three. Four."), context(classify_claims=asserted(0, 1, 0)))
    assert (claim.sentence.field, claim.sentence.index, claim.sentence.text) == ("title", 1, "Four.")


@pytest.mark.parametrize(
    ("found", "claimant"),
    [
        ([], None),
        ([said(0, 4)], "she"),
        ([said(4, 9)], None),  # touches the sentence's end
        ([said(3, 9)], "she"),
        ([said(0, 2, by="he"), said(0, 3, by="she")], "she"),
        ([said(0, 3, by="she"), said(0, 2, by="he")], "she"),
        ([said(0, 3, by="she"), said(1, 4, by="he")], "she"),  # the first of two equal ones
        ([said(1, 4, by="he"), said(3, 100, by="she")], "he"),  # what lies outside the sentence does not count
    ],
)
def test_the_claimant_is_who_said_most_of_the_sentence(found: list[Attribution], claimant: str | None) -> None:
    surroundings = context(classify_claims=asserted(1, 0, 0), find_attributions=attributed(found))
    claim = only_claim(arrival("One. Two. Three."), surroundings)
    assert (claim.claimant.text if claim.claimant else None) == claimant


def test_what_is_said_in_the_title_claims_nothing_in_the_text() -> None:
    surroundings = context(classify_claims=asserted(0, 1), find_attributions=attributed([said(0, 4)], []))
    assert only_claim(arrival("One.", title="Two."), surroundings).claimant is None


def test_a_claimant_is_what_stands_in_the_text_and_whom_it_means() -> None:
    surroundings = context(classify_claims=asserted(1), find_attributions=attributed([said(0, 4)]))
    claim = only_claim(arrival("One."), surroundings)
    assert claim.claimant == Claimant(text="she", speaker="SHE", cue="said", kind="indirect")


def test_a_claimant_without_source_and_cue_is_one_whom_nobody_names() -> None:
    surroundings = context(classify_claims=asserted(1), find_attributions=attributed([said(0, 4, by=None, cue=None)]))
    claim = only_claim(arrival("One."), surroundings)
    assert claim.claimant == Claimant(text=None, speaker=None, cue=None, kind="indirect")


def test_a_claim_is_put_in_context_by_the_references_of_its_sentence() -> None:
    references = [Reference(0, 3, "One", 0, "Ada"), Reference(5, 8, "Two", 1, "Ida")]
    surroundings = context(
        classify_claims=asserted(0, 0, 1),
        find_attributions=lambda _t, _s, _e: [Resolved([], []), Resolved([], references)],
    )
    ((enriched, (claim,)),) = outputs(arrival("One. Two.", title="Six."), surroundings=surroundings)
    assert [(found.sentence, found.name) for found in enriched.references or []] == [(1, "Ada"), (2, "Ida")]
    assert claim.in_context == "Two [Ida]."


def test_an_attribution_names_its_field_and_the_sentence_in_the_whole_articles_count() -> None:
    surroundings = context(find_attributions=attributed([said(0, 4)], [said(5, 9, sentence=1)]))
    ((enriched, _),) = outputs(arrival("One. Two.", title="Six. Ten."), surroundings=surroundings)
    assert [(found.field, found.sentence, found.content.start) for found in enriched.attributions or []] == [
        ("title", 0, 0),
        ("text", 3, 5),
    ]


def test_the_language_functions_get_sentences_and_entities_of_one_field_at_a_time() -> None:
    seen: list[tuple[str, list[int], list[int]]] = []

    def classify(texts: Texts, split: Split, tagged: Tagged) -> list[list[Assertion]]:
        for text, sentences, entities in zip(texts, split, tagged, strict=True):
            seen.append((text, [found.index for found in sentences], [found.sentence for found in entities]))
        return [[assertion() for _ in sentences] for sentences in split]

    made = [arrival("No. X.", title="X. No."), arrival("X.", language="de"), arrival("X.")]
    outputs(*made, surroundings=context(classify_claims=classify))
    assert seen == [("X. No.", [0, 1], [0]), ("No. X.", [0, 1], [1]), ("X.", [0], [0])]


def test_what_is_skipped_stays_null_and_its_neighbours_get_their_own() -> None:
    surroundings = context(classify_claims=asserted(0.9, 0.8))
    before, skipped, after = outputs(
        arrival("One."), arrival("Zwei.", language="de"), arrival("Three."), surroundings=surroundings
    )
    assert (skipped[0].entities, skipped[0].assertions, skipped[0].attributions) == (None, None, None)
    assert skipped[1] == []
    assert len(skipped[0].sentences) == 1
    assert [claims[0].score for _, claims in (before, after)] == [0.9, 0.8]


def test_what_a_newer_release_has_added_is_carried() -> None:
    (split,) = split_sentences.run([arrival("One.")], context())
    (tagged,) = tag_entities.run(split, context())  # type: ignore[arg-type]
    newer = codec.decode(EntitiesV1, codec.encode(tagged[0]).replace(b'{"id"', b'{"readability":7,"id"', 1))
    ((enriched,),) = run([newer], context())
    assert codec.encode(enriched).startswith(b'{"id"')
    assert enriched.model_dump()["readability"] == 7


def test_the_score_of_an_entity_reaches_the_classifier() -> None:
    seen: list[Sequence[Sequence[Entity]]] = []

    def classify(_texts: Texts, split: Split, tagged: Tagged) -> list[list[Assertion]]:
        seen.append(tagged)
        return [[assertion() for _ in sentences] for sentences in split]

    entity = Entity(0, 3, "One", "CARDINAL", 0, 0.5)
    outputs(arrival("One."), surroundings=context(tag_entities=lambda _t, _s: [[entity]], classify_claims=classify))
    assert seen == [[[entity]]]


def test_an_event_keeps_its_article_to_the_letter() -> None:
    made = article("  Café\r\n\u2028X. ", title=" T ", extra={"a": {"b": [1, None]}})
    ((enriched, _),) = outputs(Arrival(made, ORIGIN), surroundings=context())
    assert enriched.article == made


@pytest.mark.parametrize("status", ["withheld", "canceled"])
def test_a_withdrawn_article_says_so_and_makes_no_claim(status: str) -> None:
    whole, empty = arrival("No. Yes.", status=status), arrival("", status=status, title="")
    found = outputs(whole, arrival("No. Yes."), empty, surroundings=context(classify_claims=asserted(*[0.9] * 4)))
    (withdrawn, none), (_, claims), (blank, nothing) = found
    assert (none, len(claims), nothing) == ([], 2, [])
    assert (withdrawn.article.status, withdrawn.assertions, withdrawn.entities) == (status, None, None)
    assert {skipped.why for skipped in withdrawn.skipped} == {f"the article is {status}"}
    assert (blank.sentences, blank.article.text) == ([], "")


def test_a_claim_says_which_version_it_stands_in() -> None:
    said: dict[str, Any] = {"version": 3, "updated": "2031-05-01T10:00:00Z", "embargo_until": "2031-05-01T11:00:00Z"}
    claim = only_claim(arrival("Yes.", **said), context(classify_claims=asserted(0.9)))
    assert {name: getattr(claim.article, name) for name in said} == said
    assert (claim.article.status, claim.change) == ("usable", "added")
