import pytest
from pydantic import BaseModel

from pipeline.contract.events import ArticleV1, ClaimV1, SentencesV1
from pipeline.contract.headers import Headers, check_type, cloud_event_headers, event_type
from pipeline.errors import RecordError
from pipeline.topology import TOPICS


def headers(*, time_ms: int = 1_444_242_600_123, carried: Headers | None = None) -> Headers:
    return cloud_event_headers(
        SentencesV1, event_id="a-1:9", source="split_sentences", time_ms=time_ms, carried=carried or []
    )


def test_every_event_has_a_type_of_its_own() -> None:
    assert event_type(ArticleV1) == "claimwire.article.v1"
    assert len({event_type(event) for event in TOPICS}) == len(TOPICS)


def test_a_model_without_version_is_no_event() -> None:
    with pytest.raises(TypeError, match="BaseModel has no version in its name"):
        event_type(BaseModel)


def test_headers_are_cloud_events_in_binary_mode() -> None:
    assert headers() == [
        ("ce_specversion", b"1.0"),
        ("ce_type", b"claimwire.sentences.v1"),
        ("ce_source", b"/claimwire/split_sentences"),
        ("ce_id", b"a-1:9"),
        ("ce_time", b"2015-10-07T18:30:00.123Z"),
        ("content-type", b"application/json"),
    ]


@pytest.mark.parametrize("time_ms", [-1, 2**63 - 1, 253_402_300_800_000])
def test_a_record_without_a_time_that_calendars_have_gives_no_time(time_ms: int) -> None:
    assert "ce_time" not in dict(headers(time_ms=time_ms))


def test_the_articles_headers_come_first_as_they_came() -> None:
    carried: Headers = [
        ("traceparent", b"00-1"),
        ("tag", b"a"),
        ("tag", b"\xff"),
        ("empty", None),
        ("ce_traceparent", b"x"),
    ]
    assert headers(carried=carried)[: len(carried)] == carried


def test_what_cloud_events_says_of_the_article_is_not_said_of_what_comes_from_it() -> None:
    carried: Headers = [("ce_id", b"other"), ("ce_type", b"x"), ("ce_subject", b"x"), ("Content-Type", b"text/plain")]
    assert headers(carried=carried) == headers()


@pytest.mark.parametrize("said", [None, b"", b"org.example.article", b"\xff", b"claimwire.article.v1"])
def test_a_record_may_call_itself_anything_that_is_not_claimwires(said: bytes | None) -> None:
    check_type({"ce_type": said}, ArticleV1)
    check_type({}, ArticleV1)


@pytest.mark.parametrize("said", [b"claimwire.article.v2", b"claimwire.claim.v1", b"claimwire." + b"x" * 10_000])
def test_another_event_or_version_is_refused(said: bytes) -> None:
    with pytest.raises(
        RecordError, match=r"this topic takes claimwire\.article\.v1; send that, or run a rel"
    ) as caught:
        check_type({"ce_type": said}, ArticleV1)
    assert caught.value.reason == "unsupported-version"
    assert len(str(caught.value)) < 300


def test_the_version_is_checked_for_every_event() -> None:
    check_type({"ce_type": b"claimwire.claim.v1"}, ClaimV1)
