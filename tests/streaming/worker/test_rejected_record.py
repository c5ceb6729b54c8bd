from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hand_made import ORIGIN, PIPELINE
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import codec
from pipeline.contract.bytes_in_json import as_bytes, as_text
from pipeline.contract.events import Bytes, RejectedV1
from pipeline.contract.headers import Headers
from pipeline.errors import RecordError
from pipeline.streaming.kafka.records import InRecord, OutRecord
from pipeline.streaming.worker.rejected_record import MAX_MESSAGE_CHARS, RejectedRecords, origin_of

NOW = datetime(2031, 5, 1, 10, 0, 0, 123_456, tzinfo=timezone.utc)
LEAST_BYTES = 20_000  # far below any topic's max.message.bytes, far above a record without value, headers and key


def record(
    value: bytes | None = b"{", *, key: bytes | None = b"a-1", headers: Headers | None = None, offset: int = 17
) -> InRecord:
    return InRecord("news.articles", 3, offset, 1_935_396_000_123, key, value, headers or [])


def reject(
    source: InRecord, error: Exception | None = None, *, max_bytes: int = LEAST_BYTES, now: datetime = NOW
) -> OutRecord:
    made = RejectedRecords("news.rejected", "split_sentences", "w-0", PIPELINE, max_bytes)
    return made.record(source, error or RecordError("not-json", "no"), origin=ORIGIN, attempts=2, now=now)


def event(sent: OutRecord) -> RejectedV1:
    return codec.decode(RejectedV1, sent.value, headers=dict(sent.headers))


def test_a_rejected_record_says_all_that_is_needed_to_mend_it() -> None:
    sent = reject(record(headers=[("h", b"1"), ("h", None)]), RecordError("not-json", "no JSON", where="byte 0"))
    assert event(sent).model_dump() == {
        "stage": "split_sentences",
        "reason": "not-json",
        "error": {"type": "RecordError", "message": "no JSON", "where": "byte 0"},
        "record": ORIGIN.model_dump(),
        "origin": ORIGIN.model_dump(),
        "key": {"encoding": "utf-8", "data": "a-1"},
        "value": {"encoding": "utf-8", "data": "{"},
        "truncated": False,
        "headers": [{"key": "h", "value": {"encoding": "utf-8", "data": "1"}}, {"key": "h", "value": None}],
        "attempts": 2,
        "rejected_at": "2031-05-01T10:00:00.123Z",
        "worker": "w-0",
        "pipeline": PIPELINE.model_dump(),
    }


def test_it_goes_to_the_rejected_topic_with_its_key_and_cloud_events_headers_of_its_own() -> None:
    sent = reject(record(headers=[("traceparent", b"00-1"), ("ce_id", b"x")]))
    assert (sent.topic, sent.partition, sent.timestamp_ms, sent.key) == ("news.rejected", None, None, b"a-1")
    headers = dict(sent.headers)
    assert headers["ce_type"] == b"claimwire.rejected.v1"
    assert headers["ce_time"] == b"2031-05-01T10:00:00.123Z"
    assert "traceparent" not in headers


def test_its_id_comes_from_its_place() -> None:
    again = reject(record(b"other"), RecordError("failed", "no"), now=NOW + timedelta(days=1))
    assert dict(reject(record()).headers)["ce_id"] == dict(again.headers)["ce_id"]
    assert dict(reject(record()).headers)["ce_id"] != dict(reject(record(offset=18)).headers)["ce_id"]


def test_the_time_of_rejection_is_now_in_utc() -> None:
    made = RejectedRecords("news.rejected", "split_sentences", "w-0", PIPELINE, LEAST_BYTES)
    sent = made.record(record(), RecordError("failed", "no"), origin=None, attempts=1)
    assert event(sent).rejected_at.endswith("Z")
    rejected_at = datetime.fromisoformat(event(sent).rejected_at.replace("Z", "+00:00"))
    assert abs(datetime.now(timezone.utc) - rejected_at) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("error", "reason", "kind", "message"),
    [
        (RecordError("too-long", "long"), "too-long", "RecordError", "long"),
        (RecordError("a reason that the contract lacks", "odd"), "failed", "RecordError", "odd"),
        (ValueError("no"), "failed", "ValueError", "no"),
        (ValueError(), "failed", "ValueError", "ValueError()"),
        (KeyError("x"), "failed", "KeyError", "'x'"),
    ],
)
def test_reason_and_error_come_from_the_exception(error: Exception, reason: str, kind: str, message: str) -> None:
    made = event(reject(record(), error))
    assert (made.reason, made.error.type, made.error.message) == (reason, kind, message)


