"""The stream of events to a page, without Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from waiting import PATIENCE_S

from pipeline.web import stream
from pipeline.web.live import LIVE, Live
from pipeline.web.window import Window

_WAIT_S = PATIENCE_S


@asynccontextmanager
async def pages(live: Live, *, patience_s: float = 10) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async def handler(request: web.Request) -> web.StreamResponse:
        return await stream.serve(request, live, patience_s=patience_s)

    app = web.Application()
    app[LIVE] = live
    app.router.add_get("/", handler)
    async with TestClient(TestServer(app)) as client:
        yield client
        live.stopping = True
        live.notify()


async def claims(client: TestClient[web.Request, web.Application], after: str, wanted: int) -> tuple[list[int], str]:
    """Numbers of the claims that come to a page until it has so many, and the last event id."""
    found: list[int] = []
    last = ""
    async with client.get("/", headers={"Last-Event-ID": after}) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        while len(found) < wanted:
            line = (await asyncio.wait_for(response.content.readline(), _WAIT_S)).decode()
            if line.startswith("id: "):
                last = line[4:].strip()
            if line.startswith("data: ["):
                found += orjson.loads(line[6:])
    return found, last


async def test_a_page_that_comes_back_misses_nothing_and_gets_nothing_twice() -> None:
    live = Live(Window(most=1000, most_bytes=10_000))
    live.window.extend(b"%d" % number for number in range(1, 11))
    async with pages(live) as client:
        first, seen = await claims(client, f"{live.boot}-0", 10)
        live.window.extend(b"%d" % number for number in range(11, 21))
        second, _ = await claims(client, seen, 10)
    assert first + second == list(range(1, 21))


async def test_a_page_of_an_earlier_process_or_too_far_behind_is_told_to_load_anew() -> None:
    live = Live(Window(most=2, most_bytes=1000))
    live.window.extend([b"1", b"2", b"3", b"4"])
    async with pages(live) as client:
        for after in ("00000000-4", f"{live.boot}-1", "nonsense"):
            async with client.get("/", params={"after": after}) as response:
                body = await asyncio.wait_for(response.read(), _WAIT_S)
                assert body == b"event: reset\ndata: {}\n\n"


async def test_a_page_that_does_not_read_is_cut_off_and_costs_no_memory() -> None:
    live = Live(Window(most=1000, most_bytes=100_000_000))
    live.window.extend([b'"%s"' % (b"x" * 200_000)] * 200)  # 40 MB: more than the buffers of a connection take
    async with pages(live, patience_s=0.2) as client:
        host, port = client.server.host, client.server.port
        reader, writer = await asyncio.open_connection(host, port, limit=1024)
        writer.write(f"GET /?after={live.boot}-0 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        await writer.drain()
        deadline = asyncio.get_running_loop().time() + _WAIT_S
        while not live.watchers:
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.01)
        while live.watchers:
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.05)
        del reader
        writer.close()


async def test_the_place_of_a_page_that_went_away_is_free_again_while_nothing_happens() -> None:
    live = Live(Window(most=2, most_bytes=1000))
    async with pages(live) as client:
        host, port = client.server.host, client.server.port
        for _ in range(3):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            await asyncio.wait_for(reader.readuntil(b"event: status"), _WAIT_S)
            writer.close()
        began = asyncio.get_running_loop().time()
        while live.watchers:
            # Long before the heartbeat, which would find them out as well.
            assert asyncio.get_running_loop().time() - began < stream._HEARTBEAT_S / 2
            await asyncio.sleep(0.05)


async def test_an_event_id_that_is_none_of_ours_is_a_bad_request() -> None:
    live = Live(Window(most=2, most_bytes=1000))
    async with pages(live) as client:
        for asked in ({"params": {"after": f"{live.boot}-{'9' * 5000}"}}, {"headers": {"Last-Event-ID": "9" * 5000}}):
            async with client.get("/", **asked) as response:  # type: ignore[arg-type]
                assert response.status == 400
    assert not live.watchers


async def test_more_pages_than_can_be_are_refused() -> None:
    live = Live(Window(most=2, most_bytes=1000), watchers=stream.MOST_PAGES)
    async with pages(live) as client, client.get("/") as response:
        assert response.status == 503
        assert response.headers["Retry-After"]
