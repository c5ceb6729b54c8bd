"""claimwire: a stream of news articles becomes sentences, entities and check-worthy claims, exactly once."""

__version__ = "0.1.0"
