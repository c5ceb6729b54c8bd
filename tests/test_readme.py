"""Every command of README.md is run, in its order, on a real Kafka."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import write_commands
from waiting import wait_until

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
SHELL = [block for language, block in BLOCKS if language == "sh"]
PYTHON = [block for language, block in BLOCKS if language == "python"]
MAKE = [block for block in SHELL if block.startswith("make ")]
UP = [block for block in SHELL if block.startswith("claimwire up")]
DOCKER = [block for block in SHELL if block.startswith("docker ")]  # run by tests/docker
COMMANDS = [block for block in SHELL if block not in MAKE + UP + DOCKER]

ADDRESS = "127.0.0.1:9092"


def name(block: str) -> str:
    return block.split("\n", 1)[0][:40]


class Place:
    """A folder with the files that the README speaks of, and an environment in which its commands work as written."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        own = {key: value for key, value in os.environ.items() if not key.startswith(("CLAIMWIRE_KAFKA_", "KAFKA_"))}
        scripts = str(Path(sys.executable).parent)
        self.environ = {**own, "KAFKA_BOOTSTRAP_SERVERS": address, "PATH": f"{scripts}{os.pathsep}{own['PATH']}"}
        (folder / "articles").mkdir()
        (folder / "article.txt").write_text("The mine closed in 2019 after 40 years, Jane Smith told Parliament.\n")
        (folder / "articles" / "b.jsonl").write_text('{"text":"NATO has 29 members."}\n{"text":"Two."}\n')
        (folder / "feed.xml").write_text(
            '<rss version="2.0"><channel><title>Post</title><item><title>Bridge</title>'
            "<description>The bridge cost 3 million euros in 2019.</description></item></channel></rss>"
        )
        (folder / "ninjs-item.json").write_text(
            '{"uri":"urn:x:1","headline":"Vote",\n"body_text":"They voted 31 to 14."}'
        )

    def run(self, block: str, *interpreter: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*interpreter, block.replace(ADDRESS, self.address)],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def place(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The README's own `claimwire up`, on the tests' Kafka; `news.articles` without a prefix belongs to this module."""
    place = Place(tmp_path_factory.mktemp("readme"), kafka)
    log = place.folder / "up.log"
    with log.open("wb") as output:
        up = subprocess.Popen(["bash", "-c", f"exec {UP[0]}"], cwd=place.folder, env=place.environ, stderr=output)
        try:
            # "In another terminal": once `up` says how to push, its topics are there.
            wait_until(lambda: "claimwire push" in log.read_text() or up.poll() is not None, says=log.read_text)
            assert up.poll() is None, log.read_text()
            yield place
        finally:
            up.send_signal(signal.SIGTERM)
            assert up.wait(30) == 0, log.read_text()


def test_the_readme_has_what_is_tested_here() -> None:
    assert len(UP) == 1
    assert MAKE
    assert DOCKER
    assert PYTHON
    assert any("kcat" in block for block in COMMANDS)


@pytest.mark.parametrize("block", MAKE, ids=name)
def test_make_knows_its_target(block: str) -> None:
    result = subprocess.run(["make", "-n", *block.split()[1:]], cwd=ROOT, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()


@pytest.mark.parametrize("block", COMMANDS, ids=name)
def test_a_command_does_what_the_readme_says(place: Place, block: str) -> None:
    if "kcat" in block and not shutil.which("kcat"):
        if os.environ.get("REQUIRE_KAFKA") == "1":
            pytest.fail("REQUIRE_KAFKA=1 and kcat is not installed (Debian: apt install kcat)")
        pytest.skip("kcat is not installed (Debian: apt install kcat)")
    result = place.run(block, "bash", "-euo", "pipefail", "-c")
    assert result.returncode == 0, result.stderr
    assert result.stdout or ">" in block


@pytest.mark.parametrize("block", PYTHON, ids=name)
def test_the_python_example_prints_a_claim(place: Place, block: str) -> None:
    result = place.run(block, sys.executable, "-c")
    assert result.returncode == 0, result.stderr
    assert re.match(r"[01]\.\d+[ ,]", result.stdout)


def test_the_list_of_commands_is_what_the_program_says_of_itself() -> None:
    """Else: python tests/write_commands.py."""
    assert len(write_commands.table().splitlines()) >= 24
    assert write_commands.FILE.read_text(encoding="utf-8") == write_commands.written()


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
