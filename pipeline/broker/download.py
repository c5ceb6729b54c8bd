"""Brings the pinned jars to this machine, once: from a Maven repository to a verified directory.

jgo is used as a downloader of single files and nothing more. Its resolver mixes Kafka versions on these coordinates,
and its downloads are not safe against other processes, cut connections or wrong content; so one file lock covers the
whole fetch, and every file is checked against the pinned size and SHA-256.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from pipeline.broker.jars import Jar, JarLock, damaged, has_size, is_intact, locate, pinned_jars
from pipeline.errors import UsageError

FetchProgress = Callable[[str], None]

_THREADS = 8
_HTTP_TIMEOUT_S = 30
_OTHER_FETCH_TIMEOUT_S = 600  # another process is fetching the same jars: a slow line's time for 45 MB
_WORDS = {
    "ConnectionError": "no connection",
    "ConnectTimeout": "no connection",
    "ReadTimeout": "no answer",
    "ProxyError": "no connection to the proxy",
    "SSLError": "its TLS certificate is not trusted",
}
_ATTEMPTS = 2  # a broken download is tried once more, from nothing


def jars_dir(environ: Mapping[str, str]) -> Path:
    """Where the jars are kept: ``CLAIMWIRE_KAFKA_JARS``, else the user's cache directory."""
    if chosen := environ.get("CLAIMWIRE_KAFKA_JARS"):
        return Path(chosen).expanduser().absolute()
    return user_cache_path("claimwire", appauthor=False) / "kafka"


def fetch_jars(
    environ: Mapping[str, str],
    *,
    progress: FetchProgress = lambda _line: None,
    lock: JarLock | None = None,
    verify: bool = False,
) -> list[Path]:
    """Make sure that all jars are here and intact, and return their paths, in the order of the lock.

    Each jar's SHA-256 is checked when it is fetched, and with ``verify`` always. Without, a start costs 46 calls of
    ``stat``: a marker with the lock's hash says that all were verified once.

    Args:
        environ: ``CLAIMWIRE_KAFKA_JARS`` names a directory with the jars (a flat one or a Maven repository), used
            instead of the cache; ``CLAIMWIRE_MAVEN_REPOSITORY`` names a mirror to fetch from, by its URL.
        progress: called with one line before a download starts.
        lock: the jars to fetch, the pinned ones if not given.
        verify: check the content of every jar, as an install does.

    Raises:
        UsageError: the jars cannot be fetched or written.
    """
    lock = lock or pinned_jars()
    directory = jars_dir(environ)
    marker = directory / f".verified-{lock.digest[:16]}"
    if verify or not (marker.exists() and all(has_size(jar, directory) for jar in lock.jars)):
        _complete(lock, directory, marker, environ.get("CLAIMWIRE_MAVEN_REPOSITORY"), progress)
    return [locate(jar, directory) for jar in lock.jars]


def _complete(lock: JarLock, directory: Path, marker: Path, mirror: str | None, progress: FetchProgress) -> None:
    """Verify what is there and fetch the rest. A complete directory may be read-only."""
    if directory.is_dir() and not damaged(lock.jars, directory):
        _try_to_mark(marker)
        return
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with FileLock(directory / ".lock", timeout=_OTHER_FETCH_TIMEOUT_S):
            missing = damaged(lock.jars, directory)  # another process may have been faster
            if missing:
                megabytes = sum(jar.size for jar in missing) / 1e6
                progress(
                    f"Fetching Apache Kafka {lock.kafka_version} ({len(missing)} jars, {megabytes:.1f} MB, once) "
                    f"into {directory}"
                )
                _download_verified(missing, lock, directory, mirror)
            marker.touch()
    except Timeout as error:
        raise UsageError(
            f"Another process has been fetching Kafka's jars into {directory} for {_OTHER_FETCH_TIMEOUT_S} s: "
            "end it and try again."
        ) from error
    except OSError as error:
        raise UsageError(
            f"Kafka's jars cannot be written to {directory} ({error.strerror or error}): "
            "set CLAIMWIRE_KAFKA_JARS to a directory that you can write to."
        ) from error


def _try_to_mark(marker: Path) -> None:
    try:
        marker.touch()
    except OSError:
        return  # read-only: the contents are verified at each start, about 0.2 s


def _download_verified(missing: Iterable[Jar], lock: JarLock, directory: Path, mirror: str | None) -> None:
    bad = list(missing)
    for _ in range(_ATTEMPTS):
        for jar in bad:
            locate(jar, directory).unlink(missing_ok=True)  # jgo takes any file that exists for the right one
        cause = _download(bad, directory, mirror)
        bad = [jar for jar in bad if not is_intact(jar, directory)]
        if not bad:
            return
    raise UsageError(
        f"Apache Kafka {lock.kafka_version} is not complete: {len(bad)} of {len(lock.jars)} jars "
        f"({lock.size / 1e6:.1f} MB in all, needed once) could not be fetched into {directory}, "
        f"the first is {bad[0].name} ({cause or 'its content is not the pinned one'}). "
        "Three ways out: a network or a proxy (HTTPS_PROXY; CLAIMWIRE_MAVEN_REPOSITORY for a mirror); "
        "--bootstrap HOST:PORT of a Kafka that runs already; "
        "CLAIMWIRE_KAFKA_JARS=DIR with the jars copied from another machine."
    )


def _download(jars: Iterable[Jar], directory: Path, mirror: str | None) -> str | None:
    """Fetch each jar into its Maven path; return in a few words why the first that failed did, None if none failed."""
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415  (an extra; needed at the first start only)
        from requests import RequestException  # noqa: PLC0415
    except ModuleNotFoundError:
        return "the downloader is not installed: pip install 'claimwire[embedded]'"
    context = MavenContext(
        repo_cache=directory, remote_repos={"mirror": mirror.rstrip("/")} if mirror else None, timeout=_HTTP_TIMEOUT_S
    )

    def download(jar: Jar) -> str | None:
        try:
            context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
        except (RequestException, RuntimeError, OSError) as error:
            return _in_few_words(error)
        return None

    with ThreadPoolExecutor(_THREADS, thread_name_prefix="kafka-jars") as threads:
        return next(filter(None, threads.map(download, jars)), None)


def _in_few_words(error: Exception) -> str:
    """The type of a network error says more than its text, which is a nest of reprs with addresses in it."""
    if isinstance(error, RuntimeError):
        return "not found in the repository"
    name = type(error).__name__
    return _WORDS.get(name, name)
