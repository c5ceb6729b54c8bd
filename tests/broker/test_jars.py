import hashlib
from pathlib import Path

import pytest

from pipeline.broker.jars import Jar, damaged, is_intact, locate, parse_lock, pinned_jars

CONTENT = b"a jar"
JAR = Jar("org.example.deep", "thing", "1.2", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def write(path: Path, content: bytes = CONTENT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_the_shipped_lock_pins_one_whole_kafka() -> None:
    lock = pinned_jars()
    assert len(lock.jars) == 46
    assert lock.size == sum(jar.size for jar in lock.jars) > 44_000_000
    assert {jar.version for jar in lock.jars if jar.group == "org.apache.kafka"} == {lock.kafka_version}
    assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in lock.jars)
    assert len({jar.name for jar in lock.jars}) == len(lock.jars)  # a flat directory can hold them all


def test_a_line_of_the_lock_becomes_a_jar() -> None:
    (jar,) = parse_lock(f"\norg.example.deep:thing:1.2 {len(CONTENT)} {JAR.sha256}\n").jars
    assert jar == JAR
    assert jar.path == Path("org/example/deep/thing/1.2/thing-1.2.jar")


@pytest.mark.parametrize(
    "line", ["org.example:thing:1.2", "org.example:thing 3 abc", "org.example:thing:1.2 three abc"]
)
def test_a_broken_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"values to unpack|invalid literal"):
        parse_lock(line)


def test_another_lock_has_another_digest() -> None:
    line = "org.example:thing:1.2 3 abc\n"
    assert parse_lock(line).digest == parse_lock(line).digest != parse_lock(line * 2).digest


def test_a_jar_is_found_in_a_repository_and_in_a_flat_directory(tmp_path: Path) -> None:
    in_repository = write(tmp_path / "repository" / JAR.path)
    in_flat = write(tmp_path / "flat" / JAR.name)
    assert locate(JAR, tmp_path / "repository") == in_repository
    assert locate(JAR, tmp_path / "flat") == in_flat


@pytest.mark.parametrize("content", [b"", b"a ja", b"A jar", b"a jar and more"])
def test_any_other_content_is_damaged(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / JAR.path, content)
    assert not is_intact(JAR, tmp_path)
    assert damaged([JAR], tmp_path) == [JAR]


def test_the_pinned_content_is_intact_and_a_missing_file_is_not(tmp_path: Path) -> None:
    assert damaged([JAR], tmp_path) == [JAR]
    write(tmp_path / JAR.path)
    assert damaged([JAR], tmp_path) == []
