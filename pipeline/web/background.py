"""Options in, the live page in a thread of this process out: for ``claimwire up``, which runs other things too."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import FatalError, UsageError
from pipeline.web.options import WebOptions
from pipeline.web.server import serve

_START_S, _STOP_S = 10.0, 6.0


class BackgroundPage:
    """The live page in a thread of this process; ``address`` is where. ``check`` raises once it has ended by itself."""

    def __init__(self, options: WebOptions) -> None:
        self._options = options
        self.address = ""
        self._error: BaseException | None = None
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    def start(self) -> None:
        """Begin to serve.

        Raises:
            UsageError: the port is taken or not allowed.
        """
        self._thread.start()
        if not self._ready.wait(_START_S):
            raise FatalError("the live page did not start in time")
        self.check()

    def stop(self) -> None:
        """End, within a few seconds."""
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_S)

    def check(self) -> None:
        """Raise what has ended the page."""
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except UsageError as exc:
            self._error = exc
        except Exception as exc:  # noqa: BLE001  (raised by check)
            self._error = FatalError(f"the live page has stopped: {type(exc).__name__}: {exc}")
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await serve(self._options, stop=self._stop, ready=self._started)

    def _started(self, address: str) -> None:
        self.address = address
        self._ready.set()


@contextmanager
def background_page(options: WebOptions) -> Iterator[BackgroundPage]:
    """The live page beside whatever runs in the block.

    Raises:
        UsageError: the port is taken or not allowed.
    """
    page = BackgroundPage(options)
    page.start()
    try:
        yield page
    finally:
        page.stop()
