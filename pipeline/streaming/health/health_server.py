"""A worker's metrics and its state in, ``/metrics``, ``/healthz`` and ``/readyz`` by HTTP out, from a thread.

Workers of one machine take one port each, from a first one on: what scrapes them knows the range.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client import CollectorRegistry, make_wsgi_app

from pipeline.metrics import Metrics

log = structlog.get_logger(__name__)

MOST_PORTS = 256  # as many as there may be workers without an id on one machine

StateCheck = Callable[[float], bool]  # of the time on the monotonic clock
_StartResponse = Callable[[str, list[tuple[str, str]]], object]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True  # a scrape that hangs does not hold the worker's end up
    allow_reuse_address = True


class _Handler(WSGIRequestHandler):
    timeout = 10.0  # seconds; whoever connects and says nothing gives its thread back

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  (as the base class has them)
        """Log no scrape."""


@contextmanager
def serving(
    metrics: Metrics, states: Mapping[str, StateCheck], *, host: str, port: int
) -> Iterator[tuple[str, int] | None]:
    """Serve within the block; the address is given back, None where there is no server.

    It is the first free port from ``port`` on; 0 is no server. ``states`` are paths: each is 200 while its function
    says so, else 503. A worker that finds no port works without: it is there for the articles.
    """
    server = _first_free(host, port, _app(metrics.registry, states)) if port else None
    if server is None:
        yield None
        return
    threading.Thread(target=server.serve_forever, name="monitoring", daemon=True).start()
    log.info("metrics and health", url=f"http://{host}:{server.server_port}/metrics")
    try:
        yield host, server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _first_free(host: str, port: int, app: Callable[..., Any]) -> WSGIServer | None:
    error: OSError | None = None
    for candidate in range(port, min(port + MOST_PORTS, 65_536)):
        try:
            return make_server(host, candidate, app, _Server, _Handler)
        except OSError as exc:
            error = exc
    log.warning("no metrics and no health by HTTP: no port is free", host=host, first=port, error=str(error))
    return None


def _app(registry: CollectorRegistry, states: Mapping[str, StateCheck]) -> Callable[..., Any]:
    metrics = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start_response: _StartResponse) -> Any:  # noqa: ANN401  (as WSGI has it)
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return metrics(environ, start_response)
        if path not in states:
            return _plain(start_response, "404 Not Found", f"there are /metrics, {', '.join(states)}")
        return _plain(
            start_response, *(("200 OK", "ok") if states[path](time.monotonic()) else ("503 Service Unavailable", "no"))
        )

    return answer


def _plain(start_response: _StartResponse, status: str, text: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
    return [f"{text}\n".encode()]
