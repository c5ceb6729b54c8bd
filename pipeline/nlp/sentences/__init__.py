"""Text in, sentences with their kinds and the language out."""
