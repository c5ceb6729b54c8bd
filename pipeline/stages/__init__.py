"""The stages: events of a batch in, events out. A stage knows the contract and the language functions, not Kafka."""
