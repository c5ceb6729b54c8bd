"""Readers of the formats that articles come in: bytes of a document in, articles out."""
