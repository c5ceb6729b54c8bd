"""Characters and lines: what is known of a text before any model reads it."""
