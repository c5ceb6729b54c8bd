"""Whatever is installed is pinned by hash, and no lock names a host."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ["requirements.lock", "config/install.lock"]


def requirements(lock: str) -> list[str]:
    """Each requirement of a lock in one line, with its hashes."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_a_version_and_a_hash(lock: str) -> None:
    lines = requirements(lock)
    assert lines
    assert [line for line in lines if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


@pytest.mark.parametrize("lock", [*LOCKS, "pipeline/broker/kafka-jars.lock"])
def test_no_lock_names_a_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile", ".ci/run"])
def test_every_install_checks_hashes(file: str) -> None:
    text = (ROOT / file).read_text().replace("\\\n", " ")
    installs = [line for line in text.splitlines() if re.search(r"\bpip install\b", line)]
    assert installs or file == ".ci/run"
    # claimwire itself is the code here; it is built by what is installed already.
    own = r"--no-deps (--no-build-isolation -e \.|/tmp/dist/\*\.whl)"
    assert [line for line in installs if "--require-hashes" not in line and not re.search(own, line)] == []


def test_the_build_backend_is_the_pinned_one() -> None:
    wanted = re.search(r'requires = \["(hatchling==[\d.]+)"\]', (ROOT / "pyproject.toml").read_text())
    assert wanted
    assert any(line.startswith(f"{wanted[1]} ") for line in requirements("config/install.lock"))
