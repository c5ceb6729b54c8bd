from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from pipeline.contract import codec, events, ids, schemas
from pipeline.contract.events import ArticleV1, ClaimV1, EnrichedV1, EntitiesV1, SentencesV1
from pipeline.contract.headers import event_type
from pipeline.topology import STAGES, TOPICS

FOLDER = Path(codec.__file__).parent / "examples"
NINJS = ("ninjs.1.json", "ninjs.2.json", "ninjs.3.json")
NAMES = {event: f"{event_type(event).removeprefix('claimwire.')}.json" for event in TOPICS}
ANALYSED = tuple(stage.passes_on for stage in STAGES)


def compact(name: str) -> bytes:
    """An example without the blanks that are for its human readers."""
    return orjson.dumps(orjson.loads((FOLDER / name).read_bytes()))


def decode(event: type[BaseModel], value: bytes) -> BaseModel:
    return codec.decode_article(value, max_chars=10_000) if event is ArticleV1 else codec.decode(event, value)


def test_each_event_and_each_version_of_ninjs_has_an_example_and_there_is_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*NAMES.values(), *NINJS}


@pytest.mark.parametrize("event", TOPICS, ids=lambda event: event.__name__)
def test_an_example_comes_back_byte_for_byte(event: type[BaseModel]) -> None:
    value = compact(NAMES[event])
    assert codec.encode(decode(event, value)) == value


@pytest.mark.parametrize("event", TOPICS, ids=lambda event: event.__name__)
def test_an_example_is_valid_by_its_schema(event: type[BaseModel]) -> None:
    Draft202012Validator(schemas.json_schema(event)).validate(orjson.loads(compact(NAMES[event])))


@pytest.mark.parametrize("event", ANALYSED, ids=lambda event: event.__name__)
def test_the_offsets_of_an_example_cut_its_texts(event: type[SentencesV1]) -> None:
    found = codec.decode(event, compact(NAMES[event]))
    article = found.article
    assert found.id == ids.event_id(article.id, title=article.title, text=article.text)
    texts = {"text": article.text, "title": article.title or ""}
    assert [sentence.index for sentence in found.sentences] == list(range(len(found.sentences)))
    for sentence in found.sentences:
        cut = texts[sentence.field][sentence.start : sentence.end]
        assert cut
        assert cut == cut.strip()
        assert "\n" not in cut
    for span in _spans(found):
        assert texts[span.field if isinstance(span, events.Entity) else "text"][span.start : span.end] == span.text


def _spans(found: SentencesV1) -> list[events.Span | events.Entity]:
    spans: list[events.Span | events.Entity] = []
    if isinstance(found, EntitiesV1):
        spans += found.entities or []
    if isinstance(found, EnrichedV1):
        for said in found.attributions or []:
            spans += [span for span in (said.source, said.cue, said.content) if span]
    return spans


def test_the_claim_is_one_of_the_enriched_event() -> None:
    claim = codec.decode(ClaimV1, compact(NAMES[ClaimV1]))
    enriched = codec.decode(EnrichedV1, compact(NAMES[EnrichedV1]))
    assert claim.id == ids.sentence_id(enriched.id, claim.sentence.index)
    assert enriched.article.text[claim.sentence.start : claim.sentence.end] == claim.sentence.text


@pytest.mark.parametrize("name", NINJS)
def test_a_ninjs_example_becomes_an_article_that_comes_back_the_same(name: str) -> None:
    article = codec.decode_article(compact(name), max_chars=10_000)
    assert article.text.count("\n") == 1
    assert article.title
    assert article.source == "Norvik Newsdesk"
    assert article.authors
    assert article.published
    again = codec.decode_article(codec.encode(article), max_chars=10_000)
    assert again == article
