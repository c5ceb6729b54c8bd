"""The exactly-once engine: one worker process, from fetched records to committed transactions."""
