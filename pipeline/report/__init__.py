"""Claims over a time range in, how many there are of each source, speaker, type and day out: counted and drawn."""
