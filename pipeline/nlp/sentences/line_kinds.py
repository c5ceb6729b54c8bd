"""A line in, its parts out: speaker, label or dateline, and if the rest is byline, notice, caption, headline, text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.lexicon.month_names import WEEKDAY
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.sentences.boundaries import mend_borders
from pipeline.nlp.sentences.datelines import DATE, DAY, dateline_length
from pipeline.nlp.sentences.notices import is_credit, is_notice
from pipeline.nlp.text.characters import CAPITALS

if TYPE_CHECKING:
    from pipeline.labels import SentenceKind

# All patterns read plain text (pipeline.nlp.text.characters).
_AGENCY = r"(?:dpa|[A-Z]{2,8}|[A-Z][\w.]+(?: [A-Z][\w.]+){0,2})"
_DAY = rf"{WEEKDAY}, {DAY},? \d{{4}}"
_CAPITAL = f"[{CAPITALS}]"
_MORE = rf"(?:{_CAPITAL}|[.'-])"
_NAME = rf"(?:{_CAPITAL}\. ?)?(?:M[ac]c|[DO]')?{_CAPITAL}{_MORE}+(?: {_CAPITAL}{_MORE}*){{0,4}}"
# ADA QUILL, HOST: | DR. REED (VOICE-OVER): | >> QUILL: | SPEAKER 1: | Q: | Question:
_SPEAKER = re.compile(
    rf"(?:>> ?)?(?:(?:{_NAME}|[Ss]peaker|[Ii]nterviewe[er])(?: \d{{1,2}})?(?:, {_CAPITAL}[A-Z .'-]{{1,40}})?"
    r"(?: \([^()]{1,60}\))?: *|(?:[QA]|Question|Answer): *)|>> "
)
_QUESTION_OR_ANSWER = re.compile(r"[QA]\. (?=[A-Z\d])")  # in a text with questions; else a list, or an initial
QUESTION = re.compile(r"Q\. [A-Z].*\?$")
# Capitals before a colon or dash that announce a thing, not a person: MARKETS: | UPDATE 2- | FOOTBALL - | CORRECTED-
_LABEL = re.compile(
    r"(?P<words>[A-Z][A-Z&/']+(?: [A-Z][A-Z&/']*){0,3})(?: \d{1,2})?(?: ?: ?| ?- ?| [\u2013\u2014] )"
    rf"(?=[\"'(]?(?:{_CAPITAL}|\d))"
)
_LABEL_WORDS = words_of("line_labels")
_CAPTION_HEADS = ("PHOTO", "PHOTOS", "VIDEO", "IMAGE", "CAPTION", "PICTURE", "GRAPHIC", "PHOTO CREDIT", "CREDIT")

_PARTICLES = alternation(words_of("name_parts", "particle"))
_BYLINE = re.compile(
    rf"(?:(?:By|BY|From|(?:Written|Posted|Reported|Report|Story|Words|Text) by) (?:[A-Z][\w.'-]+|{_PARTICLES}|&)"
    rf"(?:,? (?:[A-Z][\w.'-]*|{_PARTICLES}|of|the|for|and|in|&|\||at|,))*[.,]?"
    rf"|[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){{1,3}}(?:,| \||/| -) {_AGENCY}(?: (?:in|from) [A-Z]\w+)?"
    rf"|(?:The )?(?:Associated Press|Agence France-Presse|Reuters|AFP|AP)(?: (?:writers?|staff|reporters?))?"
    rf"|(?:Published|Updated|Posted|Last updated|Last modified|First published)\b.{{0,60}}"
    rf"|(?:{WEEKDAY},? )?{DATE}(?:,? \d{{4}})?(?:,? \d{{1,2}}[:.]\d\d.{{0,12}})?"
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


def lay_out(line: str, *, first: bool, only: bool, interview: bool = False) -> Layout:
    """Return the parts of one line of plain text.

    Args:
        line: the line, without blanks at its ends.
        first: it is the first line of its text.
        only: it is the whole text, as a title is.
        interview: its text has lines that match ``QUESTION``.
    """
    title = _before_day(line) if first else None
    if title is not None:
        return Layout(title, "byline")
    if is_notice(line):
        return Layout(None, "notice")
    head = _head(line, interview=interview)
    if head is None or head.length >= len(line):
        return Layout(None, head.kind if head else _kind(line, first=first, only=only))
    return Layout(head, _kind(line[head.length :], first=first, only=only) if head.kind == "label" else None)


def is_one_word(head: str) -> bool:
    """Return whether a speaker's head is one word in capitals."""
    return head.rstrip(": ").isalpha() and len(head) > len("Q: ")


def _before_day(line: str) -> Head | None:
    match = _DAY_BEHIND.fullmatch(line)
    if not match or _BEFORE_DAYS.search(match.group(1)) or len(match.group(1).split()) > _MAX_HEADLINE_WORDS:
        return None
    return Head(match.end(1) + 1, "headline")


def _head(line: str, *, interview: bool) -> Head | None:
    line = line[:_MAX_HEAD_CHARS]
    label = _LABEL.match(line)
    if label and _is_label(label["words"]):
        return None if label["words"] in _CAPTION_HEADS else Head(label.end(), "label")
    length = dateline_length(line)
    if length:
        return Head(length, "dateline")
    day = _DAY_BEFORE.match(line)
    if day:
        return Head(day.end(), "byline")
    speaker = _SPEAKER.match(line) or (_QUESTION_OR_ANSWER.match(line) if interview else None)
    return Head(speaker.end(), "speaker") if speaker else None


def _is_label(head: str) -> bool:
    words = head.split()
    return head in _CAPTION_HEADS or head in _LABEL_WORDS or words[0] in _LABEL_WORDS or words[-1] in _LABEL_WORDS


def _kind(line: str, *, first: bool, only: bool) -> SentenceKind | None:
    if (len(line) <= _MAX_BYLINE_CHARS and _BYLINE.fullmatch(line)) or is_credit(line):
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
