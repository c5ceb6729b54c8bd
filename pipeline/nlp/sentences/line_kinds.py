"""A line in, its parts out: speaker, dateline, and whether the rest is byline, caption, headline or running text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.lexicon.dates import MONTH, WEEKDAY
from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.sentences.boundaries import mend_borders

if TYPE_CHECKING:
    from pipeline.labels import SentenceKind

# All patterns read plain text (pipeline.nlp.text.characters).
_AGENCY = r"(?:dpa|[A-Z]{2,8}|[A-Z][\w.]+(?: [A-Z][\w.]+){0,2})"
_MONTH = rf"{MONTH}\.?"
_DATE = rf"(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?)"
_DAY = rf"{WEEKDAY}, (?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH}),? \d{{4}}"
_CAPS_PLACE = r"[A-Z][A-Z.'-]+(?: (?:de|al|el|[A-Z][A-Z.'-]*)){0,3}"
_CASED_PLACE = r"[A-Z][\w.'-]+(?: (?:de|of|[A-Z][\w.'-]*)){0,3}"
_DASH = r"(?:--|[-\u2013\u2014]+)(?= |[A-Z\"])"

_DATELINES = (
    # BAGHDAD (AP) - | BEIRUT, Lebanon (AP) - | WASHINGTON, March 3 (Reuters) - | PARIS/BERLIN (Reuters) -
    re.compile(
        rf"{_CASED_PLACE}(?:[/,] ?{_CASED_PLACE}){{0,2}}(?:, {_DATE})?,? "
        rf"\({_AGENCY}(?:[/,] ?{_AGENCY})?\) ?(?:{_DASH}|:)? ?"
    ),
    # BAGHDAD - | NEW DELHI, India - | GENEVA, 5 March -
    re.compile(rf"{_CAPS_PLACE}(?:[/,] ?{_CASED_PLACE}){{0,2}}(?:, {_DATE})?(?: {_DASH}|--|\u2014) ?"),
    # afrol News, 25 March - | Xinhua, March 3 -
    re.compile(rf"{_CASED_PLACE}(?: / {_CASED_PLACE})?, {_DATE} ?{_DASH} ?"),
    # Oslo, Norway - (at least two places)
    re.compile(rf"{_CASED_PLACE}(?:, {_CASED_PLACE}){{1,3}} (?:--|[-\u2013\u2014]) (?=[A-Z\"])"),
    # (Reuters) - | (CNN) --
    re.compile(rf"\({_AGENCY}\) ?(?:{_DASH}) ?"),
)
_DATELINE_PLACES = words_of("dateline_places")
_PLACE_COLON = re.compile(rf"({_CAPS_PLACE})(?:, {_DATE})?: ")

_SPEAKER = re.compile(
    r"(?:[QA]|[A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]*){0,4}|[A-Z]\. [A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]*){0,3})"
    r"(?:, [A-Z][A-Z .'-]{1,40})?(?: \([^()]{1,60}\))?: *"
)
# Capitals before a colon that announce a thing, not a person.
_NOT_SPEAKERS = words_of("line_labels")
_CAPTION_HEADS = ("PHOTO", "PHOTOS", "VIDEO", "IMAGE", "CAPTION", "PICTURE", "GRAPHIC", "PHOTO CREDIT", "CREDIT")

_BYLINE = re.compile(
    rf"(?:(?:By|BY|From|(?:Written|Posted|Reported|Report|Story|Words|Text) by) (?:[A-Z][\w.'-]+|de|van|der|al|&)"
    rf"(?:,? (?:[A-Z][\w.'-]*|de|van|von|der|den|bin|al|el|of|the|for|and|in|&|\||at|,))*[.,]?"
    rf"|(?:Reporting|Additional reporting|Editing|Writing|Compiled|Reported|Edited|Written) by .{{3,200}}"
    rf"|[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){{1,3}}(?:,| \||/| -) {_AGENCY}(?: (?:in|from) [A-Z]\w+)?"
    rf"|(?:The )?(?:Associated Press|Agence France-Presse|Reuters|AFP|AP)(?: (?:writers?|staff|reporters?))?"
    rf"|(?:Published|Updated|Posted|Last updated|Last modified|First published)\b.{{0,60}}"
    rf"|(?:{WEEKDAY},? )?{_DATE}(?:,? \d{{4}})?(?:,? \d{{1,2}}[:.]\d\d.{{0,12}})?"
    rf"|[\w.+-]+@[\w-]+\.[\w.]+|@\w+)"
)
# The day of publication, where the line end between it and the headline or the first sentence is lost.
_DAY_BEHIND = re.compile(rf"(.*[\w\"')?!]) {_DAY}")
_DAY_BEFORE = re.compile(rf"{_DAY} (?=[\"'(]?[A-Z])")
_BEFORE_DAYS = re.compile(
    r" (?:on|of|for|from|until|till|since|by|to|and|or|dated|due|before|after|effective|starting)$"
)
_CAPTION = re.compile(
    r"(?:[(\[] ?)?"
    r"(?:Photo|PHOTO|Image|IMAGE|Picture|Video|VIDEO|Graphic|Caption|Credit|Courtesy|Photograph|File photo|FILE PHOTO"
    r"|FILE)s?"
    r"(?: (?:by|from|credit|courtesy(?: of)?|via))?\b ?(?::|[-\u2013\u2014] |by |of |\u00a9|courtesy|[A-Z]).{0,300}"
    r"|(?:[(\[] ?)?(?:\u00a9|\(c\)|Copyright|\u00ae) ?.{0,200}"
    r"|.{0,200}(?:Getty Images|AP Photo|EPA-EFE|AFP PHOTO|REUTERS/[A-Z]).{0,60}"
    r"|.{0,300}\((?:Photo|Image|Picture|AP|AFP|Reuters|REUTERS)(?: [Pp]hoto)?(?: by|:|/).{1,80}\)"
    r"|.{1,200}[^:;,] (?:Image|Photo|Picture|Video|Audio|Photograph)s?(?: credit)?: [A-Z][^.?!]{0,80}\.?"
    r"|\((?:SOUNDBITE|BEGIN|END|CROSSTALK|LAUGHTER|APPLAUSE|MUSIC|VIDEO|COMMERCIAL)[^()]*\)"
)
# "Rain fell in Oslo. \N{GRINNING FACE}": arrows, signs and emoji stand behind the full stop of running text, too.
_END_MARK = re.compile(r"[.!?\u2026][\"')\]]*(?:\s*[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff])*$")
_LIST_MARK = re.compile(r"(?:[-*\u2022\u25cf\u25aa\u2013\u2014] ?|\(?[0-9a-z][.)] )")
_MAX_HEADLINE_WORDS = 25
_MAX_SUBHEAD_WORDS = 12
_MAX_BYLINE_CHARS = 160
_MAX_HEAD_CHARS = 400  # what is longer is no dateline and no speaker's name


class Head(NamedTuple):
    """A unit at the head of a line: the line's first ``length`` characters, blanks after it included."""

    length: int
    kind: SentenceKind


