"""Texts made to cost much, and what they cost: ``hostile_texts.py CHARS...`` prints a line of JSON for each text.

It has the CPU seconds of all stages at each length, and the peak RSS of the process so far in MB.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import orjson

from pipeline.contract.codec import decode_article
from pipeline.contract.events import Origin
from pipeline.nlp.model import load_model
from pipeline.stages.context import Context, context_of
from pipeline.stages.split_sentences import Arrival
from pipeline.topology import enrich_arrivals

ORIGIN = Origin(topic="t", partition=0, offset=0, timestamp=0)
REPEATED = {
    "news": 'Exports rose by 3 percent in 1990, and Anna Berg of Oslo denied it. It was "bad", he said.\n',
    "no full stop": "word ",
    "names without end": "Carter ",
    "open quotes": "\u201c",
    "open quotes and words": "\u201ca ",
    "single open quotes": "\u2018a ",
    "quotes of both kinds": "\u201ca\u201d \u2018b c\u2019 ",
    "quotes and who said so": '"He said" ',
    "quotes in two halves": "\u201cA,\u201d he said, \u201cb.\u201d ",
    "who said that who said": "He said he said ",
    "apostrophes": "'",
    "escaped quotes": "&quot;He said&quot; ",
    "closed quotes": "a\u201d ",
    "titles": "Mr. ",
    "initials": "A. ",
    "speakers": "A: ",
    "list items": "1. a 2. b ",
    "dots": ". ",
    "brackets": "(",
    "closing brackets": ") ",
    "letters": "a ",
    "numbers": "1 ",
    "one word": "a",
    "an address": "a.b/",
    "dashes": "-",
    "blank lines": "\n",
    "blanks": " ",
    "short lines": "word word word word word word\u2028",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 ",
    "combining marks": "\u0301",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd. ",
    "marks of direction": "\u202eabc\u202c ",
    "no words at all": "\u65b0\u83ef\u793e\u5317\u4eac\u3002",
    "zeros": "a\0 ",
}


def text(name: str, chars: int) -> str:
    """So many characters; the first and last are letters, so that nothing is blank."""
    unit = REPEATED[name]
    return "A" + (unit * (chars // len(unit) + 1))[: chars - 2] + "z"


def cpu_s(context: Context, article: str) -> float:
    """What all three stages take for it."""
    value = orjson.dumps({"id": "x", "text": article})
    decoded = decode_article(value, key=None, headers={}, max_chars=500_000)
    began = time.process_time()
    enrich_arrivals([Arrival(decoded, ORIGIN)], context)
    return time.process_time() - began


def peak_rss_mb() -> float:
    """Of this program: ``getrusage`` would also tell of the process that started it, before this one took its place."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def main() -> None:
    context = context_of(load_model(), threshold=0.5)
    cpu_s(context, text("news", 2000))  # what is made at the first use
    for name in REPEATED:
        seconds = [cpu_s(context, text(name, int(chars))) for chars in sys.argv[1:]]
        found = {"name": name, "cpu_s": seconds, "rss_mb": peak_rss_mb()}
        sys.stdout.buffer.write(orjson.dumps(found) + b"\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
