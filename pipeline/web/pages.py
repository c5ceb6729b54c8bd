"""Requests in, answers out: one method for each route of the live page, and what runs beside them."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import orjson
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from pipeline.errors import ClaimwireError, UsageError
from pipeline.labels import REASONS, TYPES
from pipeline.streaming.operations.replay import Filter
from pipeline.topology import STAGES, TOPICS
from pipeline.web import stream
from pipeline.web.article_cache import ArticleCache
from pipeline.web.event_feed import Batch, Deliver, EventFeed
from pipeline.web.gauge import keep_measuring
from pipeline.web.highlight import highlight
from pipeline.web.live import Live
from pipeline.web.options import WebOptions
from pipeline.web.rejected_browser import LISTED, RejectedBrowser, content
from pipeline.web.render import render
from pipeline.web.request_guard import FormToken, Handler, number_in_query
from pipeline.web.threads import in_thread

log = structlog.get_logger(__name__)

_PAGE = 500  # claims that a page loads at a time


class Pages:
    """One method for each route."""

    def __init__(self, options: WebOptions, live: Live) -> None:
        self._options, self._live = options, live
        connection, prefix = options.connection, options.prefix
        self._articles = ArticleCache(connection, prefix=prefix, most_bytes=options.memory_bytes)
        self._rejected = RejectedBrowser(connection, prefix=prefix, group=options.group)
        self._token = FormToken()
        self._replaying = asyncio.Lock()  # two would shut each other out

    async def run(self, app: web.Application) -> AsyncIterator[None]:
        """Read Kafka and measure lag as long as the page is served."""
        del app
        options, loop = self._options, asyncio.get_running_loop()

        def hand_over(function: Callable[..., None]) -> Callable[..., None]:
            def call(*arguments: object) -> None:
                with suppress(RuntimeError):  # the loop is closed: nobody looks any more
                    loop.call_soon_threadsafe(function, *arguments)

            return call

        feed = EventFeed(
            options.connection,
            prefix=options.prefix,
            most=options.claims,
            threshold=options.threshold,
            deliver=Deliver(hand_over(self._take), hand_over(self._filled), hand_over(self._trouble)),
        )
        feed.start()
        gauge = asyncio.create_task(
            keep_measuring(
                self._live,
                options.connection,
                prefix=options.prefix,
                group=options.group,
                every_s=options.lag_every_s,
            )
        )
        yield
        gauge.cancel()
        await in_thread(feed.stop)
        with suppress(asyncio.CancelledError):
            await gauge

    def _take(self, batch: Batch) -> None:
        live = self._live
        live.window.extend(batch.claims)
        for record in batch.articles:
            self._articles.keep(record)
        live.latest = batch.latest or live.latest
        if not live.reading:  # counted from when the page began to look
            live.counts["claims"] += len(batch.claims)
            live.counts["articles"] += len(batch.articles)
            live.note_rejected(batch.rejected, batch.settled)
        live.notify()

    def _filled(self) -> None:
        self._live.reading = False
        self._live.notify()

    def _trouble(self, trouble: str | None) -> None:
        self._live.trouble = trouble
        self._live.notify()

    async def claims(self, _: web.Request) -> web.Response:
        """The list of claims; its script fills it."""
        return self._page("claims.html", most=self._options.claims, types=TYPES)

    async def some_claims(self, request: web.Request) -> web.Response:
        """Claims newest first, those before a number where the page names one."""
        live = self._live
        before = number_in_query(request, "before")
        found = live.window.before(live.window.last + 1 if before is None else before, most=_PAGE)
        head = orjson.dumps({"id": f"{live.boot}-{live.window.last}", "boot": live.boot, "lowest": found.lowest})
        more = b"true" if found.lowest > live.window.first else b"false"
        body = head[:-1] + b',"more":' + more + b',"claims":' + found.json() + b"}"
        response = web.Response(body=body, content_type="application/json", headers={"Cache-Control": "no-store"})
        response.enable_compression()
        return response

    async def events(self, request: web.Request) -> web.StreamResponse:
        """The stream of what happens."""
        return await stream.serve(request, self._live, patience_s=self._options.patience_s)

    async def article(self, request: web.Request) -> web.Response:
        """One article with all that was found in it."""
        where = _place(request)
        timestamp_ms = number_in_query(request, "t")
        record = self._articles.kept(where)
        if record is None:
            record = await in_thread(lambda: self._articles.look_up(where, timestamp_ms=timestamp_ms))
            self._articles.keep(record)
        found = record
        threshold = self._options.threshold

        def make() -> str:
            view = highlight(self._articles.decode(found), threshold=threshold)
            return render("article.html", **self._common("claims"), view=view)

        return _html(await in_thread(make))

    async def lag(self, _: web.Request) -> web.Response:
        """How far behind each stage is; its script fills it."""
        topics = {event: self._options.prefix + name for event, name in TOPICS.items()}
        return self._page("lag.html", stages=STAGES, topics=topics, every_s=self._options.lag_every_s)

    async def lag_samples(self, _: web.Request) -> web.Response:
        """What was measured lately."""
        return web.Response(body=orjson.dumps({"samples": list(self._live.lag)}), content_type="application/json")

    async def rejected(self, request: web.Request) -> web.Response:
        """The newest rejected records."""
        stages = [stage.name for stage in STAGES]
        stage, reason = request.query.get("stage", ""), request.query.get("reason", "")
        chosen = Filter(stage=stage if stage in stages else None, reason=reason if reason in REASONS else None)
        closed = "all" in request.query
        listing = await in_thread(lambda: self._rejected.newest(chosen, closed=closed))
        return self._page(
            "rejected.html",
            listing=listing,
            chosen=chosen,
            closed=closed,
            stages=stages,
            reasons=REASONS,
            listed=LISTED,
        )

    async def rejected_record(self, request: web.Request) -> web.Response:
        """One rejected record with its bytes."""
        return await self._record_page(request, left_out=None)

    async def _record_page(self, request: web.Request, *, left_out: str | None) -> web.Response:
        where = _place(request)
        one = await in_thread(lambda: self._rejected.one(*where))
        value, gone = None, None
        try:
            value = await in_thread(lambda: self._rejected.value(one.event))
        except UsageError as exc:
            gone = str(exc)
        return self._page(
            "rejected_record.html",
            status=409 if left_out else 200,
            one=one,
            content=None if value is None else content(value),
            gone=gone,
            left_out=left_out,
            token=self._token,
        )

    async def raw(self, request: web.Request) -> web.Response:
        """The bytes of a rejected record, to be saved and never shown: they may be anything."""
        where = _place(request)
        one = await in_thread(lambda: self._rejected.one(*where))
        value = await in_thread(lambda: self._rejected.value(one.event))
        name = f"rejected-{where[0]}-{where[1]}.bin"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=value or b"", content_type="application/octet-stream", headers=headers)

    async def replay(self, request: web.Request) -> web.Response:
        """Send a rejected record back to where it came from."""
        if not self._options.allow_replay:
            raise web.HTTPForbidden(text="Replay is off: start the page with --allow-replay.")
        await self._token.check(request)
        where = _place(request)
        async with self._replaying:
            one = await in_thread(lambda: self._rejected.one(*where))
            done = await in_thread(lambda: self._rejected.replay(one.record))
        log.info("replayed from the page", record=one.place, done=done.done)
        if done.left_out:
            return await self._record_page(request, left_out=done.left_out[0][1])
        raise web.HTTPSeeOther(f"/rejected/{one.place}")

    async def health(self, _: web.Request) -> web.Response:
        """That the page is served, and whether Kafka is read."""
        body = {"ok": True, "kafka": self._live.trouble is None, "trouble": self._live.trouble}
        return web.Response(body=orjson.dumps(body), content_type="application/json")

    @functools.cached_property
    def as_page(self) -> Middleware:
        """A middleware that makes a page of what went wrong."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                return await handler(request)
            except web.HTTPException as exc:
                if exc.status < 400:  # noqa: PLR2004  (a redirect)
                    raise
                return self._error(exc.status, exc.text or exc.reason)
            except UsageError as exc:
                return self._error(404 if self._live.trouble is None else 503, str(exc))
            except ClaimwireError as exc:
                return self._error(502, str(exc))
            except Exception:
                log.exception("a page could not be made", path=request.path)
                return self._error(500, "This page could not be made; the log says why.")

        return middleware

    def _error(self, status: int, why: str) -> web.Response:
        return _html(render("error.html", **self._common("error"), status=status, why=why), status=status)

    def _page(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        here = template.removesuffix(".html").partition("_")[0]
        return _html(render(template, **self._common(here), **values), status=status)

    def _common(self, here: str) -> dict[str, object]:
        return {"here": here, "allow_replay": self._options.allow_replay, "prefix": self._options.prefix}


def _html(text: str, *, status: int = 200) -> web.Response:
    response = web.Response(text=text, content_type="text/html", status=status)
    response.enable_compression()
    return response


def _place(request: web.Request) -> tuple[int, int]:
    return int(request.match_info["partition"]), int(request.match_info["offset"])
