import io
import logging
import warnings
from collections.abc import Iterator

import orjson
import pytest
import structlog

from pipeline import log


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in stream.getvalue().splitlines()]


def line_of(logger: str, text: str, *values: object, error: Exception | None = None) -> logging.LogRecord:
    raised = None if error is None else (type(error), error, None)
    return logging.LogRecord(logger, logging.ERROR, "fetcher.py", 1, text, values, raised)


def test_a_program_gets_json_lines_from_both_kinds_of_logger() -> None:
    stream = io.StringIO()
    log.configure("info", stream=stream)
    structlog.get_logger("ours").info("batch committed", offset=7)
    logging.getLogger("theirs").warning("slow: %d ms", 9)
    first, second = lines(stream)
    assert (first["event"], first["offset"], first["level"], first["logger"]) == ("batch committed", 7, "info", "ours")
    assert (second["event"], second["level"]) == ("slow: 9 ms", "warning")


def test_what_a_library_says_again_and_again_is_said_once_and_counted() -> None:
    times = iter([0.0, 0.1, 0.2, 5.0, 10.3, 10.4])
    repeats = log.Repeats(10, clock=lambda: next(times))
    lines = [line_of("aiokafka.consumer.fetcher", "no connection to %d", node) for node in (1, 1, 2, 1, 1)]
    lines.append(line_of("aiokafka.consumer.fetcher", "no connection to %d", 1, error=ValueError("another")))
    assert [repeats.filter(line) for line in lines] == [True, False, True, False, True, True]
    assert [getattr(line, "repeated", None) for line in lines] == [None, None, None, None, 2, None]


def test_what_we_say_again_is_said_again_and_a_line_that_cannot_be_read_is_left_to_the_handler() -> None:
    repeats = log.Repeats(10)
    ours = [line_of("pipeline.streaming.worker.app", "transaction failed") for _ in range(2)]
    assert all(map(repeats.filter, ours))
    assert repeats.filter(line_of("aiokafka", "one %s, two %s", 1))


def test_a_program_is_spared_what_a_library_repeats() -> None:
    stream = io.StringIO()
    log.configure("info", stream=stream)
    for _ in range(3):
        logging.getLogger("aiokafka").error("no connection")
    assert len(lines(stream)) == 1


def test_at_debug_a_library_says_all() -> None:
    stream = io.StringIO()
    log.configure("debug", stream=stream)
    for _ in range(3):
        logging.getLogger("aiokafka").error("Unable to connect")
    assert len(lines(stream)) == 3


def test_below_the_level_nothing_is_logged() -> None:
    stream = io.StringIO()
    log.configure("warning", stream=stream)
    structlog.get_logger("ours").info("batch committed")
    assert stream.getvalue() == ""


def test_an_exception_is_one_json_line() -> None:
    stream = io.StringIO()
    log.configure("info", stream=stream)
    try:
        int("broken")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
    (line,) = lines(stream)
    assert "ValueError: invalid literal" in str(line["exception"])


def test_people_get_colours_unless_they_want_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain = Terminal(), Terminal()
    log.configure("info", stream=coloured)
    structlog.get_logger("ours").info("started")
    monkeypatch.setenv("NO_COLOR", "1")
    log.configure("info", stream=plain)
    structlog.get_logger("ours").info("started")
    assert "\x1b[" in coloured.getvalue()
    assert "\x1b[" not in plain.getvalue()
    assert "started" in plain.getvalue()


def test_kafka_libraries_never_log_what_they_send() -> None:
    stream = io.StringIO()
    log.configure("debug", stream=stream)
    logging.getLogger("kafka.producer.kafka").debug("Sending value=%r", "article text")
    assert stream.getvalue() == ""


def test_a_quiet_process_leaves_talking_to_its_command() -> None:
    stream = io.StringIO()
    log.configure("warning", quiet=True, stream=stream)
    logging.getLogger("kafka.net.manager").critical("connection failed")
    assert stream.getvalue() == ""


def test_warnings_are_logged_like_all_else() -> None:
    stream = io.StringIO()
    log.configure("warning", stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", UserWarning, stacklevel=1)
    assert "old" in str(lines(stream)[0]["event"])
