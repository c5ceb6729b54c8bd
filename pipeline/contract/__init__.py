"""The contract: what travels on Kafka and nothing else. Bytes and headers in, events out, and back; no I/O."""
