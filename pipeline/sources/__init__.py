"""Readers of what users have: paths in, records for ``news.articles`` out, and what could not be read. No Kafka."""

from pipeline.sources.found import Found, Skipped, SourceRecord, Unreadable
from pipeline.sources.meter import Meter
from pipeline.sources.paths import read_paths

__all__ = ["Found", "Meter", "Skipped", "SourceRecord", "Unreadable", "read_paths"]
