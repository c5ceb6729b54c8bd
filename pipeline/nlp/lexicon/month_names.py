"""Months and weekdays, as regular expressions and in their order."""

from __future__ import annotations

from itertools import chain

from pipeline.nlp.lexicon.tables import alternation, table

SHORT_MONTHS = alternation(chain.from_iterable(table("months").values()))  # to be followed by a full stop
MONTH = rf"(?:{alternation(table('months'))}|{SHORT_MONTHS})"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAY = rf"(?:{alternation(WEEKDAYS)})"
