"""Server-sent events: the live state in, a stream to each open page out (WHATWG HTML, 9.2).

``claims`` carries a list of claims, oldest first, and its id says how far the page is then; ``status`` and ``lag`` what
their names say; ``reset`` tells a page that it must load the claims anew, since some that it lacks are forgotten.
A page that does not take what it is sent is cut off; its browser comes back and says by ``Last-Event-ID`` where it was.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import orjson
from aiohttp import web

from pipeline.web.live import LIVE, Live
from pipeline.web.request_guard import secure

_MOST_CLAIMS, _MOST_BYTES = 500, 256 * 1024  # in one message
_GATHER_S = 0.1  # a message is not sent sooner after another: a burst comes in few of them
_HEARTBEAT_S = 15.0  # keeps proxies from closing a silent stream, and finds pages that are gone without a word
_CHECK_S = 1.0  # until a page that was closed gives its place back
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_LONGEST_ID = 40
MOST_PAGES = 100


@dataclass
class _Page:
    """How far one page is. ``claims`` is the number of the last one that it has; None: it takes no claims."""

    claims: int | None
    with_lag: bool
    status: bytes = b""
    lag_at: int = 0


async def serve(request: web.Request, live: Live, *, patience_s: float) -> web.StreamResponse:
    """Stream until the page leaves, does not read for ``patience_s``, or the server stops."""
    if live.watchers >= MOST_PAGES:
        raise web.HTTPServiceUnavailable(text=f"{MOST_PAGES} pages are open already.", headers={"Retry-After": "10"})
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    secure(response.headers)
    page = _page(request)
    live.watchers += 1
    live.notify()  # lag is measured while somebody looks
    try:
        await response.prepare(request)
        await _send_all(request, response, live, page, patience_s=patience_s)
    except asyncio.TimeoutError:
        if request.transport is not None:
            request.transport.abort()  # its buffers are full: nothing more could be said to it
    except ConnectionError:
        pass  # the page was closed
    finally:
        live.watchers -= 1
    return response


def _page(request: web.Request) -> _Page:
    after = request.headers.get("Last-Event-ID") or request.query.get("after")
    return _Page(None if after is None else _number(after, request.app[LIVE]), "lag" in request.query)


def _number(event_id: str, live: Live) -> int:
    """Return the number of the last claim that a page has; -1, which no window holds, for ids of another process.

    Raises:
        web.HTTPBadRequest: the id is longer than any of ours.
    """
    if len(event_id) > _LONGEST_ID:
        raise web.HTTPBadRequest(text=f"An event id has at most {_LONGEST_ID} characters.")
    boot, _, number = event_id.partition("-")
    return int(number) if boot == live.boot and _NUMBER.fullmatch(number) else -1


async def _send_all(
    request: web.Request, response: web.StreamResponse, live: Live, page: _Page, *, patience_s: float
) -> None:
    clock = asyncio.get_running_loop().time
    sent_s = clock()
    while not live.stopping and request.transport is not None:  # None: the page was closed
        changed = live.changed()
        if page.claims is not None and not live.window.holds_all_after(page.claims):
            await asyncio.wait_for(response.write(_event("reset", b"{}")), patience_s)
            return
        message = b"".join(_news(live, page))
        if message:
            await asyncio.wait_for(response.write(message), patience_s)
            sent_s = clock()
            await asyncio.sleep(_GATHER_S)
            continue
        if clock() - sent_s > _HEARTBEAT_S:
            await asyncio.wait_for(response.write(b":\n\n"), patience_s)
            sent_s = clock()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(changed.wait(), _CHECK_S)


def _news(live: Live, page: _Page) -> Iterator[bytes]:
    """What the page has not seen, as events; it counts as seen."""
    status = orjson.dumps(live.status())
    if status != page.status:
        page.status = status
        yield _event("status", status)
    if page.with_lag and live.lag and live.lag[-1]["at"] != page.lag_at:
        page.lag_at = live.lag[-1]["at"]
        yield _event("lag", orjson.dumps(live.lag[-1]))
    if page.claims is not None and page.claims < live.window.last:
        found = live.window.after(page.claims, most=_MOST_CLAIMS, most_bytes=_MOST_BYTES)
        page.claims = found.highest
        yield _event("claims", found.json(), event_id=f"{live.boot}-{found.highest}")


def _event(name: str, data: bytes, *, event_id: str | None = None) -> bytes:
    """JSON has no line ends of its own, so the data is one line."""
    head = f"event: {name}\n" + (f"id: {event_id}\n" if event_id else "")
    return head.encode() + b"data: " + data + b"\n\n"
