from collections.abc import Sequence

import orjson
import pytest
from hand_made import ORIGIN, PIPELINE, arrival, article, context, split_at_stops

from pipeline.contract.codec import decode_article
from pipeline.contract.events import Origin, SentencesV1
from pipeline.nlp.spans import Sentence
from pipeline.stages.context import Context
from pipeline.stages.split_sentences import Arrival, is_read, run


def events(arrivals: Sequence[Arrival], surroundings: Context | None = None) -> list[SentencesV1]:
    found = [event for outputs in run(arrivals, surroundings or context()) for event in outputs]
    assert all(isinstance(event, SentencesV1) for event in found)
    return [event for event in found if isinstance(event, SentencesV1)]


def places(event: SentencesV1) -> list[tuple[int, str, int, int]]:
    return [(sentence.index, sentence.field, sentence.start, sentence.end) for sentence in event.sentences]


def test_no_articles_give_no_events() -> None:
    assert run([], context()) == []


def test_the_titles_sentences_come_first_and_the_texts_count_on() -> None:
    (event,) = events([arrival("One. Two.", title="Three. Four.")])
    assert places(event) == [(0, "title", 0, 6), (1, "title", 7, 12), (2, "text", 0, 4), (3, "text", 5, 9)]


def test_each_event_carries_its_article_its_origin_and_what_made_it() -> None:
    other = Origin(topic="news.articles", partition=0, offset=4, timestamp=-1)
    first, second = events([arrival("One."), arrival("Two.", origin=other, id="b", extra={"x": [1]})])
    assert (first.article, first.origin, first.pipeline) == (article("One."), ORIGIN, PIPELINE)
    assert (second.article, second.origin) == (article("Two.", id="b", extra={"x": [1]}), other)


def test_all_texts_that_the_model_reads_are_one_batch_in_order() -> None:
    batches: list[list[str]] = []

    def split(texts: Sequence[str]) -> list[list[Sentence]]:
        batches.append(list(texts))
        return [split_at_stops(text) for text in texts]

    surroundings = context(split_sentences=split)
    events([arrival("A.", title="T."), arrival("B.", language="de"), arrival("C.")], surroundings)
    assert batches == [["T.", "A.", "C."]]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", True), ("EN", True), ("en-GB", True), ("En-us", True), (None, True), ("de", False), ("enm", False)],
)
def test_english_and_what_is_unclear_is_read(language: str | None, expected: bool) -> None:
    assert is_read(language) is expected


@pytest.mark.parametrize(
    ("stated", "detected", "expected"),
    [
        ("de", "en", "de"),
        ("en-GB", "de", "en-GB"),
        (None, "fr", "fr"),
        (None, None, None),
        ("uk", "en", "en"),
        ("uk", "uk", "uk"),
        ("NG", "pcm", "NG"),
        ("ca", None, "ca"),
        ("ca-ES", "en", "ca-ES"),
        ("us", "en", "en"),
        ("us", "fr", "fr"),
        ("mul", None, None),
        ("und", "fr", "fr"),
        ("UND", None, None),
    ],
)
def test_the_language_is_the_one_stated_else_the_one_detected_and_no_country(
    stated: str | None, detected: str | None, expected: str | None
) -> None:
    (event,) = events([arrival(language=stated)], context(detect_language=lambda _text: detected))
    assert event.language == expected
    assert event.article.language == stated


def test_the_language_is_detected_in_the_text_not_in_the_title() -> None:
    surroundings = context(detect_language=lambda text: {"Ja.": "de"}[text])
    (event,) = events([arrival("Ja.", title="Yes.")], surroundings)
    assert event.language == "de"


@pytest.mark.parametrize(
    ("kind", "expected"), [("picture", "caption"), ("graphic", "caption"), ("event", "sentence"), ("text", "sentence")]
)
def test_the_text_of_a_picture_is_its_caption(kind: str, expected: str) -> None:
    value = orjson.dumps({"uri": "urn:x", "type": kind, "headline": "A bridge.", "body_text": "The bridge. It fell."})
    (event,) = events([Arrival(decode_article(value, max_chars=99), ORIGIN)])
    assert [(sentence.field, sentence.kind) for sentence in event.sentences] == [
        ("title", "sentence"), ("text", expected), ("text", expected)
    ]  # fmt: skip
    assert event.article.extra["type"] == kind


def test_what_the_model_cannot_read_is_split_by_rules_and_says_what_is_skipped() -> None:
    (event,) = events([arrival("Ja. Nein.", title="Doch.", language="de")])
    assert places(event) == [(0, "title", 0, 5), (1, "text", 0, 9)]
    assert [skipped.what for skipped in event.skipped] == ["entities", "assertions", "attributions"]
    assert {skipped.why for skipped in event.skipped} == {"the article's language is de and the model reads en"}


def test_nothing_is_skipped_where_the_model_reads() -> None:
    (event,) = events([arrival()])
    assert event.skipped == []


def test_the_id_changes_with_text_title_and_article_and_with_nothing_else() -> None:
    made = [
        arrival("One.", title="T"),
        arrival("One.", title="T", source="Tarn Gazette", origin=ORIGIN.model_copy(update={"offset": 18})),
        arrival("Two.", title="T"),
        arrival("One.", title="U"),
        arrival("One.", title="T", id="b"),
    ]
    ids = [event.id for event in events(made)]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4
    assert ids[0].startswith("a-1:")