def test_a_long_message_is_shortened_and_says_so() -> None:
    message = event(reject(record(), ValueError("x" * 12_345))).error.message
    assert message == "x" * MAX_MESSAGE_CHARS + " ... (12,345 characters in all)"
    assert event(reject(record(), ValueError("x" * MAX_MESSAGE_CHARS))).error.message == "x" * MAX_MESSAGE_CHARS


def test_a_long_place_is_shortened_too() -> None:
    where = event(reject(record(), RecordError("not-an-article", "no", where="n" * 50_000))).error.where
    assert where == "n" * MAX_MESSAGE_CHARS + " ... (50,000 characters in all)"


def test_a_lone_surrogate_in_message_or_place_is_spelled_out() -> None:
    error = event(reject(record(), RecordError("failed", "a \ud800 b 😀", where="\udfff"))).error
    assert (error.message, error.where) == ("a \\ud800 b 😀", "\\udfff")


@pytest.mark.parametrize("value", [None, b"", b"{", "Café \u2028\ufeff\x00".encode(), b"\xff\x00", bytes(range(256))])
def test_key_value_and_headers_are_kept_to_the_byte(value: bytes | None) -> None:
    made = event(reject(record(value, key=value, headers=[("h", value)])))
    assert (as_bytes(made.key), as_bytes(made.value), as_bytes(made.headers[0].value)) == (value, value, value)


@given(st.none() | st.binary())
def test_bytes_become_text_and_bytes_again(value: bytes | None) -> None:
    assert as_bytes(as_text(value)) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"no", Bytes(encoding="utf-8", data="no")),
        (b"\xff", Bytes(encoding="base64", data="/w==")),
        (b"\xed\xa0\x80", Bytes(encoding="base64", data="7aCA")),
        (b"", Bytes(encoding="utf-8", data="")),
        (None, None),
    ],
)
def test_bytes_are_text_where_they_are_utf_8(value: bytes | None, expected: Bytes | None) -> None:
    assert as_text(value) == expected


def test_what_fits_to_the_byte_is_kept_whole_and_one_byte_more_is_not() -> None:
    source = record(b"x" * 500)
    size = reject(source).size()
    assert not event(reject(source, max_bytes=size)).truncated
    assert event(reject(source, max_bytes=size - 1)).truncated


def test_a_value_that_does_not_fit_is_left_out_first() -> None:
    sent = reject(record(b"x" * LEAST_BYTES, headers=[("h", b"1")]))
    made = event(sent)
    assert (made.truncated, made.value, as_bytes(made.key), len(made.headers)) == (True, None, b"a-1", 1)
    assert made.record == ORIGIN
    assert sent.key == b"a-1"


@pytest.mark.parametrize("where", ["key", "headers"])
def test_headers_and_key_that_do_not_fit_are_left_out_next(where: str) -> None:
    long = b"x" * LEAST_BYTES
    sent = reject(record(b"small", key=long if where == "key" else b"a-1", headers=[("h", long)] * (where != "key")))
    made = event(sent)
    assert (made.truncated, made.value, made.key, made.headers, sent.key) == (True, None, None, [], None)
    assert made.record == ORIGIN


@pytest.mark.parametrize("value", [b"x", b"\x00", b"\xff", b'"', "😀".encode()])
@pytest.mark.parametrize("length", [10, 4_000, 9_000, 19_000, 100_000])
@pytest.mark.parametrize("character", ["x", "\x00", "\ud800", "😀"])
def test_whatever_comes_fits(value: bytes, length: int, character: str) -> None:
    error = RecordError("failed", character * length, where=character * length)
    source = record(value * length, key=value * length, headers=[("h" * length, value * length)])
    assert reject(source, error).size() <= LEAST_BYTES


def test_origin_of_a_record_is_its_place() -> None:
    assert origin_of(record()) == ORIGIN
