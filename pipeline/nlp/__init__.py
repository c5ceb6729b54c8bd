"""What is known about text: pure functions from texts to spans. Free of Kafka, settings and files but the model's."""
