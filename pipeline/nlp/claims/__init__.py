"""Sentences in, claim labels, types, scores and reasons out."""
