import pytest
from hand_made import ORIGIN, PIPELINE, arrival, context

from pipeline.contract import codec
from pipeline.contract.events import EntitiesV1, Pipeline, SentencesV1
from pipeline.nlp.spans import Entity
from pipeline.stages import split_sentences
from pipeline.stages.context import Context, Fields, Split, Texts
from pipeline.stages.split_sentences import Arrival
from pipeline.stages.tag_entities import run


def tagged(*arrivals: Arrival, surroundings: Context | None = None) -> list[EntitiesV1]:
    return entities_of(split(*arrivals), surroundings or context())


def split(*arrivals: Arrival) -> list[SentencesV1]:
    return [event for (event,) in split_sentences.run(arrivals, context()) if isinstance(event, SentencesV1)]


def entities_of(events: list[SentencesV1], surroundings: Context) -> list[EntitiesV1]:
    found = [event for (event,) in run(events, surroundings) if isinstance(event, EntitiesV1)]
    assert len(found) == len(events)
    return found


def test_no_events_give_no_events() -> None:
    assert run([], context()) == []


def test_an_entity_names_its_field_and_the_sentence_in_the_whole_articles_count() -> None:
    (event,) = tagged(arrival("No. X. Xyz X.", title="No. X."))
    assert [(entity.field, entity.start, entity.sentence) for entity in event.entities or []] == [
        ("title", 4, 1),
        ("text", 4, 3),
        ("text", 7, 4),
        ("text", 11, 4),
    ]


def test_label_text_and_score_come_through() -> None:
    def tag(_texts: Texts, _split: Split) -> list[list[Entity]]:
        return [[Entity(0, 2, "No", "PERSON", 0, 0.25)]]

    (event,) = tagged(arrival("No."), surroundings=context(tag_entities=tag))
    assert [entity.model_dump() for entity in event.entities or []] == [
        {
            "start": 0,
            "end": 2,
            "text": "No",
            "label": "PERSON",
            "sentence": 0,
            "score": 0.25,
            "field": "text",
            "canonical": "no",
        }
    ]


def test_names_are_made_one_over_the_fields_of_an_article_and_not_over_articles() -> None:
    asked = []

    def canonical(fields: Fields) -> list[list[str | None]]:
        asked.append([text for text, _ in fields])
        return [[None for _ in entities] for _, entities in fields]

    events = tagged(arrival("X.", title="X"), arrival("XX."), surroundings=context(canonical_names=canonical))
    assert asked == [["X", "X."], ["XX."]]
    assert [entity.canonical for event in events for entity in event.entities or []] == [None] * 4


def test_entities_are_null_where_skipped_and_empty_where_none_was_found() -> None:
    first, skipped, last = tagged(arrival("X."), arrival("X.", language="de"), arrival("No."))
    assert first.entities
    assert skipped.entities is None
    assert last.entities == []


def test_what_came_before_is_carried_with_what_a_newer_release_has_added() -> None:
    (before,) = split(arrival("No.", extra={"section": "local"}))
    newer = codec.decode(SentencesV1, codec.encode(before).replace(b'{"id"', b'{"readability":7,"id"', 1))
    (event,) = entities_of([newer.model_copy(update={"pipeline": other_pipeline()})], context())
    assert {**before.model_dump(), "readability": 7, "entities": []} == event.model_dump()
    assert event.origin == ORIGIN


def test_the_event_names_what_made_it_not_what_made_the_one_before() -> None:
    (before,) = split(arrival())
    (event,) = entities_of([before.model_copy(update={"pipeline": other_pipeline()})], context())
    assert event.pipeline == PIPELINE


def other_pipeline() -> Pipeline:
    return Pipeline(version="0.0.1", model="older", model_hash="0")


def test_an_answer_for_fewer_texts_than_asked_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        tagged(arrival("X."), arrival("X."), surroundings=context(tag_entities=lambda _texts, _split: [[]]))
