"""The commands on a real broker, as a user types them; one worker runs for the whole module."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from commands import Cli, new_cli
from waiting import wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.settings import shipped
from pipeline.streaming.kafka.topics import load_topics

SHIPPED = shipped("config") / "topics.toml"

ARTICLES = {
    "jobs.txt": "Unemployment fell to 4 percent in 2015, Jane Smith said on Monday.",
    "ninjs.json": '{"uri":"urn:x:1","headline":"Vote","body_text":"Parliament voted 31 to 14 to close the mine."}',
    "lines.jsonl": '{"id":"l1","text":"One sentence.","source":"Wire"}\n{"id":"l2","text":"NATO has 29 members."}\n',
}
BAD = {"broken.json": "{broken", "empty.json": '{"text":" "}'}


@pytest.fixture(scope="module")
def cli(kafka: str) -> Cli:
    """Topics without a worker."""
    return new_cli(kafka)


@pytest.fixture(scope="module")
def chain(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cli, Path]]:
    """Topics with a worker, after the articles of a folder went through."""
    cli = new_cli(kafka)
    folder = tmp_path_factory.mktemp("articles")
    for name, text in {**ARTICLES, **BAD}.items():
        (folder / name).write_text(text)
    assert cli.run("push", str(folder)).returncode == 0
    with (folder.parent / "worker.log").open("wb") as log:
        worker = cli.start("worker", stderr=log)
        try:
            await_idle(cli)
            yield cli, folder
        finally:
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0


def await_idle(cli: Cli) -> dict[str, Any]:
    """Wait until nothing waits."""

    def idle() -> dict[str, Any] | None:
        (status,) = cli.json("status")
        started = any(part["committed"] for part in status["stages"][-1]["partitions"])
        return status if started and not any(stage["lag"] for stage in status["stages"]) else None

    status = wait_until(idle)
    assert status is not None
    return status


def test_topics_are_created_once_and_then_left_alone(kafka: str, topic_prefix: str) -> None:
    cli = Cli(kafka, topic_prefix)
    assert cli.run("topics", "check").returncode == 1
    assert {topic["outcome"] for topic in cli.json("topics", "create")} == {"created"}
    assert {topic["outcome"] for topic in cli.json("topics", "create")} == {"exists"}
    assert cli.run("topics", "check").returncode == 0
    assert {topic["partitions"] for topic in cli.json("topics", "list")} == {8}


def test_check_names_what_differs(cli: Cli) -> None:
    result = cli.run("topics", "check", "--json")
    assert result.returncode == 1
    found = [orjson.loads(line) for line in result.stdout.splitlines()]
    assert [entry["topic"].partition(".")[2] for entry in found] == [topic.name for topic in load_topics(SHIPPED)]
    assert {(entry["what"], entry["wanted"], entry["found"]) for entry in found} == {("partitions", "8", "2")}


@pytest.mark.parametrize("command", [["push", __file__], ["tail"], ["status"], ["rejected", "list"], ["worker"]])
def test_without_topics_one_line_says_what_to_do(kafka: str, topic_prefix: str, command: Sequence[str]) -> None:
    result = Cli(kafka, topic_prefix).run(*command)
    assert result.returncode == 2
    line = result.stderr.decode().splitlines()[-1]
    assert f"{topic_prefix}news." in line
    assert "`claimwire topics create`" in line


def test_push_confirms_each_record_and_keeps_its_bytes(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    cli = Cli(kafka, topic_prefix)
    cli.run("topics", "create", "--partitions", "2")
    lines = [orjson.dumps({"id": f"a{number}", "text": "One."}) for number in range(3000)]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    *pushed, last = cli.json("push", str(tmp_path / "a.jsonl"))
    assert last["summary"] == {"read": 3000, "unreadable": 0, "skipped": {}, "mended": {}, "pushed": 3000, "failed": 0}
    assert [entry["error"] for entry in pushed] == [None] * 3000
    assert len({(entry["partition"], entry["offset"]) for entry in pushed}) == 3000
    again = cli.json("push", "-", stdin=lines[0])
    assert again[0]["partition"] == pushed[0]["partition"]  # the key decides
    result = cli.run("tail", "articles", "--from-beginning", "--json", "--limit", "3001")
    assert sorted(result.stdout.splitlines()) == sorted([*lines, lines[0]])


def test_push_names_what_failed_and_pushes_the_rest(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"caf\xe9 \0")
    (tmp_path / "b.json").write_bytes(orjson.dumps({"text": "x" * 9_000_000}))
    (tmp_path / "c.pdf").write_bytes(b"")
    (tmp_path / "d.txt").write_text("One.")
    result = cli.run("push", str(tmp_path))
    said = result.stderr.decode()
    assert result.returncode == 1
    assert "not read: " in said
    assert "a.txt: not a text" in said
    assert "b.json: " in said
    assert "MessageSizeTooLarge" in said
    assert "c.pdf: unknown format" in said
    assert said.splitlines()[-1].endswith("2 failed, 1 skipped")
    assert "pushed 1 article to" in said.splitlines()[-1]


@pytest.mark.slow
def test_once_the_broker_is_gone_push_names_every_record_in_bounded_time(tmp_path: Path, kafka: str) -> None:
    del kafka  # skipped where there is none; this test has its own
    with EmbeddedKafka(tmp_path, environ=os.environ) as broker:
        cli = Cli(broker.bootstrap, "")
        cli.run("topics", "create", "--partitions", "1")
        pipe = subprocess.PIPE
        # Not buffered: communicate() would miss what readline() has taken.
        push = cli.start("push", "-", "--json", stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)
        assert push.stdin is not None
        assert push.stdout is not None
        seen: list[bytes] = []
        deadline = time.monotonic() + 120
        while len(seen) < 3:
            assert time.monotonic() < deadline
            push.stdin.write(b'{"text":"1"}\n')  # what is confirmed is said when the next one comes
            if select.select([push.stdout], [], [], 0.2)[0]:
                seen.append(push.stdout.readline())
    out, err = push.communicate(b'{"text":"2"}\n' * 30, timeout=120)
    assert push.returncode == 1
    *confirmed, last = [orjson.loads(line).get("error", "") is None for line in [*seen, *out.splitlines()]]
    assert not last  # the summary
    assert confirmed[:3] == [True] * 3
    assert confirmed[-30:] == [False] * 30
    assert {line.split()[0] for line in err.splitlines()} == {b"not", b"pushed"}  # and no stack trace


def test_status_counts_what_waits(kafka: str) -> None:
    cli = new_cli(kafka)
    cli.json("push", "-", stdin=b'{"text":"1"}\n{"text":"2"}\n{"text":"3"}')
    (status,) = cli.json("status")
    assert [(stage["stage"], stage["lag"]) for stage in status["stages"]] == [
        ("split_sentences", 3),
        ("tag_entities", 0),
        ("classify_claims", 0),
    ]
    assert 0 <= status["stages"][0]["oldest_age_s"] < 60
    assert status["workers"] == 0


def test_an_idle_chain_has_no_lag_though_transaction_markers_follow_the_last_record(chain: tuple[Cli, Path]) -> None:
    cli, _ = chain
    status = await_idle(cli)
    ends = [(part["committed"], part["end"]) for stage in status["stages"][1:] for part in stage["partitions"]]
    assert any(committed is not None and committed < end for committed, end in ends)
    assert status["workers"] == 1
    (member,) = status["members"]
    assert len(member["partitions"]) == sum(len(stage["partitions"]) for stage in status["stages"])
    assert [stage["rate_per_s"] for stage in status["stages"]] == [0, 0, 0]
    assert b"classify_claims" in cli.run("status").stdout


def test_status_counts_articles_in_and_out(chain: tuple[Cli, Path]) -> None:
    cli, _ = chain
    await_idle(cli)
    (status,) = cli.json("status", "--count")
    counts = status["counts"]
    assert counts["adds_up"]
    assert counts["articles"] == counts["enriched"] + counts["rejected"] > 0
    assert counts["missing"] == counts["waiting"] == 0


def test_every_article_comes_out_enriched_or_rejected(chain: tuple[Cli, Path]) -> None:
    cli, _ = chain
    enriched = cli.json("tail", "enriched", "--from-beginning", "--limit", "4")
    assert sorted(event["article"]["text"][:4] for event in enriched) == ["NATO", "One ", "Parl", "Unem"]
    rejected = cli.json("rejected", "list")
    assert sorted(event["reason"] for event in rejected) == ["no-text", "not-json"]


def test_tail_shows_people_claims_with_who_made_them(chain: tuple[Cli, Path]) -> None:
    cli, _ = chain
    result = cli.run(
        "tail", "claims", "--from-beginning", "--limit", "1", "--where", "speaker=jane smith", "--where", "label=CFS"
    )
    line = result.stdout.decode()
    assert line.startswith("CFS ")
    assert "Jane Smith: Unemployment fell to 4 percent" in line
    assert "\x1b" not in line


def test_tail_shows_every_topic(chain: tuple[Cli, Path]) -> None:
    cli, _ = chain
    for topic in ("articles", "sentences", "entities", "claims", "enriched", "rejected"):
        result = cli.run("tail", topic, "--from-beginning", "--limit", "1")
        assert (result.returncode, len(result.stdout.splitlines())) == (0, 1)


def test_tail_shows_an_article_that_begins_with_a_byte_order_mark(kafka: str, tmp_path: Path) -> None:
    cli = new_cli(kafka)
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"id":"a1","text":"One."}')
    assert cli.run("push", str(tmp_path)).returncode == 0
    (event,) = cli.json("tail", "articles", "--from-beginning", "--limit", "1", "--where", "id=a1")
    assert event["text"] == "One."


def test_tail_follows_what_comes_and_ends_with_ctrl_c(chain: tuple[Cli, Path]) -> None:
    cli, _ = chain
    tail = cli.start("tail", "enriched", "--json", "--where", "id=late", stdout=subprocess.PIPE)
    time.sleep(3)
    cli.json("push", "-", stdin=b'{"id":"late","text":"A late one."}')
    assert tail.stdout is not None
    assert orjson.loads(tail.stdout.readline())["article"]["id"] == "late"
    tail.send_signal(signal.SIGINT)
    assert tail.wait(10) == 130
    tail.stdout.close()


def test_a_rejected_record_can_be_looked_at_with_its_bytes(chain: tuple[Cli, Path]) -> None:
    cli, _ = chain
    table = cli.run("rejected", "list", "--reason", "not-json").stdout.decode().splitlines()
    place = table[1].split()[0]
    (event,) = cli.json("rejected", "show", place)
    assert event["reason"] == "not-json"
    assert cli.run("rejected", "show", place, "--raw").stdout == b"{broken\n"
    shown = cli.run("rejected", "show", place).stdout.decode()
    assert "split_sentences" in shown
    assert "{broken" in shown
    assert cli.run("rejected", "show", "0/99999").returncode == 2


def test_enrich_gives_what_the_chain_gives(chain: tuple[Cli, Path]) -> None:
    cli, folder = chain
    result = cli.run("enrich", str(folder))
    assert result.returncode == 1  # two of them are bad
    alone = {event["id"]: event for event in map(orjson.loads, result.stdout.splitlines())}
    chained = {event["id"]: event for event in cli.json("tail", "enriched", "--from-beginning", "--limit", "4")}
    for event in (*alone.values(), *chained.values()):
        del event["origin"]
    assert {key: event for key, event in chained.items() if key in alone} == alone


def test_up_runs_workers_on_a_broker_of_ones_own_until_it_is_stopped(kafka: str, topic_prefix: str) -> None:
    cli = Cli(kafka, topic_prefix)
    up = cli.start("up", "--workers", "2", stderr=subprocess.PIPE)
    assert up.stderr is not None
    said = b""
    while b"follow claims" not in said:
        line = up.stderr.readline()
        assert line, said
        said += line
    cli.json("push", "-", stdin=b'{"id":"u1","text":"NATO has 29 members."}')
    (event,) = cli.json("tail", "enriched", "--from-beginning", "--limit", "1")
    assert event["article"]["id"] == "u1"
    up.send_signal(signal.SIGTERM)
    _, rest = up.communicate(timeout=30)
    assert up.returncode == 0
    assert rest.splitlines()[-1] == b"stopped; all finished work is committed"


def test_demo_starts_everything_and_stops_it(tmp_path: Path, kafka: str) -> None:
    del kafka  # skipped where there is none
    (tmp_path / "a.txt").write_text(ARTICLES["jobs.txt"])
    (tmp_path / "b.json").write_text(BAD["broken.json"])
    cli = Cli("127.0.0.1:1", "")  # it has its own
    shown = cli.run("demo", str(tmp_path), timeout_s=120)
    assert shown.returncode == 0, shown.stderr.decode()
    assert "Jane Smith" in shown.stdout.decode()
    assert "not-json" in shown.stdout.decode()
    assert "1 enriched with 1 claim, 1 rejected" in shown.stderr.decode()


def test_demo_of_a_folder_without_articles_says_so(tmp_path: Path, kafka: str) -> None:
    del kafka
    result = Cli("127.0.0.1:1", "").run("demo", str(tmp_path), timeout_s=120)
    assert result.returncode == 2
    assert result.stderr.decode().splitlines()[-1] == "claimwire: these paths hold no article"


@pytest.mark.slow
def test_demo_gives_programs_enriched_events(tmp_path: Path, kafka: str) -> None:
    del kafka
    (tmp_path / "a.txt").write_text(ARTICLES["jobs.txt"])
    result = Cli("127.0.0.1:1", "").run("demo", str(tmp_path), "--json", timeout_s=120)
    assert result.returncode == 0
    (event,) = [orjson.loads(line) for line in result.stdout.splitlines()]
    assert event["article"]["text"] == ARTICLES["jobs.txt"]
