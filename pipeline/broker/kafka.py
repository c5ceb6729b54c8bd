"""The embedded Kafka: from a data directory to the address of a real broker, a child of this process.

Data and committed offsets stay in the directory from one start to the next, also after a kill -9.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pipeline.broker import data_dir as directory
from pipeline.broker import java_guard
from pipeline.broker.command import broker_command, class_path_file, format_command
from pipeline.broker.download import FetchProgress, fetch_jars
from pipeline.broker.jars import pinned_jars
from pipeline.broker.java import Java, find_java
from pipeline.broker.log_file import begin_log, telling_line
from pipeline.broker.ports import pick_free, require_free
from pipeline.broker.probe import is_ready
from pipeline.broker.properties import HOST, server_properties
from pipeline.errors import FatalError, UsageError

if TYPE_CHECKING:
    from typing_extensions import Self  # of the standard library from Python 3.11 on

_START_TIMEOUT_S = 90.0  # after a kill -9 with much data it recovers its log first
_FORMAT_TIMEOUT_S = 90.0
_STOP_TIMEOUT_S = 20.0
_POLL_S = 0.05


class EmbeddedKafka:
    """A Kafka broker on 127.0.0.1, running while the ``with`` block does.

    It never outlives this process, whatever ends it. It runs in a session of its own: Ctrl-C reaches this process only,
    which can close its clients first and the broker last.

    Args:
        data_dir: where the records are kept; one broker at a time.
        environ: read for ``CLAIMWIRE_JAVA``, ``JAVA_HOME``, ``PATH``, ``CLAIMWIRE_KAFKA_JARS`` and
            ``CLAIMWIRE_MAVEN_REPOSITORY``.
        port: where to listen; a free one if not given. It may differ from start to start.
        progress: called with one line before each step that takes seconds.
        properties: of Kafka, further ones, such as listeners with TLS and passwords beside the one without.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        environ: Mapping[str, str],
        port: int | None = None,
        progress: FetchProgress = lambda _line: None,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._environ = environ
        self._wanted_port = port
        self._progress = progress
        self._properties = properties
        self._port: int | None = None
        self._lock_fd: int | None = None
        self._guard: subprocess.Popen[str] | None = None
        self._pid: int | None = None

    @property
    def port(self) -> int:
        """The port of the running broker."""
        if self._port is None:
            raise RuntimeError("the embedded Kafka has not been started")
        return self._port

    @property
    def bootstrap(self) -> str:
        """The address for clients, ``127.0.0.1:PORT``."""
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of Java."""
        if self._pid is None:
            raise RuntimeError("the embedded Kafka has not been started")
        return self._pid

    @property
    def log_file(self) -> Path:
        """Kafka's own log of this start (warnings and errors)."""
        return self.data_dir / "kafka.log"

    def __enter__(self) -> "Self":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the broker and return when it answers. The first start fetches Kafka and formats the directory.

        Raises:
            UsageError: there is no Java, no Kafka and no network, no free port, no room, another broker on the same
                directory, or the broker died; each with what to do.
        """
        if self._guard is not None:
            raise RuntimeError("the embedded Kafka has been started already")
        java = find_java(self._environ)
        jars = fetch_jars(self._environ, progress=self._progress)
        self._lock_fd = directory.claim(self.data_dir)
        try:
            self._start_claimed(java, jars)
        except BaseException:
            self.stop()
            raise

    def _start_claimed(self, java: Java, jars: list[Path]) -> None:
        version = pinned_jars().kafka_version
        port = pick_free() if self._wanted_port is None else require_free(self._wanted_port)
        try:
            state = directory.load_state(self.data_dir, version)
            properties = self._write_properties(port)
            class_path = class_path_file(self.data_dir, jars)
            log = begin_log(self.data_dir)
            directory.save_state(self.data_dir, directory.BrokerState(version, state.cluster_id))
            temporary = self._fresh_temporary_directory()
        except OSError as error:
            raise directory.cannot_write(self.data_dir, error) from error
        self._progress(f"Starting Apache Kafka {version} on {HOST}:{port}")
        if not directory.is_formatted(self.data_dir):
            self._format(format_command(java, class_path, properties=properties, cluster_id=state.cluster_id))
        self._run(broker_command(java, class_path, properties=properties, log=log, temporary=temporary))
        self._port = port
        self._await_ready()

    def _write_properties(self, port: int) -> Path:
        controller_port = pick_free(taken=frozenset({port}))
        text = server_properties(self.data_dir, port=port, controller_port=controller_port, more=self._properties)
        file = self.data_dir / "server.properties"
        file.write_text(text, encoding="ascii")
        return file

    def _fresh_temporary_directory(self) -> Path:
        temporary = self.data_dir / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(exist_ok=True)
        return temporary

    def _format(self, command: list[str]) -> None:
        with self.log_file.open("ab") as log:
            try:
                result = subprocess.run(  # noqa: S603  (our own command line)
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=_java_environment(),
                    pass_fds=(self._held_lock(),),  # should this process be killed meanwhile, nobody else may format
                    start_new_session=True,
                    timeout=_FORMAT_TIMEOUT_S,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise UsageError(self._failure(f"was not formatted within {_FORMAT_TIMEOUT_S:.0f} s")) from error
        if result.returncode != 0:
            raise UsageError(self._failure("could not be formatted"))

    def _run(self, command: list[str]) -> None:
        """Start the guard, and through it Java."""
        lock_fd = self._held_lock()
        orders = [str(os.getpid()), str(lock_fd), str(_STOP_TIMEOUT_S)]
        with self.log_file.open("ab") as log:
            self._guard = subprocess.Popen(  # noqa: S603  (our own command line)
                [sys.executable, "-I", "-S", java_guard.__file__, *orders, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self.data_dir,  # where a crashing JVM leaves its report
                env=_java_environment(),
                pass_fds=(lock_fd,),
                start_new_session=True,
            )
        answer = self._guard.stdout.readline().strip() if self._guard.stdout else ""
        if not answer.isdigit():
            raise UsageError(f"Java could not be started ({answer or telling_line(self.log_file)}).")
        self._pid = int(answer)

    def _await_ready(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not is_ready(HOST, self.port):
            if self._guard is None or self._guard.poll() is not None:
                raise UsageError(self._failure("died while starting"))
            if time.monotonic() > deadline:
                raise UsageError(self._failure(f"did not answer within {_START_TIMEOUT_S:.0f} s"))
            time.sleep(_POLL_S)
        directory.record_owner(self._held_lock(), directory.Owner(owner=os.getpid(), pid=self.pid, port=self.port))

    def wait(self) -> None:
        """Block while the broker runs: until Ctrl-C, another exception of a signal handler, or ``stop`` in a thread.

        Raises:
            FatalError: the broker ended without being asked to.
        """
        if self._guard is None:
            raise RuntimeError("the embedded Kafka has not been started")
        self._guard.wait()
        if self._guard is not None:
            raise FatalError(self._failure("ended by itself"))

    def stop(self) -> None:
        """Stop the broker in good order (under a second; killed after 20 s) and give back the data directory."""
        running, self._guard = self._guard, None
        if running is not None:
            _end(running)
        if self._lock_fd is not None:
            directory.release(self._lock_fd)
            self._lock_fd = None
        self._pid = self._port = None

    def _held_lock(self) -> int:
        if self._lock_fd is None:
            raise RuntimeError("the data directory is not claimed")
        return self._lock_fd

    def _failure(self, what: str) -> str:
        line = telling_line(self.log_file)
        if "No space left on device" in line:
            return f"The disk of {self.data_dir} is full: free some space or choose another data directory."
        return f"The embedded Kafka {what}: {line} (more in {self.log_file})"


def _end(process: "subprocess.Popen[str]") -> None:
    """Close the pipe that the guard watches, and wait until it has seen the broker end."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(_STOP_TIMEOUT_S + 5)
    except subprocess.TimeoutExpired:
        process.kill()  # the kernel kills Java with it
        process.wait()


def _java_environment() -> dict[str, str]:
    """This process's environment, with a locale in which Java can open every path."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}
