"""Random record values for hypothesis, each with what may become of it: ``article`` or reasons for its rejection."""

from __future__ import annotations

import json
from typing import NamedTuple

import orjson
from hypothesis import strategies as st

CANARY = "zylophantasm"  # in every text: no log may have it


class Fuzzed(NamedTuple):
    """A value, and what may become of it."""

    value: bytes
    allowed: frozenset[str]


ARTICLE = frozenset({"article"})
REFUSED = frozenset({"not-an-article"})
EITHER = ARTICLE | REFUSED

_MARKS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"  # bidirectional, closed or not
_chars = st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x00\x07\x1b\x7f\u0085\u2028\ufeff\uffff" + _MARKS)
_words = st.text(_chars, max_size=60)
_texts = _words.map(lambda words: f"{CANARY} {words}")
_lengthy = st.sampled_from(
    [
        CANARY + " x" * 220_000,
        CANARY + "\n" * 100_000 + ".",
        CANARY + "\r\n\t" * 30_000,
        CANARY + _MARKS * 20_000,
        CANARY + "e\u0301" * 100_000,
    ]
)
_dates = st.sampled_from(
    ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
     "2031-02-30T00:00:00Z", "-0001-01-01T00:00:00Z", "2031-01-01T24:00:00Z", "2016-12-31T23:59:60Z",
     "2031-01-01T00:00:00+99:99", ""]
)  # fmt: skip
_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _words
_json = st.recursive(_scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3))


def _dump(found: object) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode()


def _deep(depth: int) -> bytes:
    nested = b'{"a":[' * (depth // 2) + b"1" + b"]}" * (depth // 2)
    return b'{"text":"%s","x":%s}' % (CANARY.encode(), nested)


_FIELDS = ("id", "title", "url", "source", "authors", "language", "published", "version", "updated", "status", "extra")
_articles = st.fixed_dictionaries({"text": _texts | _lengthy}, optional={"title": _words, "source": _words, "x": _json})


def _not_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return True
    return False


fuzzed = st.one_of(
    _articles.map(lambda article: Fuzzed(_dump(article), ARTICLE)),
    st.tuples(_articles, st.sampled_from(_FIELDS), _json).map(
        lambda found: Fuzzed(_dump({**found[0], found[1]: found[2]}), EITHER if found[1] == "extra" else ARTICLE)
    ),
    st.tuples(_texts, _dates).map(lambda found: Fuzzed(_dump({"text": found[0], "published": found[1]}), ARTICLE)),
    st.tuples(_texts, _dates | _json).map(
        lambda found: Fuzzed(_dump({"text": found[0], "embargo_until": found[1]}), EITHER | {"embargoed"})
    ),
    st.integers(0, 50).map(lambda depth: Fuzzed(_deep(depth), ARTICLE)),
    st.integers(260, 900).map(lambda depth: Fuzzed(_deep(depth), REFUSED)),
    st.sampled_from(["", " \n", "\u2003", "\x1f"]).map(
        lambda text: Fuzzed(_dump({"text": text}), frozenset({"no-text"}))
    ),
    st.sampled_from([b"NaN", b"Infinity", b"-Infinity", b"1e999"]).map(
        lambda number: Fuzzed(b'{"text":"%s","x":%s}' % (CANARY.encode(), number), frozenset({"not-json"}))
    ),
    st.sampled_from([rb"\ud800", rb"\udfff\ud800", rb"\udc00x"]).map(
        lambda lone: Fuzzed(b'{"text":"%s%s"}' % (CANARY.encode(), lone), frozenset({"not-json"}))
    ),
    st.tuples(_texts, _texts).map(
        lambda found: Fuzzed(b'{"text":%s,"text":%s}' % tuple(map(orjson.dumps, found)), ARTICLE)
    ),
    st.integers(500_001, 1_000_000).map(
        lambda length: Fuzzed(_dump({"text": CANARY + "x" * length}), frozenset({"too-long"}))
    ),
    st.tuples(st.binary(max_size=40), st.binary(max_size=40))
    .map(lambda found: b'{"text":"%s%s%s"}' % (found[0], CANARY.encode(), found[1]))
    .filter(_not_utf8)
    .map(lambda value: Fuzzed(value, frozenset({"bad-encoding", "not-json"}))),
    st.fixed_dictionaries(
        {"uri": st.just("urn:x"), "body_text": _texts}, optional={"headline": _json, "byline": _json, "bodies": _json}
    ).map(lambda item: Fuzzed(_dump(item), ARTICLE)),
    _json.filter(lambda found: not isinstance(found, dict)).map(lambda found: Fuzzed(_dump(found), REFUSED)),
)
