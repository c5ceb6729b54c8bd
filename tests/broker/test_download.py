"""The fetch against a Maven repository of two files on loopback: jgo, sockets, file lock and hashes are all real."""

import functools
import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.broker.download import fetch_jars, jars_dir
from pipeline.broker.jars import Jar, JarLock
from pipeline.errors import UsageError

CONTENTS = {"kafka_2.13": b"the broker", "other": b"a library"}
JARS = tuple(
    Jar("org.example", name, "4.4.0", len(content), hashlib.sha256(content).hexdigest())
    for name, content in CONTENTS.items()
)
LOCK = JarLock(JARS, digest="0123456789abcdef0123")


class Repository(ThreadingHTTPServer):
    """A Maven repository in a directory that counts what is asked of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(root)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(SimpleHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        self.server.asked.append(self.path.rsplit("/", 1)[-1])
        super().do_GET()

    def log_message(self, *_args: object) -> None:  # the tests' output is no place for it
        pass


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    fill(tmp_path / "repository")
    with Repository(tmp_path / "repository") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fill(root: Path, *, flat: bool = False) -> None:
    for jar in JARS:
        file = root / (jar.name if flat else jar.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(CONTENTS[jar.artifact])


def environment(cache: Path, repository: Repository | None = None) -> dict[str, str]:
    # Port 1 of loopback: nobody listens, as on a machine without a network.
    url = repository.url if repository else "http://127.0.0.1:1"
    return {"CLAIMWIRE_KAFKA_JARS": str(cache), "CLAIMWIRE_MAVEN_REPOSITORY": url}


def test_the_first_fetch_says_what_it_does_and_the_second_asks_nobody(tmp_path: Path, repository: Repository) -> None:
    lines: list[str] = []
    cache = tmp_path / "cache"
    paths = fetch_jars(environment(cache, repository), progress=lines.append, lock=LOCK)
    assert [path.read_bytes() for path in paths] == list(CONTENTS.values())
    assert lines == [f"Fetching Apache Kafka 4.4.0 (2 jars, 0.0 MB, once) into {cache}"]
    asked = len(repository.asked)
    assert fetch_jars(environment(cache, repository), progress=lines.append, lock=LOCK) == paths
    assert (len(repository.asked), len(lines)) == (asked, 1)


def test_only_what_is_damaged_is_fetched_again(tmp_path: Path, repository: Repository) -> None:
    cache = tmp_path / "cache"
    broken, _ = fetch_jars(environment(cache, repository), lock=LOCK)
    broken.write_bytes(b"PK")
    repository.asked.clear()
    fetch_jars(environment(cache, repository), lock=LOCK)
    assert broken.read_bytes() == CONTENTS["kafka_2.13"]
    assert "other-4.4.0.jar" not in repository.asked


def test_an_install_finds_a_jar_that_was_exchanged_for_one_of_its_length(
    tmp_path: Path, repository: Repository
) -> None:
    cache = tmp_path / "cache"
    exchanged, _ = fetch_jars(environment(cache, repository), lock=LOCK)
    exchanged.write_bytes(b"x" * len(CONTENTS["kafka_2.13"]))
    fetch_jars(environment(cache, repository), lock=LOCK, verify=True)
    assert exchanged.read_bytes() == CONTENTS["kafka_2.13"]


def test_wrong_content_is_tried_twice_and_never_used(tmp_path: Path, repository: Repository) -> None:
    (repository.root / JARS[1].path).write_bytes(b"A LIBRARY")
    with pytest.raises(UsageError, match=r"other-4\.4\.0\.jar \(its content is not the pinned one\)"):
        fetch_jars(environment(tmp_path / "cache", repository), lock=LOCK)
    assert repository.asked.count("other-4.4.0.jar") == 2
    assert not list((tmp_path / "cache").glob(".verified-*"))


def test_a_file_that_the_repository_lacks_is_named(tmp_path: Path, repository: Repository) -> None:
    (repository.root / JARS[1].path).unlink()
    with pytest.raises(UsageError, match=r"1 of 2 jars .* other-4\.4\.0\.jar \(not found in the repository\)"):
        fetch_jars(environment(tmp_path / "cache", repository), lock=LOCK)


def test_without_a_network_one_line_says_what_where_and_three_ways_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        fetch_jars(environment(tmp_path / "cache"), lock=LOCK)
    line = str(caught.value)
    assert "\n" not in line
    for part in (
        "2 of 2 jars",
        "no connection",
        str(tmp_path / "cache"),
        "HTTPS_PROXY",
        "--bootstrap",
        "CLAIMWIRE_KAFKA_JARS=DIR",
    ):
        assert part in line


@pytest.mark.parametrize("flat", [True, False])
def test_a_directory_that_has_the_jars_needs_no_network(tmp_path: Path, *, flat: bool) -> None:
    fill(tmp_path / "copied", flat=flat)
    paths = fetch_jars(environment(tmp_path / "copied"), lock=LOCK)
    assert [path.read_bytes() for path in paths] == list(CONTENTS.values())


def test_many_at_once_fetch_each_jar_once(tmp_path: Path, repository: Repository) -> None:
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(fetch_jars, environment(tmp_path / "cache", repository), lock=LOCK) for _ in range(4)]
        assert len({tuple(call.result()) for call in calls}) == 1
    assert repository.asked.count("other-4.4.0.jar") == 1


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match=r"cannot be written to .*/file/jars .*set CLAIMWIRE_KAFKA_JARS"):
        fetch_jars(environment(tmp_path / "file" / "jars"), lock=LOCK)


def test_the_users_cache_is_the_place_if_none_is_chosen() -> None:
    assert jars_dir({}).parts[-2:] == ("claimwire", "kafka")
    assert jars_dir({"CLAIMWIRE_KAFKA_JARS": "~/jars"}) == Path.home() / "jars"
