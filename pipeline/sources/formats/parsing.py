"""The child process of ``apart``: documents in over a pipe, their parts out; one after the other."""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

import orjson

from pipeline.errors import UsageError
from pipeline.sources.apart import ParsedPart, ParserName, UnparsableError
from pipeline.sources.formats.feed import parse_feed
from pipeline.sources.formats.page import parse_page

_PARSERS: Mapping[ParserName, Callable[..., list[ParsedPart]]] = {"feed": parse_feed, "page": parse_page}
_LONGEST_WHY_CHARS = 200


def main(descriptor: int, memory_bytes: int) -> None:
    """Serve the parent at the other end of a pipe until it goes away, with so much address space."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's Ctrl-C: it kills this child in its own time
    with contextlib.suppress(OSError, ValueError):  # a system without this limit, or with a lower one
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    with Connection(descriptor) as line, contextlib.suppress(EOFError, OSError):
        while True:
            request = orjson.loads(line.recv_bytes())
            value = line.recv_bytes()
            line.send_bytes(orjson.dumps(answer(request["parser"], value, request["known"])))


def answer(parser: ParserName, value: bytes, known: Mapping[str, str | None]) -> dict[str, Any]:
    """The parts of one document, or why there are none. Nothing raises, whatever the document does to a library."""
    try:
        return {"parts": _PARSERS[parser](value, **known)}
    except UnparsableError as exc:
        return {"error": str(exc)}
    except UsageError as exc:
        return {"usage": str(exc)}
    except MemoryError:
        return {"error": "parsing it needs too much memory"}
    except Exception as exc:  # noqa: BLE001  (it is this document's fate, the next one comes out)
        return {"error": f"cannot be parsed: {type(exc).__name__}: {exc}"[:_LONGEST_WHY_CHARS]}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
