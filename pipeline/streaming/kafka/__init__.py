"""Kafka as a client sees it: connections, topics, offsets, readers, producers, lag. Free of Faust."""
