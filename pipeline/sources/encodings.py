"""Bytes of a text, a page or a table in, characters out, and what had to be done for it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.sources.needs import needed

GUESSED = "encoding guessed"
WRONG = "encoding not as declared"

_BOMS = (  # the longer one first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What is declared is read as browsers read it (WHATWG Encoding, 4.2).
_READ_AS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "utf-16": "utf-8",  # a page that says so in ASCII is not in it
    "utf-32": "utf-8",
}
_DECLARED = re.compile(
    rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)|<meta[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_DECLARED_WITHIN_BYTES = 4096  # HTML says 1024; pages do not keep to it
_SAMPLE_BYTES = 256 * 1024
_LAST = "cp1252"
_UTF8 = "utf-8"
_SEVERAL_BYTES = frozenset(
    {"gb18030", "big5", "big5hkscs", "cp950", "cp932", "shift_jis_2004", "euc_jp", "iso2022_jp", "cp949"}
)
_ASCII = bytes(range(128))
_LATIN = frozenset(
    {
        "cp1250",
        "cp1252",
        "cp1254",
        "cp1257",
        "mac-roman",
        *(f"iso8859-{part}" for part in (2, 3, 4, 10, 13, 14, 15, 16)),
    }
)
_LATIN_ODD, _HALF_WIDTH = re.compile(r"[^\x00-\x7f]{4,}"), re.compile(r"[\uff61-\uff9f]{2,}")
_EVIDENCE_STRETCHES = 5
_EVIDENCE_BYTES = 32  # beyond ASCII: of fewer, charset-normalizer makes Chinese out of "caf\xe9"


class DecodedText(NamedTuple):
    """A text, the encoding that it was read in, and what had to be mended."""

    text: str
    encoding: str
    mended: tuple[str, ...]


def decode_text(value: bytes, *, charset: str | None = None) -> DecodedText:
    """The characters of a text: by its byte order mark, else UTF-8, else as declared, else by a guess.

    ``charset`` is what the transport declares; a declaration of XML or HTML inside counts after it. One that the bytes
    contradict counts nothing. Nothing raises: what no encoding explains becomes U+FFFD.
    """
    for mark, encoding in _BOMS:
        if value.startswith(mark):
            return DecodedText(value[len(mark) :].decode(encoding, "replace"), encoding, ())
    declared = [name for name in (_codec(charset), _codec(_inside(value))) if name]
    for encoding in [_UTF8, *declared] if _is_utf8(value, declared) else [*declared, _UTF8]:
        try:
            text = value.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if _is_foreign(text, encoding):
            break
        wrong = encoding not in declared[:1] and declared and not value.isascii()
        return DecodedText(text, encoding, (WRONG,) if wrong else ())
    encoding = _guess(value)
    return DecodedText(value.decode(encoding, "replace"), encoding, (WRONG if declared else GUESSED,))


def _is_utf8(value: bytes, declared: Sequence[str]) -> bool:
    """Whether a text is in UTF-8, whatever it says: no other encoding makes so many of its sequences by chance.

    A few characters of Chinese, Japanese or Korean may: there, the declaration counts.
    """
    beyond_ascii = len(value.translate(None, _ASCII))
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return beyond_ascii >= _EVIDENCE_BYTES or not declared or _SEVERAL_BYTES.isdisjoint(declared)


def _is_foreign(text: str, encoding: str) -> bool:
    """Whether a text has so many of an encoding's odd characters that it must be in another one.

    Languages in Latin letters have few accents in a row; nobody writes Japanese in half-width characters.
    """
    sample = text[:_SAMPLE_BYTES]
    odd = _LATIN_ODD if encoding in _LATIN else _HALF_WIDTH if encoding == "cp932" else None
    stretches = odd.findall(sample) if odd else []
    beyond_ascii = sum(not char.isascii() for char in sample)
    return len(stretches) >= _EVIDENCE_STRETCHES and 2 * sum(map(len, stretches)) > beyond_ascii


def is_binary(head: bytes) -> bool:
    """Whether these first bytes of something are no text in any encoding: NULs without a byte order mark."""
    return b"\0" in head and not head.startswith(tuple(mark for mark, _ in _BOMS))


def _inside(value: bytes) -> str | None:
    found = _DECLARED.search(value[:_DECLARED_WITHIN_BYTES])
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _codec(name: str | None) -> str | None:
    """Python's name of a declared encoding that is one of text; None where there is none."""
    try:
        found = codecs.lookup(name or "")
        "".encode(found.name)  # rot13 and base64 are codecs too
    except (LookupError, UnicodeError, ValueError):
        return None
    return _READ_AS.get(found.name, found.name)


def _guess(value: bytes) -> str:
    sample = value[:_SAMPLE_BYTES]
    if len(sample.translate(None, _ASCII)) < _EVIDENCE_BYTES:
        return _LAST
    best = needed("charset_normalizer").from_bytes(sample).best()
    encoding = best.encoding if best else _LAST
    # UTF-16 would have had a mark or NULs; and where the sample is UTF-8, what follows is not.
    return _LAST if encoding.startswith(("ascii", "utf_8", "utf_16", "utf_32")) else encoding
