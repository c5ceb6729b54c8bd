"""A plain loop of confluent-kafka: a batch is consumed, enriched and produced in one transaction with its offsets.

After the library's own ``examples/eos-transactions.py``.
"""

from __future__ import annotations

from bench.peers.work import Article, work
from confluent_kafka import Consumer, KafkaException, Producer


def main() -> None:
    """Run until killed; what goes wrong ends the process, which is then started again."""
    this = work()
    consumer = Consumer(
        {
            "bootstrap.servers": this.bootstrap,
            "group.id": this.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "session.timeout.ms": this.session_timeout_ms,
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": this.bootstrap,
            "transactional.id": f"{this.prefix}loop",
            "transaction.timeout.ms": this.transaction_timeout_ms,
        }
    )
    producer.init_transactions()
    consumer.subscribe([this.articles])
    while True:
        messages = consumer.consume(this.batch, this.linger_s)
        if not messages:
            continue
        for message in messages:
            if message.error():
                raise KafkaException(message.error())
        outputs = this.enrich(
            [Article(m.key(), m.value(), m.partition(), m.offset(), m.timestamp()[1]) for m in messages]
        )
        producer.begin_transaction()
        for output in outputs:
            producer.produce(output.topic, output.value, output.key)
        producer.send_offsets_to_transaction(
            consumer.position(consumer.assignment()), consumer.consumer_group_metadata()
        )
        producer.commit_transaction()


if __name__ == "__main__":
    main()
