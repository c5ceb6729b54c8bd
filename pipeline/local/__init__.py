"""The chain on this machine alone: without Kafka, and as a demo on a Kafka of its own."""
