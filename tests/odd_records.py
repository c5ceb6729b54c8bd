"""Odd and broken record values, several hundred, the same in every run: ``odd_records()`` gives (name, value) pairs.

Some are good articles in strange dress, most are no articles at all. Whatever they are, each must end as exactly one
article or exactly one rejected record, and leave the worker alive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import orjson

ARTICLE = {
    "id": "odd-1",
    "text": "The mayor of Tarn said “no” to the plan.\nIt would cost €3.5 million.",
    "title": "No to the plan",
    "url": "https://example.org/plan",
    "source": "Tarn Gazette",
    "authors": ["Ada Quill", "Bo Reed"],
    "language": "en",
    "published": "2031-05-01T10:00:00Z",
    "extra": {"section": "local", "tags": ["council", {"deep": [1, 2.5, None, True]}]},
}
NINJS = {
    "uri": "urn:example:odd-2",
    "type": "text",
    "headlines": [{"role": "main", "value": "No to the plan"}],
    "bodies": [{"role": "main", "contentType": "text/html", "value": "<p>The mayor said no.</p>"}],
    "by": "By Ada Quill",
    "copyrightHolder": "Tarn Gazette",
    "infoSources": [{"name": "Tarn Gazette"}],
    "language": "en",
    "versionCreated": "2031-05-01T10:00:00Z",
}
NINJS_1 = {"uri": "urn:example:odd-3", "headline": "No", "body_text": "The mayor said no.", "byline": "By Ada Quill"}

_VALUES: dict[str, object] = {
    "null": None,
    "true": True,
    "zero": 0,
    "negative": -1,
    "fraction": 0.5,
    "big integer": 2**63,
    "string": "x",
    "empty string": "",
    "blank": " \t\n\u00a0\u2028",
    "list": ["x"],
    "empty list": [],
    "list of null": [None],
    "list of lists": [["x"]],
    "object": {"x": 1},
    "empty object": {},
    "nul": "\x00",
    "controls": "".join(map(chr, range(1, 32))),
    "noncharacter": "\ufffe\uffff\U0010ffff",
    "combining": "e\u0301" * 50,
    "right to left": "\u202e\u0634\u0645\u0633\u200f",
    "emoji": "👩\u200d👩\u200d👧🏽",
}
_PLAIN = b'{"text":"The mayor said no."%s}'
_STRING = b'{"text":"The mayor said %s no."}'


def odd_records() -> list[tuple[str, bytes]]:
    """All of them; each name stands once."""
    makers = (
        _truncated,
        _mistyped,
        _not_json,
        _numbers,
        _strings,
        _bytes,
        _encodings,
        _nested,
        _repeated,
        _huge,
        _ninjs,
    )
    return [(f"{maker.__name__[1:]}: {name}", value) for maker in makers for name, value in maker()]


def _truncated() -> Iterator[tuple[str, bytes]]:
    for what, whole in (("article", ARTICLE), ("ninjs", NINJS)):
        value = orjson.dumps(whole)
        for length in range(0, len(value), 5):
            yield f"{what}, its first {length} bytes", value[:length]
    yield "article, without its first byte", orjson.dumps(ARTICLE)[1:]


def _mistyped() -> Iterator[tuple[str, bytes]]:
    for what, whole in (("article", ARTICLE), ("ninjs", NINJS), ("ninjs 1", NINJS_1)):
        for field in whole:
            for name, value in _VALUES.items():
                yield f"{what}, {field} is {name}", orjson.dumps({**whole, field: value})
            yield f"{what}, no {field}", orjson.dumps({key: value for key, value in whole.items() if key != field})


def _not_json() -> Iterator[tuple[str, bytes]]:
    texts = (
        "", " ", "\n", "\t\r\n ", "\x0b", "\x0c", "null", "true", "false", "0", "-1", '""', '"text"', "[]", "[{}]",
        "{}",
        "The mayor said no.",
        "<p>The mayor said no.</p>", "text=The mayor", "---\ntext: no\n", "{", "}", "[", "]", "{]",
        '{"text"}', '{"text":}', '{"text":"no",}', '{,"text":"no"}', '{"text":"no"}{"text":"no"}', '{"text":"no"}\n[]',
        '{"text":"no"} trailing', '{"text":"no"}\x00', "{'text':'no'}", '{text:"no"}', '{"text":"no" "title":"x"}',
        '{"text" "no"}', '{"text":"no"//x\n}', '{"text":"no"/*x*/}', '{"text":undefined}', '{"text":\'no\'}',
        '{"text":"no\n"}', '{"text":"no', '{"text":"\\x41"}', '{"text":"\\"}', '{"text":"\\u12"}', '{"text":"\\U0041"}',
        '{"text":"no"};', ")]}',\n{\"text\":\"no\"}", "\ufeff", '\ufeff\ufeff{"text":"no"}', '\u00a0{"text":"no"}',
        '[{"text":"no"}]', '"{\\"text\\":\\"no\\"}"', '{"a":1,"b"', "nul", "tru", "+1", "01", "1.", ".1", "0x10", "1e",
    )  # fmt: skip
    for number, text in enumerate(texts):
        yield f"{number} {text[:30]!r}", text.encode()


def _numbers() -> Iterator[tuple[str, bytes]]:
    numbers = (
        "NaN", "Infinity", "-Infinity", "nan", "inf", "1e308", "1e309", "-1e309", "1e999999", "1e-400", "5e-324", "-0",
        "-0.0", "0e0", "1E+2", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "-9223372036854775809", "18446744073709551615", "18446744073709551616", "0.1000000000000000055511151231257827",
        "1" * 1000, "0." + "0" * 1000 + "1", "1" * 400, "-" + "9" * 308, "--1", "+1", "01", "1_000", "1,5", "0x1F",
        "1e1e1",
    )  # fmt: skip
    for number, text in enumerate(numbers):
        yield f"{number} {text[:30]}", _PLAIN % b',"words":%s' % text.encode()
    for field in ("id", "text", "title", "published", "version", "updated", "status", "embargo_until"):
        yield f"a number for {field}", b'{"text":"The mayor said no.","%s":12}' % field.encode()


def _strings() -> Iterator[tuple[str, bytes]]:
    escapes = (
        r"\ud800", r"\udc00", r"\ud800\ud800", r"\udc00\ud800", r"\ud83d\u0041", r"\ud83d\ude00", r"\uD83D", r"\u0000",
        r"\uffff", r"\ufffe", r"\ufeff", r"\u2028\u2029", r"\u0085", r"\u200b", r"\u202e", r"\/", r"\b\f\n\r\t", r"\\",
        r"\"", r"\a", r"\v", r"\0", r"\u", r"\u00g0", r"\u{1F600}", r"\N", r"\ ",
    )  # fmt: skip
    for escape in escapes:
        yield f"text with {escape}", _STRING % escape.encode()
        yield f"name with {escape}", _PLAIN % b',"na%sme":1' % escape.encode()
        yield f"id of {escape}", _PLAIN % b',"id":"%s"' % escape.encode()
    for code in range(0x20):
        yield f"text with the raw character {code:#04x}", _STRING % bytes([code])
    for name in ("", " ", "extra", "Text", "TEXT", "__class__", "__dict__", "model_fields", "self", "\x7f", "\u2028"):
        yield f"a field named {name!r}", json.dumps({"text": "The mayor said no.", name: {"x": 1}}).encode()


def _bytes() -> Iterator[tuple[str, bytes]]:
    wrong = {
        "a lone continuation": b"\x80",
        "a lone start of two": b"\xc3",
        "a lone start of three": b"\xe2\x82",
        "a lone start of four": b"\xf0\x9f\x98",
        "overlong slash": b"\xc0\xaf",
        "overlong NUL": b"\xc0\x80",
        "overlong of three": b"\xe0\x80\xaf",
        "overlong of four": b"\xf0\x80\x80\xaf",
        "a surrogate": b"\xed\xa0\x80",
        "a pair of surrogates (CESU-8)": b"\xed\xa0\xbd\xed\xb8\x80",
        "beyond Unicode": b"\xf4\x90\x80\x80",
        "five bytes": b"\xf8\x88\x80\x80\x80",
        "six bytes": b"\xfc\x84\x80\x80\x80\x80",
        "fe": b"\xfe",
        "ff": b"\xff",
        "Latin-1": "café".encode("latin-1"),
        "Windows quotes": "“no”".encode("cp1252"),
        "Shift JIS": "市長".encode("shift-jis"),
        "GB 18030": "市长".encode("gb18030"),
        "KOI8-R": "нет".encode("koi8-r"),
    }
    for name, value in wrong.items():
        yield f"text with {name}", _STRING % value
        yield f"name with {name}", _PLAIN % b',"x%s":1' % value
        yield f"nothing but {name}", value
        yield f"behind the article {name}", _PLAIN % b"" + value
    for name, value in {
        "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
        "zstd": b"\x28\xb5\x2f\xfd\x04\x00",
        "PNG": b"\x89PNG\r\n\x1a\n",
        "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        "schema registry": b"\x00\x00\x00\x00\x01" + _PLAIN % b"",
        "all bytes": bytes(range(256)),
        "NULs": b"\0" * 64,
    }.items():
        yield name, value


def _encodings() -> Iterator[tuple[str, bytes]]:
    text = json.dumps(ARTICLE, ensure_ascii=False)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7", "utf-8-sig"):
        yield encoding, text.encode(encoding, errors="replace")
        yield f"{encoding}, nothing in it", "".encode(encoding)
        yield f"{encoding}, cut", text.encode(encoding)[:-1]
    for encoding in ("cp1252", "cp037", "mac-roman"):
        yield encoding, text.encode(encoding, errors="replace")
    yield "escaped", json.dumps(ARTICLE).encode()
    yield "indented with CR LF", json.dumps(ARTICLE, indent=2).replace("\n", "\r\n").encode()


def _nested() -> Iterator[tuple[str, bytes]]:
    for depth in (
        10,
        197,
        198,
        199,
        200,
        201,
        202,
        203,
        250,
        253,
        254,
        255,
        256,
        500,
        1000,
        1022,
        1023,
        1024,
        1025,
        5000,
    ):
        lists = b"[" * depth + b"]" * depth
        objects = b'{"a":' * depth + b"1" + b"}" * depth
        yield f"lists, {depth} deep", _PLAIN % b',"x":%s' % lists
        yield f"objects, {depth} deep", _PLAIN % b',"x":%s' % objects
        yield f"objects in extra, {depth} deep", _PLAIN % b',"extra":%s' % objects
        yield f"lists for a text, {depth} deep", b'{"text":%s}' % lists
        yield f"a ninjs field, {depth} deep", b'{"uri":"urn:x","body_text":"No.","x":%s}' % lists
        yield f"nothing but lists, {depth} deep", lists
        yield f"never closed, {depth} deep", b'{"text":"no","x":' + b"[" * depth
    yield "never closed, 500,000 deep", b"[" * 500_000


def _repeated() -> Iterator[tuple[str, bytes]]:
    yield "text twice", b'{"text":"The mayor said no.","text":"The mayor said yes."}'
    yield "text twice, the last blank", b'{"text":"The mayor said no.","text":""}'
    yield "text twice, the last a number", b'{"text":"The mayor said no.","text":1}'
    yield "a field of extra beside it", b'{"text":"The mayor said no.","x":1,"extra":{"x":2}}'
    yield "extra in extra", b'{"text":"The mayor said no.","extra":{"extra":{"extra":1}}}'
    yield "a text and a uri", b'{"text":"The mayor said no.","uri":"urn:x","body_text":"Yes."}'
    yield "10,000 fields", orjson.dumps({"text": "The mayor said no.", **{f"field {n}": n for n in range(10_000)}})
    yield "10,000 authors", orjson.dumps({"text": "The mayor said no.", "authors": ["Ada Quill"] * 10_000})


def _huge() -> Iterator[tuple[str, bytes]]:
    for name, text in {
        "one word": "x" * 400_000,
        "blanks": " " * 400_000,
        "blanks and a word": " " * 399_999 + "x",
        "line feeds": "\n" * 399_999 + "x",
        "full stops": "." * 100_000,
        "quotes": "“" * 100_000,
        "brackets": "(" * 100_000,
        "capitals": "A. " * 100_000,
        "digits": "1" * 300_000,
        "beyond the limit": "Yes, he said. " * 60_000,
        "of four bytes": "😀" * 100_000,
        "combining marks": "a" + "\u0301" * 200_000,
        "one letter": "x",
    }.items():
        yield f"a text of {name}", orjson.dumps({"text": text})
    for field in ("id", "title", "url", "source", "language", "published", "status", "embargo_until", "nobody knows"):
        yield f"{field} of 200,000 characters", orjson.dumps({"text": "The mayor said no.", field: "x" * 200_000})
    yield "a name of 200,000 characters", orjson.dumps({"text": "The mayor said no.", "x" * 200_000: 1})
    yield "a name of 200,000 twice", orjson.dumps({"text": "no", "x" * 200_000: 1, "extra": {"x" * 200_000: 2}})


def _ninjs() -> Iterator[tuple[str, bytes]]:
    bodies: dict[str, object] = {
        "markup without text": "<p><br/></p><script>x</script>",
        "unclosed tags": "<a " * 50_000,
        "unclosed comments": "<!--" * 50_000,
        "unclosed quotes": '<a x="' * 50_000,
        "deep tags": "<b>" * 50_000 + "no",
        "nothing but less-than": "<" * 100_000,
        "a huge reference": "&#" + "9" * 20_000 + ";",
        "references to surrogates": "&#xD800;&#56320;&#0;&#x110000;&#1;",
        "ampersands": "&" * 100_000,
        "a lone end tag": "</p>no</pre></pre>",
        "CDATA": "<![CDATA[no]]>",
        "unclosed CDATA": "<![CDATA[no",
    }
    for name, body in bodies.items():
        yield f"{name} in body_xhtml", orjson.dumps({"uri": "urn:x", "body_xhtml": body})
        yield (
            f"{name} in bodies",
            orjson.dumps({"uri": "urn:x", "bodies": [{"contenttype": "text/html", "value": body}]}),
        )
    for part in ("role", "value", "contenttype", "contentType", "name"):
        for name, value in _VALUES.items():
            entry = {"role": "main", "value": "The mayor said no.", part: value}
            for field in ("bodies", "headlines", "infoSources"):
                item = {**NINJS, field: [entry]}
                yield f"{field}, {part} is {name}", orjson.dumps(item)