class Layout(NamedTuple):
    """A line's parts: ``head`` if it has one, and the kind of the rest as a whole; None: running text, to be split."""

    head: Head | None
    rest: SentenceKind | None


def lay_out(line: str, *, first: bool, only: bool) -> Layout:
    """Tell the parts of one line of plain text.

    Args:
        line: the line, without blanks at its ends.
        first: it is the first line of its text.
        only: it is the whole text, as a title is.
    """
    title = _before_day(line) if first else None
    if title is not None:
        return Layout(title, "byline")
    head = _head(line)
    if head is not None and head.length >= len(line):
        return Layout(None, head.kind)
    if head is not None:
        return Layout(head, None)
    return Layout(None, _kind(line, first=first, only=only))


def _before_day(line: str) -> Head | None:
    match = _DAY_BEHIND.fullmatch(line)
    if not match or _BEFORE_DAYS.search(match.group(1)) or len(match.group(1).split()) > _MAX_HEADLINE_WORDS:
        return None
    return Head(match.end(1) + 1, "headline")


def _head(line: str) -> Head | None:
    line = line[:_MAX_HEAD_CHARS]
    for pattern in _DATELINES:
        match = pattern.match(line)
        if match:
            return Head(match.end(), "dateline")
    place = _PLACE_COLON.match(line)
    if place and place.group(1).strip() in _DATELINE_PLACES:
        return Head(place.end(), "dateline")
    day = _DAY_BEFORE.match(line)
    if day:
        return Head(day.end(), "byline")
    speaker = _SPEAKER.match(line)
    if speaker and not _is_label(speaker.group()):
        return Head(speaker.end(), "speaker")
    return None


def _is_label(head: str) -> bool:
    words = head.rstrip(" :").split()
    return head.rstrip(" :") in _CAPTION_HEADS or words[0] in _NOT_SPEAKERS or words[-1] in _NOT_SPEAKERS


def _kind(line: str, *, first: bool, only: bool) -> SentenceKind | None:
    if len(line) <= _MAX_BYLINE_CHARS and _BYLINE.fullmatch(line):
        return "byline"
    if _CAPTION.fullmatch(line) or line.partition(":")[0] in _CAPTION_HEADS:
        return "caption"
    words = len(line.split())
    ended = _END_MARK.search(line)
    if (
        only
        and words <= _MAX_HEADLINE_WORDS
        and (not ended or line[ended.start()] in "?!")
        and not mend_borders(line, ())
    ):
        return "headline"
    if ended or line[-1] in ":;," or _LIST_MARK.match(line) or line[0].islower():
        return None
    if words <= (_MAX_HEADLINE_WORDS if first else _MAX_SUBHEAD_WORDS) and not mend_borders(line, ()):
        return "headline"
    return None
