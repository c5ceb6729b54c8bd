"""Options in, the live page served until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from aiohttp import web

from pipeline.errors import UsageError
from pipeline.web.live import LIVE, Live
from pipeline.web.options import WebOptions
from pipeline.web.pages import Pages
from pipeline.web.request_guard import host_check, secure
from pipeline.web.window import Window

_MOST_FORM_BYTES = 16 * 1024
_SHUTDOWN_S = 2.0
_PLACE = r"{partition:\d{1,9}}/{offset:\d{1,18}}"


async def serve(options: WebOptions, *, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    """Serve until ``stop`` is set; ``ready`` is told the page's address.

    Raises:
        UsageError: the port is taken or not allowed.
    """
    app = application(options)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, options.host, options.port)
        try:
            await site.start()
        except OSError as exc:
            raise UsageError(
                f"the page cannot be served on {options.host} port {options.port} ({exc.strerror or exc}): see --port"
            ) from exc
        ready(_address(runner, options.host))
        await stop.wait()
    finally:
        app[LIVE].stopping = True
        app[LIVE].notify()
        await runner.cleanup()


def _address(runner: web.AppRunner, host: str) -> str:
    port = runner.addresses[0][1]
    shown = "127.0.0.1" if host in {"", "0.0.0.0", "::"} else host  # noqa: S104  (compared, not bound)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def application(options: WebOptions) -> web.Application:
    """The routes and what runs beside them."""
    live = Live(Window(most=options.claims, most_bytes=options.memory_bytes))
    pages = Pages(options, live)
    app = web.Application(middlewares=[pages.as_page, host_check(options.names)], client_max_size=_MOST_FORM_BYTES)
    app[LIVE] = live
    app.on_response_prepare.append(_secure)
    app.cleanup_ctx.append(pages.run)
    app.router.add_static("/static", Path(str(files("pipeline.web") / "static")))
    app.add_routes(
        [
            web.get("/", pages.claims),
            web.get("/api/claims", pages.some_claims),
            web.get("/api/lag", pages.lag_samples),
            web.get("/api/stream", pages.events),
            web.get(f"/articles/{_PLACE}", pages.article),
            web.get("/lag", pages.lag),
            web.get("/rejected", pages.rejected),
            web.get(f"/rejected/{_PLACE}", pages.rejected_record),
            web.get(f"/rejected/{_PLACE}/raw", pages.raw),
            web.post(f"/rejected/{_PLACE}/replay", pages.replay),
            web.get("/healthz", pages.health),
        ]
    )
    return app


async def _secure(_: web.Request, response: web.StreamResponse) -> None:
    secure(response.headers)
    response.headers.setdefault("Cache-Control", "no-cache")
