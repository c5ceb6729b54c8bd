"""Kafka and Faust: records in, one transaction for each batch out; topics, lag, and the clients for users."""
