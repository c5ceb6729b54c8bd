"""The broker's data directory: who may use it, which Kafka wrote it, how its identity is kept. No Java, no network."""

import base64
import fcntl
import json
import os
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_data_path

from pipeline.broker.properties import log_dir, metadata_dir
from pipeline.errors import UsageError

_FREE_BYTES = 64 * 1024 * 1024  # a fresh Kafka takes 1 MB on disk; below this the first articles would fail
_ORPHAN_WAIT_S = 25.0  # a killed owner's broker needs at most 20 s to stop
_POLL_S = 0.1


def default_data_dir() -> Path:
    """Where an embedded Kafka keeps its data if nobody says otherwise: the user's data directory."""
    return user_data_path("claimwire", appauthor=False) / "kafka"


@dataclass(frozen=True)
class Owner:
    """Who holds a data directory: the process that started the broker, the broker's own pid, and its port."""

    owner: int
    pid: int | None = None
    port: int | None = None


@dataclass(frozen=True)
class BrokerState:
    """What stays true for a data directory: the newest Kafka that wrote it, and the cluster's identity."""

    kafka_version: str
    cluster_id: str


def claim(data_dir: Path, *, orphan_wait_s: float = _ORPHAN_WAIT_S) -> int:
    """Create the directory, lock it for one broker, and return the lock's file descriptor.

    The broker inherits the lock, so it outlasts a killed owner until its broker is gone; that is waited for.

    Raises:
        UsageError: another broker runs on it, or it cannot be written.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock_fd = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise cannot_write(data_dir, error) from error
    try:
        _lock(lock_fd, data_dir, time.monotonic() + orphan_wait_s)
        _check_free_space(data_dir)
        record_owner(lock_fd, Owner(owner=os.getpid()))
    except OSError as error:
        release(lock_fd)
        raise cannot_write(data_dir, error) from error
    except BaseException:
        release(lock_fd)
        raise
    return lock_fd


def cannot_write(data_dir: Path, error: OSError) -> UsageError:
    """The line for a directory that refuses a file: permissions, a full disk, a file in its path."""
    return UsageError(
        f"The embedded Kafka cannot write to its data directory {data_dir} ({error.strerror}): "
        "free it, or choose another data directory."
    )


def release(lock_fd: int) -> None:
    """Return the directory back, also for a forked child that still has the descriptor."""
    fcntl.flock(lock_fd, fcntl.LOCK_UN)
    os.close(lock_fd)


def _lock(lock_fd: int, data_dir: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _read_owner(lock_fd)
            if _is_alive(owner) or time.monotonic() > deadline:
                raise UsageError(_already_running(data_dir, owner)) from None
            time.sleep(_POLL_S)
        except OSError as error:
            raise UsageError(
                f"The data directory {data_dir} cannot be locked ({error.strerror}): choose one on a local disk."
            ) from error
        else:
            return


def _already_running(data_dir: Path, owner: Owner | None) -> str:
    if owner is None or owner.pid is None:
        return f"Another embedded Kafka starts or stops on {data_dir}: wait for it, or choose another data directory."
    return (
        f"An embedded Kafka already runs on {data_dir} (pid {owner.pid}, port {owner.port}, started by process "
        f"{owner.owner}): use it with --bootstrap 127.0.0.1:{owner.port}, stop it, or choose another data directory."
    )


def _is_alive(owner: Owner | None) -> bool:
    """Whether the process that started the broker still runs. An owner that is not written yet has only just begun."""
    if owner is None:
        return True
    try:
        os.kill(owner.owner, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's process, so it exists
        return True
    return True


def record_owner(lock_fd: int, owner: Owner) -> None:
    """Write into the lock file who holds it, for those who come second."""
    os.ftruncate(lock_fd, 0)
    os.pwrite(lock_fd, json.dumps(asdict(owner)).encode(), 0)


def _read_owner(lock_fd: int) -> Owner | None:
    try:
        return Owner(**json.loads(os.pread(lock_fd, 4096, 0)))
    except (ValueError, TypeError):
        return None


def _check_free_space(data_dir: Path, *, need_bytes: int = _FREE_BYTES) -> None:
    free = shutil.disk_usage(data_dir).free
    if free < need_bytes:
        raise UsageError(
            f"The disk of {data_dir} has {free / 1e6:.0f} MB free and the embedded Kafka needs {need_bytes / 1e6:.0f}: "
            "free some space or choose another data directory."
        )


def load_state(data_dir: Path, kafka_version: str) -> BrokerState:
    """Read the state, or make the state of a new directory.

    Raises:
        UsageError: a newer Kafka wrote the directory (an older one dies on it in obscure ways), or the file is damaged.
    """
    file = _state_file(data_dir)
    if not file.exists():
        return BrokerState(kafka_version, _new_cluster_id())
    try:
        state = BrokerState(**json.loads(file.read_text(encoding="utf-8")))
        is_newer = _as_numbers(state.kafka_version) > _as_numbers(kafka_version)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{file} is damaged ({error}): choose another data directory, or delete this one.") from error
    if is_newer:
        raise UsageError(
            f"The data in {data_dir} were written by Kafka {state.kafka_version} and this claimwire brings the older "
            f"{kafka_version}: upgrade claimwire or choose another data directory."
        )
    return state


def save_state(data_dir: Path, state: BrokerState) -> None:
    """Write the state in one step: a crash leaves the former file or the new one."""
    file = _state_file(data_dir)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(asdict(state)) + "\n", encoding="utf-8")
    new.replace(file)


def is_formatted(data_dir: Path) -> bool:
    """Whether Kafka's format tool has been through, to its end, in both of its directories."""
    return all((directory / "meta.properties").exists() for directory in (log_dir(data_dir), metadata_dir(data_dir)))


def _state_file(data_dir: Path) -> Path:
    return data_dir / "state.json"


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _new_cluster_id() -> str:
    """Kafka's form of a UUID: 16 random bytes as URL-safe base64; a leading ``-`` would look like an option."""
    while (cluster_id := base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()).startswith("-"):
        pass
    return cluster_id
