"""Files and feeds watched and pushed to Kafka exactly once."""
