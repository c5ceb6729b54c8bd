"""Months and weekdays as regular expressions."""

from __future__ import annotations

from itertools import chain

from pipeline.nlp.lexicon.tables import alternation, table

SHORT_MONTHS = alternation(chain.from_iterable(table("months").values()))  # to be followed by a full stop
MONTH = rf"(?:{alternation(table('months'))}|{SHORT_MONTHS})"
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
