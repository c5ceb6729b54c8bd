"""The embedded Kafka: a real Apache Kafka for those who have none, from a directory to an address on 127.0.0.1.

    with EmbeddedKafka(default_data_dir(), environ=os.environ) as kafka:
        print(kafka.bootstrap)
        kafka.wait()

It knows nothing of topics, clients or settings: to the rest of claimwire it is an address.
"""

from pipeline.broker.data_dir import default_data_dir
from pipeline.broker.download import fetch_jars
from pipeline.broker.kafka import EmbeddedKafka

__all__ = ["EmbeddedKafka", "default_data_dir", "fetch_jars"]
