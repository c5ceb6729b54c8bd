"""A text in, its sums of money and shares in percent out, as the world writes them: "Rs 500 crore", "QR512.4mn"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.names.canonical import VALUES
from pipeline.nlp.spans import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.nlp.spans import Sentence

_NUMBER = re.compile(r"\d+(?:[,.]\d+)*(?![\w-]*-)")
_SCALE = re.compile(
    r"(?: ?(?:lakh crores?|crores?|lakhs?|million|billion|trillion|thousand|[mb]n|tn|cr|mln|bln)|[mbk])(?!\w)"
)
# What stands before the number: a dollar and whose it is, a sign, a code or short form. Those of ``_UNSURE`` are words
# or letters as well: they make a sum where a scale or a thousand follows.
_DOLLARS = "US|A|AU|C|CA|HK|NZ|S|R|NT|Z|J|TT|BD|B|EC|Bds|FJ"
_SIGNS = "\u00a3\u20ac\u00a5\u20b9\u20a6\u20b1\u20a9\u20ba\u20bd\u20ab\u0e3f\u20b5"
_CODES = (
    r"GH[\u00a2\u20b5S]|Rs\.?|INR|PKR|LKR|NPR|BDT|Tk\.?|CHF|QR|QAR|AED|Dhs?\.?|SAR|SR|KWD|KD|OMR|BHD|EGP|KES|K[Ss]h\.?|UGX"
    r"|USh|TZS|TSh|NGN|GHS|ZAR|RM|MYR|Rp\.?|IDR|SGD|HKD|TWD|JPY|CNY|RMB|KRW|THB|PHP|VND|AUD|NZD|CAD|USD|GBP|EUR|SEK|NOK|DKK"
    r"|PLN|CZK|HUF|RUB|UAH|BRL|MXN|CLP|ARS|ETB|XAF|F?CFA|MAD|TND|DZD|JOD"
)
_UNSURE = r"N|R|P|K|Re\.|TRY|TL|COP|PEN|Sh\.?|LE|JD|BD|RO"
_SIGN = re.compile(rf"(?<![A-Za-z])(?:(?:{_DOLLARS})? ?\$|[{_SIGNS}]|{_CODES}) ?$")
_UNSURE_SIGN = re.compile(rf"(?<![A-Za-z])(?:{_UNSURE}) ?$")
_UNIT = re.compile(
    r" (?:[A-Z][\w.]+ ){0,2}(?:dollars|euros?|pounds sterling|rupees|yen|yuan|naira|francs|pesos|dirhams|riy?als|lira"
    r"|rou?bles|hryvnias?|reais|ringgits?|rupiahs?|dinars|takas?|kron[eo]r|zlotys?|bahts?|cedis|rand|shillings"
    r"|crore rupees)\b"
)
_WON = re.compile(r" won\b(?! (?:the|an?|their|his|her|its|this|that|every|all)\b)")  # a verb as well
_PERCENT = re.compile(r" ?(?:%|per ?cent\b|pct\b|percentage points?\b)")
_SIGN_CHARS = 8


def with_sums(text: str, units: Sequence[Sentence], entities: Sequence[Entity]) -> list[Entity]:
    """Put the sums and shares of a text in the place of the numbers, and of what else the tagger took them for."""
    result = list(entities)
    at = 0  # of the first name that may still touch a sum
    unit = 0
    for start, end, label in _found(text):
        while unit < len(units) and units[unit].end <= start:
            unit += 1
        if unit == len(units):
            break
        if start < units[unit].start or end > units[unit].end or units[unit].kind == "speaker":
            continue
        while at < len(result) and result[at].end <= start:
            at += 1
        last = at
        while last < len(result) and result[last].start < end:
            last += 1
        touched = result[at:last]
        if any(one.label not in VALUES and (one.start < start or one.end > end) for one in touched):
            continue  # a part of a longer name
        values = [one for one in touched if one.label in VALUES]
        if len(values) == 1 and values[0].start <= start and values[0].end >= end:
            fresh = values[0] if values[0].label == label else replace(values[0], label=label)
        else:
            first = min([start, *(one.start for one in values)])
            stop = max([end, *(one.end for one in values)])
            fresh = Entity(first, stop, text[first:stop], label, units[unit].index, None)
        result[at:last] = [fresh]
    return result


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for number in _NUMBER.finditer(text):
        if percent := _PERCENT.match(text, number.end()):
            yield number.start(), percent.end(), "PERCENT"
            continue
        before = text[max(0, number.start() - _SIGN_CHARS) : number.start()]
        scale = _SCALE.match(text, number.end())
        sign = _SIGN.search(before)
        if sign is None and (scale or "," in number.group()):
            sign = _UNSURE_SIGN.search(before)
        end = scale.end() if scale else number.end()
        unit = _UNIT.match(text, end) or (scale and _WON.match(text, end))
        if sign or unit:
            yield number.start() - len(sign.group() if sign else ""), unit.end() if unit else end, "MONEY"
