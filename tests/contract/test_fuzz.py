"""Random records through the codec: an article that comes back the same, or the reason that it should have."""

from __future__ import annotations

from fuzzed_records import Fuzzed, fuzzed
from hypothesis import HealthCheck, given, settings

from pipeline.contract import codec
from pipeline.contract.events import Article
from pipeline.errors import RecordError


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
@given(fuzzed)
def test_a_random_record_is_an_article_or_has_the_reason_that_it_should_have(record: Fuzzed) -> None:
    found = outcome(record)
    if isinstance(found, RecordError):
        assert found.reason in record.allowed
        str(found).encode()  # can be written
    else:
        assert "article" in record.allowed
        assert codec.decode_article(codec.encode(found), key=b"k", max_chars=500_000) == found


def outcome(record: Fuzzed) -> Article | RecordError:
    try:
        return codec.decode_article(record.value, key=b"k", max_chars=500_000)
    except RecordError as error:
        return error
