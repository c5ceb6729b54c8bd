"""All stages in one call, with the shipped model: what a consumer at the end of the chain can rely on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hand_made import ORIGIN, arrival

from pipeline import __version__
from pipeline.contract import codec
from pipeline.contract.events import ClaimV1, EnrichedV1
from pipeline.nlp.model import load_model
from pipeline.stages.context import Context, context_of
from pipeline.stages.split_sentences import Arrival
from pipeline.topology import enrich_arrivals

TITLE = "Tarn cuts bus fares by 30 percent. Riders cheer"
TEXT = (
    "TARN (AP) — The city of Tarn will cut bus fares by 30 percent from July, Mayor Ada Quill said on Monday.\r\n"
    "“Unemployment fell to 4.1 percent in May, the lowest since 1998,” Quill told reporters. She smiled.\n\n"
    "Crime rose 12 percent last year, according to the Tarn Police Department. 😀 What a year!\n"
)
ENGLISH = arrival(TEXT, title=TITLE, id="tarn-1", url="https://example.org/tarn-1", published="2031-05-01T10:00:00Z")
GERMAN = arrival(
    "Die Stadt Tarn senkt im Juli die Fahrpreise um 30 Prozent. Das sagte die Bürgermeisterin am Montag.",
    title="Tarn senkt die Fahrpreise",
    id="tarn-2",
)
BRIEF = arrival("The council of Tarn voted 7 to 2 for the budget on Tuesday.", id="tarn-3")


@pytest.fixture(scope="module")
def surroundings() -> Context:
    return context_of(load_model(), threshold=0.5)


def enriched(arrivals: Sequence[Arrival], surroundings: Context) -> list[tuple[EnrichedV1, list[ClaimV1]]]:
    found: list[tuple[EnrichedV1, list[ClaimV1]]] = []
    for first, *others in enrich_arrivals(arrivals, surroundings):
        assert isinstance(first, EnrichedV1)
        found.append((first, [claim for claim in others if isinstance(claim, ClaimV1)]))
        assert len(found[-1][1]) == len(others)
    return found


@pytest.fixture(scope="module")
def english(surroundings: Context) -> tuple[EnrichedV1, list[ClaimV1]]:
    return enriched([ENGLISH], surroundings)[0]


def field_of(event: EnrichedV1, name: str) -> str:
    return (event.article.title or "") if name == "title" else event.article.text


def test_the_provenance_names_release_and_model(surroundings: Context) -> None:
    assert surroundings.pipeline.version == __version__
    assert surroundings.pipeline.model.startswith("claimwire-en-")
    assert len(surroundings.pipeline.model_hash) == len(hashlib.sha256().hexdigest())
    assert surroundings.threshold == 0.5


def test_sentences_of_the_title_come_first_and_the_texts_count_on(english: tuple[EnrichedV1, list[ClaimV1]]) -> None:
    event, _ = english
    assert [sentence.index for sentence in event.sentences] == list(range(len(event.sentences)))
    fields = [sentence.field for sentence in event.sentences]
    assert fields == ["title"] * fields.count("title") + ["text"] * fields.count("text")
    titles = [TITLE[sentence.start : sentence.end] for sentence in event.sentences if sentence.field == "title"]
    assert titles == ["Tarn cuts bus fares by 30 percent.", "Riders cheer"]


def test_every_offset_cuts_exactly(english: tuple[EnrichedV1, list[ClaimV1]]) -> None:
    event, _ = english
    assert event.article.text == TEXT
    cut = [TEXT[sentence.start : sentence.end] for sentence in event.sentences if sentence.field == "text"]
    assert all(text and text == text.strip() for text in cut)
    assert "".join("".join(cut).split()) == "".join(TEXT.split())
    for entity in event.entities or []:
        assert entity.text == field_of(event, entity.field)[entity.start : entity.end]
    for found in event.attributions or []:
        for span in (found.source, found.cue, found.content):
            assert span is None or span.text == field_of(event, found.field)[span.start : span.end]


def test_what_is_found_stands_in_the_sentence_that_it_names(english: tuple[EnrichedV1, list[ClaimV1]]) -> None:
    event, _ = english
    assert {entity.field for entity in event.entities or []} == {"title", "text"}
    for entity in event.entities or []:
        sentence = event.sentences[entity.sentence]
        assert sentence.field == entity.field
        assert sentence.start <= entity.start < entity.end <= sentence.end
    for found in event.attributions or []:
        sentence = event.sentences[found.sentence]
        assert sentence.field == found.field
        assert sentence.start <= found.content.start < sentence.end
    assert [found.sentence for found in event.assertions or []] == list(range(len(event.sentences)))


def test_claims_stand_alone_with_their_neighbours(english: tuple[EnrichedV1, list[ClaimV1]]) -> None:
    _, claims = english
    claim = next(claim for claim in claims if claim.sentence.text.startswith("“Unemployment fell"))
    assert (claim.sentence.before or "").endswith("Mayor Ada Quill said on Monday.")
    assert claim.sentence.after == "She smiled."
    assert claim.article.model_dump() == {
        "id": "tarn-1",
        "title": TITLE,
        "url": "https://example.org/tarn-1",
        "source": None,
        "published": "2031-05-01T10:00:00Z",
        "version": None,
        "updated": None,
        "status": "usable",
        "embargo_until": None,
    }
    assert claim.origin == ORIGIN
    assert {entity.sentence for entity in claim.entities} == {claim.sentence.index}


def test_a_claimant_is_named_and_resolved(english: tuple[EnrichedV1, list[ClaimV1]]) -> None:
    _, claims = english
    claimants = {claim.sentence.text[:10]: claim.claimant for claim in claims}
    quoted, counted = claimants["“Unemploym"], claimants["Crime rose"]
    assert quoted
    assert (quoted.text, quoted.speaker, quoted.cue, quoted.kind) == ("Quill", "Ada Quill", "told", "direct")
    assert counted
    assert (counted.text, counted.cue, counted.kind) == ("the Tarn Police Department", "according to", "indirect")


def test_ids_are_derived_and_every_event_is_encoded_and_read_again(english: tuple[EnrichedV1, list[ClaimV1]]) -> None:
    event, claims = english
    assert [claim.id for claim in claims] == [f"{event.id}/{claim.sentence.index}" for claim in claims]
    assert event.id.startswith("tarn-1:")
    assert codec.decode(EnrichedV1, codec.encode(event)) == event
    assert [codec.decode(ClaimV1, codec.encode(claim)) for claim in claims] == claims


def test_another_language_gets_sentences_and_says_what_is_skipped(surroundings: Context) -> None:
    ((event, claims),) = enriched([GERMAN], surroundings)
    assert event.language == "de"
    assert [sentence.field for sentence in event.sentences] == ["title", "text", "text"]
    assert (event.entities, event.assertions, event.attributions, claims) == (None, None, None, [])
    assert {skipped.what for skipped in event.skipped} == {"entities", "assertions", "attributions"}


def test_the_same_article_in_another_batch_gives_the_same_bytes(surroundings: Context) -> None:
    alone = [[codec.encode(event) for event in outputs] for outputs in enrich_arrivals([ENGLISH], surroundings)]
    among = [
        [codec.encode(event) for event in outputs]
        for outputs in enrich_arrivals([BRIEF, GERMAN, ENGLISH, BRIEF, ENGLISH], surroundings)
    ]
    assert among[2] == among[4] == alone[0]
    assert among[0] == among[3]


def test_no_articles_give_nothing(surroundings: Context) -> None:
    assert enrich_arrivals([], surroundings) == []
