import pytest
from kafka.record.default_records import DefaultRecordBatchBuilder

from pipeline.contract.headers import Headers
from pipeline.streaming.kafka.records import OutRecord


@pytest.mark.parametrize("key", [None, b"", b"a-1", b"k" * 5000])
@pytest.mark.parametrize("value", [b"", b"{}", b"v" * 100_000])
@pytest.mark.parametrize("headers", [[], [("h", b"")], [("é", b"\xff" * 300)] * 50, [("", None)] * 10])
def test_the_size_is_never_below_what_kafka_python_counts(key: bytes | None, value: bytes, headers: Headers) -> None:
    record = OutRecord("news.claims", 0, 1_935_396_000_123, key, value, headers)
    counted = DefaultRecordBatchBuilder.estimate_size_in_bytes(key, value, headers)
    assert counted <= record.size() <= counted + 200 + 10 * len(headers)
