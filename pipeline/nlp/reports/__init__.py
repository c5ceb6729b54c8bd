"""A parsed sentence in, reports out: source, cue and content."""
