"""The broker's log file: begun anew at each start, and the line in it that says why a broker died."""

import re
from pathlib import Path

_TAIL_BYTES = 64 * 1024
_LINE_LENGTH = 300
# In this order: the root of a stack trace, Kafka's own errors, what the JVM says before Kafka runs.
_TELLING = (
    re.compile(r"^Caused by: (.+)"),
    re.compile(r"^(?:Exception in thread \S+ )?((?:[a-z]\w*\.)+[A-Z]\w*(?:Exception|Error): .+)"),
    re.compile(r"^\[.*?\] (?:FATAL|ERROR) (.+)"),
    re.compile(r"^(Unrecognized .+)"),
    re.compile(r"^Error: (.+)"),
)


def begin_log(data_dir: Path) -> Path:
    """Put the former start's log aside and return the path of the new one."""
    log = data_dir / "kafka.log"
    if log.exists():
        log.replace(data_dir / "kafka.previous.log")
    log.touch()
    return log


def telling_line(log: Path) -> str:
    """The line of a dead broker's log that tells most, the last line if none stands out."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
        lines = [line for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    for pattern in _TELLING:
        if found := [match[1] for line in lines if (match := pattern.match(line))]:
            return found[-1][:_LINE_LENGTH]
    return lines[-1].strip()[:_LINE_LENGTH] if lines else "it said nothing"
