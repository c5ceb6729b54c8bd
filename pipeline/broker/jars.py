"""The pinned jars of Apache Kafka: from ``kafka-jars.lock`` and a directory to the files of a class path, verified.

The version is 4.2 on purpose. From 4.3 on (seen in 4.3.1 and 4.4.0) the metadata cache takes a partition that has no
leader just now for one that does not exist (``KRaftMetadataCache.getPartitionLeaderEndpoint``), and the transaction
coordinator leaves out its marker. A single broker that is killed loses the end of a transaction by that: outputs that
are never seen, or committed offsets that stay pending for ever. 4.2 keeps the marker until the leader is back.
Before going to another version, run ``claimwire chaos --faults broker=10,kill=2`` with several seeds.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LOCK_FILE = Path(__file__).with_name("kafka-jars.lock")


@dataclass(frozen=True)
class Jar:
    """One pinned file: its Maven coordinates, its size in bytes and the SHA-256 of its content."""

    group: str
    artifact: str
    version: str
    size: int
    sha256: str

    @property
    def path(self) -> Path:
        """Where a Maven repository keeps it, relative to the repository's root."""
        return Path(*self.group.split("."), self.artifact, self.version, self.name)

    @property
    def name(self) -> str:
        """Its file name."""
        return f"{self.artifact}-{self.version}.jar"


@dataclass(frozen=True)
class JarLock:
    """All jars of one Kafka, and the hash of the lock file that pins them."""

    jars: tuple[Jar, ...]
    digest: str

    @property
    def kafka_version(self) -> str:
        """The version of the broker, such as ``4.2.2``."""
        return next(jar.version for jar in self.jars if jar.artifact.startswith("kafka_"))

    @property
    def size(self) -> int:
        """Bytes of all jars together."""
        return sum(jar.size for jar in self.jars)


@cache
def pinned_jars() -> JarLock:
    """The jars that this claimwire runs."""
    return parse_lock(LOCK_FILE.read_text(encoding="utf-8"))


def parse_lock(text: str) -> JarLock:
    """Read lines of ``group:artifact:version size sha256``.

    Raises:
        ValueError: a line has another shape.
    """
    return JarLock(
        jars=tuple(_parse_line(line) for line in text.splitlines() if line.strip()),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _parse_line(line: str) -> Jar:
    coordinates, size, sha256 = line.split()
    group, artifact, version = coordinates.split(":")
    return Jar(group=group, artifact=artifact, version=version, size=int(size), sha256=sha256)


def locate(jar: Jar, directory: Path) -> Path:
    """The place of a jar: as in a Maven repository, or directly in the directory if that is where it lies."""
    flat = directory / jar.name
    return flat if flat.is_file() else directory / jar.path


def has_size(jar: Jar, directory: Path) -> bool:
    """Whether the file is there in its full length: the cheap check of every start."""
    try:
        return locate(jar, directory).stat().st_size == jar.size
    except OSError:
        return False


def is_intact(jar: Jar, directory: Path) -> bool:
    """Whether the file is there and has the pinned content."""
    return has_size(jar, directory) and _sha256(locate(jar, directory)) == jar.sha256


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def damaged(jars: Iterable[Jar], directory: Path) -> list[Jar]:
    """Those of the jars that are missing or have another content than the pinned one."""
    return [jar for jar in jars if not is_intact(jar, directory)]
