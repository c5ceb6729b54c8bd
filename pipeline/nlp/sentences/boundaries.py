"""A line of plain text and a model's guesses in, where its sentences start out: what is certain about marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.text.abbreviations import ends_in_abbreviation, ends_in_acronym, ends_in_title

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

# What may end a sentence, at the end of a stretch; and where one must, before a capital or number.
_END = re.compile(r"[.?!\u2026][\"')\]]*$")
_STOP = re.compile(r"[.?!\u2026][\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9\u00c0-\u00de])")
# No blank stands behind the mark: "he was 15.The mayor". A name may look so: "Booking.com", "J.Smith", "Yahoo!News".
_GLUED = re.compile(
    r"(?:(?<=[^\W\dA-Z_]{2})|(?<=\d{2})|(?<=[%)\]]))[.?!\u2026][\"')\]]*"
    r"(?=[\"'(\[]*(?:[A-Z\u00c0-\u00de][^\W\dA-Z_]+|[AI])(?:[ ,;]|'s|$))"
)
_ADDRESS_PART = re.compile(r"[@/\\]|www\.|\.[a-z]\w*\.")
_ENDINGS = frozenset({"Com", "Org", "Net", "Gov", "Edu", "Co", "Uk", "Io", "Js", "Py", "Pdf", "Doc", "Html", "Tv"})
_ABBREVIATED = re.compile(r"(?:[A-Z][\w.]*\s?){1,2}\.?|(?:ret|retd|rtd|est|approx|ed|eds)\.")  # in brackets: "(Rtd.)"
_MOST_BRACKET_CHARS = 160  # what is longer holds sentences
# A ruled line of signs parts texts that have lost their line ends, and so do the head and the close of a letter.
_RULE = re.compile(r"(?<![*=_~-])[*=_~-]{4,} (?=[\"'(]*[A-Z])")
_SIGN_OFF = re.compile(
    r"(?:^|[.!?][\"')]* )(?:(?:Best|Kind|Kindest|Warm|Warmest) [Rr]egards|Regards|(?:Yours )?[Ss]incerely),? "
    r"(?=[A-Z][\w.]*(?: [A-Z][\w.]*){0,3}$)"
)
_ADDRESS = re.compile(r"^(?:E-?mail|From): (?:[\w\"'.]+ ){0,3}[^\s@]*@[^\s@]+ (?=[\w\"'])")
# A caption's credit stands at the end of its line.
_CREDIT = re.compile(
    r"(?<=[^:;,]) (?=(?:Image|Photo|Picture|Video|Audio|Photograph)s?(?: credit)?: [A-Z][^.?!]{0,80}\.?$)"
)
_CLOSERS = re.compile(r"(?:[\"')\]]+)(?=\s|$)|(?<=[.?!])[\"')\]]+(?=[A-Z])")
# ". . ." leaves words out and goes on; ". . . ." ends the sentence as well (Chicago Manual of Style, 13.53).
_SPACED_DOTS = re.compile(r"\.(?: \.)+[\"')\]]*\s*")
_FOUR_DOTS = 4
# After "U.S." or "p.m." only such a word starts a sentence for certain; a name may as well go on.
_STARTERS = {word.capitalize() for word in words_of("function_words", "starter")}
_FIRST_WORD = re.compile(r"[\"'(\[]*(\w+)")
_LIST_MARK = re.compile(r"(?:[\u2022\u2043\u25aa*-] ?)?(\d{1,2}|[a-z])(\.\)|\.|\)) (?=\S)")
_WORDS = re.compile(r"[^\W_]")
_NUMBERED = (
    *("No.", "Nos.", "Fig.", "Sec.", "Ch.", "N\u00b0.", "Vol.", "p.", "pp.", "Art."),
    *("Rs.", "Re.", "Tk.", "Dh.", "Dhs.", "Sh.", "Ksh."),
)


def mend_borders(text: str, starts: Iterable[int], *, sure: Container[int] = ()) -> list[int]:
    """Mend where a model starts sentences in a line of plain text, by what is certain about marks.

    Closing quotes and brackets stay with the sentence that they close; no sentence ends after a title ("Mr.") or an
    initial, inside an ellipsis, nor without an end mark unless the model is ``sure``; every one ends at an end mark
    before a capital unless that is an abbreviation's; the items of a list that goes on in one line are sentences.
    """
    kept = set()
    for start in starts:
        moved = _after_closers(text, start)
        if 0 < moved < len(text) and _may_end(text, moved, sure=start in sure):
            kept.add(moved)
    kept |= {match.end() for match in _STOP.finditer(text) if _must_end(text, match)}
    for glued in _glued(text):
        # Glued words were one to the model, which may have guessed behind them.
        kept -= set(range(glued, len(text) - len(text[glued:].partition(" ")[2]) + 1))
        kept.add(glued)
    kept |= {match.end() for pattern in (_RULE, _SIGN_OFF, _ADDRESS, _CREDIT) for match in pattern.finditer(text)}
    for dots in _SPACED_DOTS.finditer(text):
        kept -= set(range(dots.start() + 1, dots.end() + 1))
        if dots.group().count(".") >= _FOUR_DOTS and text[dots.end() : dots.end() + 1].isupper():
            kept.add(dots.end())
    if "(" in text:
        kept = {start for start in kept if not _in_brackets(text, start)}
    items = list_items(text)
    marks = {at for item in items for at in range(item + 1, item + 8)} | set(range(1, 8 if items else 0))
    return sorted((kept - marks) | set(items))


def _glued(text: str) -> Iterator[int]:
    """Return where sentences start right behind the mark that ends the one before."""
    for match in _GLUED.finditer(text):
        mark = match.start() + 1
        before = text[:mark].rsplit(None, 1)[-1]
        behind = _FIRST_WORD.match(text, match.end())
        if _ADDRESS_PART.search(before) or ends_in_abbreviation(text[:mark]) or before.endswith("Yahoo!"):
            continue
        if behind and behind.group(1) not in _ENDINGS:
            # A straight quote that closes none opens the next sentence.
            closers = next((at for at in range(mark, match.end()) if not _is_open(text[:at], text[at])), match.end())
            yield closers


def _in_brackets(text: str, start: int) -> bool:
    """Return whether a mark is in a bracket within a sentence: "(Rtd.) General", "(Doe et al. Preprint)"."""
    before = text[:start].rstrip()
    opener = before.rfind("(")
    closer = before.find(")", opener)
    if opener < 0 or start - opener > _MOST_BRACKET_CHARS:
        return False
    if closer < 0:
        closer = text.find(")", start, opener + _MOST_BRACKET_CHARS)
        if closer < 0 or "(" in text[start:closer]:
            return False
    elif closer != len(before) - 1 or not _ABBREVIATED.fullmatch(before, opener + 1, closer):
        return False
    leading = before[:opener].rstrip()
    starts = not leading or (_END.search(leading) and not ends_in_abbreviation(leading))
    return not starts


def list_items(text: str) -> list[int]:
    """Return where the second and later items of a numbered or lettered list start in a line that is one."""
    first = _LIST_MARK.match(text)
    if not first or first.group(1) not in {"1", "a"} | {str(number) for number in range(2, 30)}:
        return []
    items, mark = [], first
    for match in _LIST_MARK.finditer(text, first.end()):
        if (
            match.group(1) == _next_mark(mark.group(1))
            and match.group(2) == first.group(2)
            and text[match.start() - 1] == " "
        ):
            items.append(match.start())
            mark = match
    return items


def _next_mark(mark: str) -> str:
    return str(int(mark) + 1) if mark.isdigit() else chr(ord(mark) + 1)


def _after_closers(text: str, start: int) -> int:
    match = _CLOSERS.match(text, start)
    if not match or not _is_open(text[:start], match.group()[0]):
        return start
    rest = text[match.end() :]
    return match.end() + len(rest) - len(rest.lstrip())


def _is_open(before: str, closer: str) -> bool:
    """Return whether a quote or bracket was opened before and not closed yet."""
    if closer in ")]":
        opener = "(" if closer == ")" else "["
        return before.count(opener) > before.count(closer)
    if closer == '"':
        return before.count('"') % 2 == 1
    return bool(re.search(r"(?:^|[\s(\"])'\w[^']*$", before))


def _may_end(text: str, start: int, *, sure: bool) -> bool:
    before = text[:start].rstrip()
    if ends_in_title(before):
        return False
    if not _END.search(before):
        return sure
    if not _WORDS.search(before):
        return False
    small = text[start].islower() or (text[start] in "0123456789" and before.endswith(_NUMBERED))
    if small and before[-1] == "!":
        return sure  # careless writing, or a name: "Yahoo! bought it"
    return not small or not (before[-1] in "\"')]" or ends_in_abbreviation(before))


def _must_end(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start() + 1]
    if text[match.start()] == "." and ends_in_abbreviation(before):
        word = _FIRST_WORD.match(text, match.end())
        return bool(word and word.group(1) in _STARTERS and ends_in_acronym(before))
    if text[match.start()] == ".":
        return not before.endswith(_NUMBERED)
    return text[match.end()] not in "0123456789" and not before.endswith("Yahoo!")
