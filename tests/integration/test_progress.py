"""Progress of what takes long, on a real broker: on a terminal only, and never among the results."""

import sys
from collections.abc import Sequence

import orjson
import pytest
from commands import Cli, new_cli
from terminal import on_terminal

COMMANDS = (["audit"], ["status", "--count"], ["rejected", "list"], ["rejected", "replay", "--yes"])


@pytest.fixture(scope="module")
def cli(kafka: str) -> Cli:
    cli = new_cli(kafka)
    cli.json("push", "-", stdin=b'{"text":"One."}\n' * 50)
    return cli


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_on_a_terminal_it_says_how_many_how_fast_and_how_long_it_takes(cli: Cli, command: Sequence[str]) -> None:
    found = on_terminal([sys.executable, "-m", "pipeline", *command, "--json"], cli.environ)
    assert "records read: " in found.terminal
    assert "/s" in found.terminal
    assert "left" in found.terminal
    assert found.code == 0
    assert all(orjson.loads(line) for line in found.out.splitlines())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_elsewhere_it_is_silent(cli: Cli, command: Sequence[str]) -> None:
    assert b"records read" not in cli.run(*command).stderr
