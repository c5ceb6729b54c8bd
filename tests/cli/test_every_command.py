"""What holds for every command, whatever it does."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from terminal import on_terminal

from pipeline.broker.ports import pick_free
from pipeline.cli import main
from pipeline.cli.app import command, leaves
from pipeline.cli.examples import EXAMPLES

COMMAND = [sys.executable, "-m", "pipeline"]
WHOLE = command()
LEAVES: dict[str, Any] = dict(leaves(WHOLE))
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("CLAIMWIRE_", "KAFKA_", "NO_COLOR"))}

# What a command must be told before it begins to wait for Kafka, and those that Ctrl-C is the normal end of.
ARGUMENTS = {"push": [__file__], "rejected show": ["0/0"]}
ENDS = {"up": 0, "web": 0}
OWN_KAFKA = ("demo", "broker", "chaos", "bench")
WITHOUT_KAFKA = (*OWN_KAFKA, "train", "schema", "enrich", "evaluate")
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3\d|9\d)(?:;\d+)*m")


def calls(example: str) -> list[list[str]]:
    """The calls of claimwire in a line as people type it, without the program's own name."""
    parts = [shlex.split(part) for part in re.split(r"[|>]", example)]
    return [part[1:] for part in parts if part[:1] == ["claimwire"]]


def test_every_command_has_examples_and_every_example_a_command() -> None:
    assert EXAMPLES.keys() == LEAVES.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_a_call_that_the_program_understands(name: str) -> None:
    for example in EXAMPLES[name]:
        found = calls(example)
        assert found, example
        for arguments in found:
            words = name.split()
            assert arguments[: len(words)] == words
            LEAVES[name].make_context(name, arguments[len(words) :])  # raises where it would not


@pytest.mark.parametrize("name", LEAVES)
def test_help_tells_what_it_is_for_with_examples(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert main([*name.split(), "--help"]) == 0
    said, error = capsys.readouterr()
    assert error == ""
    said = " ".join(said.split())
    assert f"Usage: claimwire {name}" in said
    assert LEAVES[name].help.split("\n\n")[0] in said
    assert [example for example in EXAMPLES[name] if example not in said] == []
    assert "\x1b" not in said


@pytest.mark.parametrize("name", ["", "rejected", "topics", *LEAVES])
def test_help_names_values_and_hides_types(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert main([*name.split(), "--help"]) == 0
    said = capsys.readouterr().out
    assert not re.search(r"<[a-z|\[\]. ]+>", said)
    assert not re.search(r"[{}]|\[\[", said)
    for option in getattr(LEAVES.get(name), "params", []):
        if option.param_type_name == "argument":
            assert re.search(rf"│ [ *] +{re.escape(option.metavar)} ", said)
        elif not option.is_flag and not option.hidden:
            assert re.search(rf"{option.opts[0]}(?: +-\w)? +{re.escape(option.metavar)}", said), option.opts


@pytest.mark.parametrize("name", LEAVES)
def test_tables_can_be_csv_where_they_can_be_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = {option for parameter in LEAVES[name].params for option in parameter.opts}
    assert ("--csv" in options) == ("--json" in options)
    if "--csv" in options:
        needed = {"push": ["x"], "enrich": ["x"], "evaluate": ["x"], "rejected show": ["0/0"]}.get(name, [])
        assert main([*name.split(), *needed, "--json", "--csv"]) == 2
        assert capsys.readouterr().err == "claimwire: --json and --csv are two formats: give one of them\n"


@pytest.mark.parametrize("name", LEAVES)
@pytest.mark.slow
def test_without_colours_there_are_none_on_a_terminal(name: str) -> None:
    call = [*COMMAND, *name.split(), "--help"]
    found = on_terminal(call, {**CLEAN, "NO_COLOR": "1"}, output=True)
    assert found.code == 0
    assert "Usage" in found.terminal
    assert not COLOUR.search(found.terminal)


def test_with_colours_there_are_some() -> None:
    assert COLOUR.search(on_terminal([*COMMAND, "push", "--help"], CLEAN, output=True).terminal)


@pytest.mark.parametrize("name", LEAVES)
def test_an_unknown_option_is_one_line_and_exit_code_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*name.split(), "--nothing"]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"claimwire: No such option: --nothing( \(.*\))?\. See claimwire {name} --help\n", error)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("claimwire pu", "push"), ("claimwire rejected re", "replay"), ("claimwire push --wa", "--watch")],
)
def test_a_shell_can_complete_commands_and_options(typed: str, offered: str) -> None:
    asked = {"_CLAIMWIRE_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    program = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main())"]
    result = subprocess.run(program, env={**CLEAN, **asked}, capture_output=True, text=True, timeout=120, check=True)
    assert result.stdout.split() == [offered]


@pytest.mark.parametrize("name", LEAVES)
@pytest.mark.slow
def test_a_pipe_that_closes_early_ends_it_without_a_word(name: str) -> None:
    process = subprocess.Popen(
        [*COMMAND, *name.split(), "--help"], env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, error = process.communicate(timeout=120)
    assert (process.returncode, error) == (141, b"")


class Silent:
    """Something that takes connections and never says a word: whoever asks it waits."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.asked = threading.Event()
        self._taken: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                taken, _ = self.socket.accept()
            except OSError:
                return
            self._taken.append(taken)
            taken.recv(1)
            self.asked.set()

    def close(self) -> None:
        for taken in (self.socket, *self._taken):
            taken.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    kafka = Silent()
    yield kafka
    kafka.close()


@pytest.mark.parametrize("name", [name for name in LEAVES if name not in WITHOUT_KAFKA])
@pytest.mark.slow
def test_ctrl_c_ends_what_waits_for_kafka_with_130_and_without_a_stack_trace(name: str, silent: Silent) -> None:
    process = subprocess.Popen(
        [*COMMAND, *name.split(), *ARGUMENTS.get(name, [])],
        env={**CLEAN, "KAFKA_BOOTSTRAP_SERVERS": silent.address, "CLAIMWIRE_WEB_PORT": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert silent.asked.wait(120)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=120)
    assert b"Traceback" not in error
    assert out == b""
    assert process.returncode == ENDS.get(name, 130), error


@pytest.mark.parametrize("name", OWN_KAFKA)
@pytest.mark.slow
def test_ctrl_c_ends_what_starts_a_kafka_of_its_own_and_takes_that_with_it(
    name: str, kafka: str, tmp_path: Path
) -> None:
    del kafka  # skipped where there is none
    own = ["--port", str(pick_free()), "--data-dir", str(tmp_path / "kafka")] if name == "broker" else []
    process = subprocess.Popen(
        [*COMMAND, name, *own],
        env={**CLEAN, "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    assert process.stderr is not None
    said = b""
    while b"Starting Apache Kafka" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert b"Traceback" not in error
    assert process.returncode == (0 if name == "broker" else 130), error
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("claimwire")] == []


def test_ctrl_c_ends_what_reads_a_file_that_does_not_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [*COMMAND, "enrich", str(pipe)], env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with pipe.open("wb"):  # waits for the reader
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=120)
    assert (process.returncode, out, error) == (130, b"", b"")
