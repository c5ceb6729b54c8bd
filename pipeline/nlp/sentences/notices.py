"""A line of plain text in, whether a paper speaks of itself in it out: corrections, subscriptions, who wrote it."""

from __future__ import annotations

import re

_PIECE = r"(?:article|story|post|report|piece|column|page|item|version|headline|dispatch|transcript|content)"
_CHANGED = (
    r"(?:amended|corrected|updated|edited|changed|modified|revised|clarified|refiled|removed|republished|produced"
    r"|translated|originally published|first published)"
)
_MEMBERS = r"(?:Twitter|X|Facebook|Instagram|Telegram|TikTok|WhatsApp|YouTube)"
_NOTICE = re.compile(
    "|".join(
        (
            r"\(?(?i:corrections?|clarifications?|editors?'s? note|note to (?:readers|editors))\b.{0,40}?[:.-]",
            rf"\(?This (?:[\w,]+ ){{0,4}}?{_PIECE} (?:was|has been|is) (?:\w+ ){{0,6}}?{_CHANGED}\b",
            rf"\(?(?:An? |The )?(?:earlier|previous|prior|original) (?:version|edition)s? of (?:this|the) {_PIECE}",
            r"\((?:Corrects?|Clarif(?:ies|y)|Fixes|Refiles|Removes|Adds dropped|Deletes|Drops) .{0,200}\)$",
            r"(?:Subscribe|Sign up|Sign in|Log in|Register) (?:to|for|now|here|today|in)\b",
            r"Already a (?:subscriber|member)|You have \w+ free|(?:Click|Tap) here|Download (?:our|the) (?:\w+ )?app\b",
            rf"Follow (?:us|@)|Follow .{{2,60}} on {_MEMBERS}\b|(?:Support|Join|Like) us\b|All rights reserved",
            r"(?i:read|see|watch)(?: (?i:more|also|this|next))?:|(?i:also read\b|related(?: \w+)?:)",
            r"(?:The )?(?:Associated Press|AP|Reuters|AFP)(?:'s? \w+(?: \w+)? coverage)? receives\b",
            r"\([$\u20ac\u00a3]1 = [^()]*\)",
            r".{0,200}\b(?:[Ss]upport us (?:for|with|by|from)|[Ss]ubscribe (?:to our|now)|our (?:\w+ )?newsletter)\b",
            r".{0,200}\b(?:[Aa]ll rights reserved|off (?:a|your|an annual) (?:\w+ )?subscription)\b",
        )
    )
)
_MOST_NOTICE_CHARS = 700
_CREDIT = re.compile(
    r"\(?(?:(?:Additional )?[Rr]eporting|Editing|Writing|Compiled|Reported|Edited|Written) by .{3,240}"
    r"|.{5,160} contributed(?: reporting)?(?: (?:to|for) this (?:report|story|article))?(?: from .{3,40})?\.?\)?"
    r"|[Ww]ith (?:files|reporting|additional reporting) (?:from|by) .{3,160}"
    r"|(?:[A-Z][\w.'-]+ ){2,4}reported from [A-Z][^.]{2,60} and (?:[A-Z][\w.'-]+ ){2,4}from [A-Z][^.]{2,60}\."
)


def is_notice(line: str) -> bool:
    """Return whether a paper speaks to its readers: a correction, how to subscribe, where else it can be read."""
    return len(line) <= _MOST_NOTICE_CHARS and bool(_NOTICE.match(line))


def is_credit(line: str) -> bool:
    """Return whether this is a credit: "Additional reporting by ...", "... contributed to this report."."""
    return bool(_CREDIT.fullmatch(line))
