"""Logging: a level in; one line on standard error for each event, in colours on a terminal, else as a JSON object.

Log calls name topics, partitions, offsets and ids, never a text or a secret: what is logged may be kept for long and
read by many.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import Processor, WrappedLogger

# Libraries that log each retry; shown from this level on, unless everything is to be shown.
_TALKATIVE = {"kafka": logging.CRITICAL, "aiokafka": logging.ERROR, "faust": logging.WARNING, "mode": logging.WARNING}
_REPEAT_S = 10.0
_MOST_LINES = 1000  # that are remembered


def configure(level: str, *, quiet: bool = False, stream: TextIO | None = None) -> None:
    """Send all logging of this process to ``stream`` (standard error).

    ``level`` is the lowest that is shown: debug, info, warning or error.
    With ``quiet`` the libraries say nothing at all: for commands that tell the user themselves what went wrong.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(for_people=is_for_people(stream, os.environ)))
    if level != "debug":
        handler.addFilter(Repeats(_REPEAT_S))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)
    for name, lowest in _TALKATIVE.items():
        logging.getLogger(name).setLevel(_library_level(lowest, level, quiet=quiet))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # configure() may be called again
    )


class Repeats(logging.Filter):
    """Lets a library say the same once in ``every_s`` seconds; ``repeated`` in the next such line counts the others.

    While a broker is away, aiokafka logs 80 lines a second: soon a container's log would hold nothing else. Where a
    line does not come again, or after a thousand others, its count is not told.
    """

    def __init__(self, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._every_s = every_s
        self._clock = clock
        self._seen: dict[tuple[str, int, str, str], tuple[float, int]] = {}  # when it was shown, and how often since

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to show a line."""
        if record.name.partition(".")[0] not in _TALKATIVE:
            return True
        try:
            said = record.getMessage()
        except Exception:  # noqa: BLE001  (whatever is wrong with it, the handler reports it; here it would go to the library)
            return True
        raised = repr(record.exc_info[1]) if record.exc_info else ""
        line = (record.name, record.levelno, said, raised)
        now = self._clock()
        shown, repeated = self._seen.get(line, (None, 0))
        if shown is not None and now - shown < self._every_s:
            self._seen[line] = (shown, repeated + 1)
            return False
        if len(self._seen) >= _MOST_LINES:
            self._seen.clear()
        self._seen[line] = (now, 0)
        if repeated:
            record.repeated = repeated
        return True


def is_for_people(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether a stream is a terminal; ``TERM=dumb`` is not one that shows more than lines."""
    return stream.isatty() and environ.get("TERM") != "dumb"


def _library_level(lowest: int, level: str, *, quiet: bool) -> int:
    if level == "debug":
        # kafka-python logs keys and values of records at debug: article text.
        return logging.INFO
    return logging.CRITICAL + 1 if quiet else lowest


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(*, for_people: bool) -> logging.Formatter:
    last: list[Processor]
    if for_people:
        colors = not os.environ.get("NO_COLOR")
        last = [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
    else:
        last = [structlog.processors.format_exc_info, _as_json]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_common(), structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


def _as_json(_logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(dict(event), default=str, option=orjson.OPT_NON_STR_KEYS).decode()
