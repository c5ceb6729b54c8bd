import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest
from waiting import PATIENCE_S

COMMANDS = ["demo", "up", "push", "tail", "enrich", "status", "rejected", "topics", "schema", "broker", "worker"]


def claimwire(*arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if "CLAIMWIRE" not in name and "KAFKA" not in name}
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        env={**clean, **(environ or {})},
    )


@pytest.fixture(scope="module")
def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_help_names_every_command() -> None:
    result = claimwire("--help", environ={"COLUMNS": "200"})
    assert result.returncode == 0
    assert [command for command in COMMANDS if command not in result.stdout] == []


def test_the_command_line_starts_without_what_only_some_commands_need() -> None:
    code = "import pipeline.cli.app, sys; print(*({'faust', 'spacy', 'kafka', 'pydantic'} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def test_version() -> None:
    result = claimwire("--version")
    assert (result.returncode, result.stdout.split()[0]) == (0, "claimwire")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["push"], "Missing argument"),
        (["push", "--nothing", "x"], "No such option: --nothing"),
        (["nothing"], "No such command"),
        (["push", "no/such/file"], "no such file or directory: no/such/file"),
        (["push", "https://post.example/rss"], "add --allow-urls to read it"),
        (["push", ".", "--columns", "words=x"], "write FIELD=NAME"),
        (["enrich", ".", "--claims", "--html", "x.html"], "different outputs"),
        (["enrich", ".", "--explain", "--claims"], "different outputs"),
        (["enrich", ".", "--changes", "--claims"], "different outputs"),
        (["enrich", ".", "--csv", "--html", "x.html"], "--html and --csv exclude each other"),
        (["tail", "nothing"], "choose one of articles, sentences"),
        (["tail", "--where", "label"], "is not a condition"),
        (["tail", "claims", "--where", "label=CFS", "source=Wire"], "--where 'source=Wire'"),
        (["tail", "label=CFS"], "--where 'label=CFS'"),
        (["tail", "--where", "label=CFS", "speaker=Jane Smith"], "--where 'speaker=Jane Smith'"),
        (["report", "label=CFS"], "--where 'label=CFS'"),
        (["report", "all"], "Unexpected argument: all. See claimwire report --help"),
        (["schema", "nothing"], "the events are article"),
        (["rejected", "list", "--reason", "nothing"], "the reasons are not-json"),
        (["rejected", "show", "7"], "is not PARTITION/OFFSET"),
        (["status", "--config", "no/such/file"], "cannot be read"),
        (["status", "--prefix", "a b"], "kafka.prefix"),
        (["status", "--bootstrap", "127.0.0.1:kafka"], "'127.0.0.1:kafka' is not the address of a Kafka broker"),
        (["status", "--bootstrap", ","], "write HOST:PORT"),
        (["tail", "--where", "lable=CFS"], "ClaimV1 has no 'lable'"),
        (["report", "--where", "lable=CFS"], "ClaimV1 has no 'lable'"),
        (["report", "--since", "1h", "--until", "2h"], "the time range is empty"),
        (["rejected", "list", "--since", "1h", "--until", "2h"], "the time range is empty"),
        (["worker", "--worker-id", "a b"], "option --worker-id"),
        (["statu"], "Did you mean 'status'? See claimwire --help"),
        (["broker", "--port", "0"], "--port"),
    ],
)
@pytest.mark.slow
def test_a_mistake_is_one_line_and_exit_code_2(arguments: list[str], says: str) -> None:
    result = claimwire(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("claimwire: ")
    assert says in result.stderr


def test_debug_shows_where() -> None:
    result = claimwire("schema", "nothing", "--debug")
    assert result.returncode != 0
    assert "Traceback" in result.stderr


@pytest.mark.slow
def test_without_a_broker_one_line_says_what_to_do(closed_port: int) -> None:
    calls = ["push .", "tail", "topics create", "topics check", "topics list", "rejected list", "status", "worker"]
    arguments = [[*call.split(), "--bootstrap", f"127.0.0.1:{closed_port}"] for call in calls]

    def run_at_once(arguments: list[list[str]]) -> tuple[list[subprocess.CompletedProcess[str]], float]:
        began = time.monotonic()
        with ThreadPoolExecutor(len(arguments)) as threads:
            return list(threads.map(lambda each: claimwire(*each), arguments)), time.monotonic() - began

    _, starts_s = run_at_once([["worker", "--stages", "none"]] * len(calls))  # as much to import, nothing to wait for
    results, seconds = run_at_once(arguments)
    assert seconds < 15 + 3 * starts_s  # each waits 6 s for an answer; starting takes as long as the machine is busy
    assert {result.returncode for result in results} == {2}
    said = {line for result in results for line in result.stderr.splitlines() if not line.startswith("{")}  # no logs
    advice = "start one with `claimwire up`, or name yours with --bootstrap"
    assert said == {f"claimwire: no Kafka broker answers at 127.0.0.1:{closed_port}: {advice}"}


def test_status_tells_programs_that_no_broker_answers(closed_port: int) -> None:
    result = claimwire("status", "--json", environ={"KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{closed_port}"})
    assert result.returncode == 1
    assert orjson.loads(result.stdout)["ok"] is False


@pytest.mark.parametrize("event", ["claim", "ClaimV1", "CLAIM"])
def test_schema_of_one_event(event: str) -> None:
    result = claimwire("schema", event)
    assert "claimant" in orjson.loads(result.stdout)["properties"]


def test_schema_of_all_names_the_topics_with_their_prefix() -> None:
    result = claimwire("schema", "--prefix", "mine.")
    assert orjson.loads(result.stdout)["asyncapi"].startswith("3.")
    assert "mine.news.claims" in result.stdout


def test_a_reader_that_has_enough_ends_it_quietly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (141, b"")


def test_nobody_need_read_the_notes(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-m", "pipeline", "enrich", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=write,
        timeout=PATIENCE_S,
        check=False,
    )
    os.close(write)
    assert (process.returncode, process.stdout) == (0, b"")


@pytest.mark.parametrize("arguments", [[], ["rejected"], ["topics"]])
def test_without_a_command_the_help_is_all_that_is_said(arguments: list[str]) -> None:
    result = claimwire(*arguments)
    assert result.returncode == 2
    assert "Usage" in result.stdout + result.stderr
    assert "claimwire:" not in result.stderr


@pytest.mark.parametrize("arguments", [["schema"], ["--help"], ["--version"]])
def test_a_full_disk_is_one_line_and_no_bug(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "pipeline", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    said = "claimwire: cannot write to standard output: No space left on device\n"
    assert (result.returncode, result.stderr) == (1, said)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", ["enrich --claims -", "schema claim"])
@pytest.mark.slow
def test_closed_standard_streams_are_empty_ones(arguments: str, closed: str) -> None:
    call = f"exec {shlex.quote(sys.executable)} -m pipeline {arguments} {closed}"
    result = subprocess.run(["/bin/sh", "-c", call], input="", capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_character_that_the_terminals_encoding_lacks_is_shown_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rents rose 4 percent in Besançon in 2015, the council said.\n", encoding="utf-8")
    result = claimwire("enrich", "--claims", str(tmp_path), environ={"PYTHONIOENCODING": "ascii"})
    assert (result.returncode, result.stderr) == (0, "")
    assert r"Besan\xe7on" in result.stdout


@pytest.mark.parametrize("columns", ["0", "-1", "wide", ""])
def test_a_terminal_of_no_width_shows_all_the_same(columns: str) -> None:
    result = claimwire("--help", environ={"COLUMNS": columns})
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_enrich_needs_no_kafka_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Unemployment fell to 4 percent in 2015, Smith said.")
    (tmp_path / "b.json").write_text("{broken")
    (tmp_path / "c.jsonl").write_text('{"text":"One."}\n{"id":"no text"}\n')
    (tmp_path / "d.txt").write_bytes(b"caf\xe9 \0")
    result = claimwire("enrich", str(tmp_path), "--source", "Wire")
    assert result.returncode == 1
    events = [orjson.loads(line) for line in result.stdout.splitlines()]
    assert [event["article"]["text"][:4] for event in events] == ["Unem", "One."]
    assert events[0]["article"]["source"] == "Wire"
    assert events[0]["assertions"][0]["label"] == "CFS"
    assert events[1]["origin"]["topic"].endswith("c.jsonl")
    said = sorted(line.partition(": ")[2].rpartition("/")[2] for line in result.stderr.splitlines())
    assert [line[:18] for line in said] == ["b.json: not-json: ", "c.jsonl:2: no-text", "d.txt: not a text:"[:18]]


def test_enrich_shows_the_claims_of_a_feed(tmp_path: Path) -> None:
    item = "<item><title>{}</title><description>{}</description></item>"
    entries = item.format("Bridge", "The bridge cost 3 million euros in 2019.") + item.format("Empty", "")
    (tmp_path / "feed.xml").write_text(f'<rss version="2.0"><channel><title>Post</title>{entries}</channel></rss>')
    result = claimwire("enrich", "--claims", str(tmp_path / "feed.xml"))
    assert result.returncode == 0
    assert result.stdout.startswith("CFS ")
    assert "The bridge cost 3 million euros in 2019.  [quantity · Post]" in result.stdout
    assert [line.rpartition("/")[2] for line in result.stderr.splitlines()] == [
        "feed.xml#2: no text",
        "enriched 1, 0 failed, 1 skipped",
    ]


def test_enrich_reads_standard_input() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pipeline", "enrich", "-"],
        input=b'{"text":"One."}\n{"text":"Two."}\n',
        capture_output=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert [orjson.loads(line)["article"]["text"] for line in result.stdout.splitlines()] == ["One.", "Two."]


def test_enrich_shows_what_versions_of_an_article_change(tmp_path: Path) -> None:
    first: dict[str, Any] = {
        "id": "a-1",
        "version": 1,
        "title": "Bridge",
        "text": "The bridge cost 3 million euros in 2019.",
    }
    versions = [
        first,
        {**first, "version": 2, "text": first["text"].replace("3", "4")},
        {**first, "id": "a-2"},
        {**first, "version": 3, "text": first["text"].replace("3", " 4")},
        first,
        {"id": "a-1", "version": 4, "status": "canceled"},
    ]
    file = tmp_path / "versions.jsonl"
    file.write_text("".join(orjson.dumps(version).decode() + "\n" for version in versions))
    result = claimwire("enrich", "--changes", "--json", str(file))
    assert result.returncode == 0, result.stderr
    changed, withdrawn = (orjson.loads(line) for line in result.stdout.splitlines())
    (claim,) = changed["claims"]
    assert (changed["number"], changed["substance"], claim["change"], claim["differs"]) == (
        2,
        True,
        "changed",
        ["number"],
    )
    assert claim["after"] == "The bridge cost 4 million euros in 2019."
    assert (withdrawn["article"]["status"], withdrawn["number"]) == ("canceled", 4)
    assert [(one["change"], one["lineage"]) for one in withdrawn["claims"]] == [("removed", claim["lineage"])]
    assert "left out: an older version of a-1" in result.stderr
