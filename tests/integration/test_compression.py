"""What is written with each codec, and what any client has written, on the real broker."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiokafka import AIOKafkaProducer
from chain import Chain, article
from kafka.record.default_records import DefaultRecordBatch

from pipeline.contract.events import ArticleV1
from pipeline.sources.found import SourceRecord
from pipeline.streaming.kafka.connection import Compression
from pipeline.streaming.kafka.producers import IdempotentProducer
from pipeline.streaming.kafka.reader import RecordReader

LONG = article(0, "The same again and again. " * 500)
CODECS: dict[Compression, int] = {"none": 0, "gzip": 1, "zstd": 4}


@pytest.mark.parametrize(("compression", "codec"), CODECS.items())
def test_what_is_written_has_the_chosen_codec(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, compression: Compression, codec: int
) -> None:
    seen: list[int] = []
    known = DefaultRecordBatch.compression_type.fget

    def noted(batch: DefaultRecordBatch) -> int:
        seen.append(known(batch))
        return seen[-1]

    monkeypatch.setattr(DefaultRecordBatch, "compression_type", property(noted))
    connection = replace(chain.connection, compression=compression)
    with IdempotentProducer(connection, prefix=chain.prefix) as producer:
        assert [delivery.error for delivery in producer.push([SourceRecord("here", 0, "here", b"k", LONG, 0)])] == [
            None
        ]
    with RecordReader(chain.connection, [chain.topic(ArticleV1)], start="beginning") as reader:
        assert [record.value for record in reader.until_end()] == [LONG]
    assert set(seen) == {codec}


def test_without_a_choice_every_client_can_read_it(chain: Chain) -> None:
    assert chain.connection.compression == "gzip"


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
async def test_what_another_client_has_compressed_is_read(chain: Chain, codec: str) -> None:
    values = [article(number) for number in range(20)]
    producer = AIOKafkaProducer(bootstrap_servers=chain.bootstrap, compression_type=codec, linger_ms=50)
    await producer.start()
    try:
        for sent in [await producer.send(chain.topic(ArticleV1), value, partition=0) for value in values]:
            await sent
    finally:
        await producer.stop()
    with RecordReader(chain.connection, [chain.topic(ArticleV1)], start="beginning") as reader:
        assert [record.value for record in reader.until_end()] == values
