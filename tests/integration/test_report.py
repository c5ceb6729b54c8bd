"""``claimwire report`` on a real broker."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest
from commands import Cli, new_cli

from pipeline.contract.codec import encode
from pipeline.contract.events import ClaimV1
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.producers import AtomicProducer
from pipeline.streaming.kafka.records import OutRecord

EXAMPLES = Path(__file__).parents[2] / "pipeline" / "contract" / "examples"
CLAIM = ClaimV1.model_validate(orjson.loads((EXAMPLES / "claim.v1.json").read_bytes()))
# Five days of late, at ten o'clock: what is older than Kafka keeps would be gone at once.
TEN_O_CLOCK = datetime.now(timezone.utc).replace(hour=10, minute=0, second=0, microsecond=0)
DAYS = [TEN_O_CLOCK - timedelta(days=number) for number in range(5, 0, -1)]


def time_ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def claim(number: int) -> ClaimV1:
    source = "Wire" if number % 3 else "[red]Post[/red]"
    published = f"2024-04-{number % 5 + 10}T10:00:00Z" if number % 2 else None
    article = CLAIM.article.model_copy(update={"source": source, "published": published})
    return CLAIM.model_copy(update={"article": article, "label": "CFS" if number % 4 else "UFS", "types": ["vote"]})


@pytest.fixture(scope="module")
def cli(kafka: str) -> Cli:
    """A hundred claims, twenty of each day, the days in order within a partition; and one record that is none."""
    cli = new_cli(kafka)
    topic = f"{cli.environ['CLAIMWIRE_KAFKA_PREFIX']}news.claims"
    records = [
        OutRecord(topic, number % 2, time_ms(DAYS[number // 20]), None, encode(claim(number)), [])
        for number in range(100)
    ]
    broken = OutRecord(topic, 0, time_ms(DAYS[-1]), None, b"{broken", [])
    with AtomicProducer(Connection((kafka,)), transactional_id=f"{topic}-test") as producer:
        producer.send([*records, broken])
    return cli


@pytest.mark.parametrize(
    ("options", "claims", "days"),
    [
        ([], 100, 5),
        (["--since", f"{DAYS[2]:%Y-%m-%d}"], 60, 3),
        (["--since", f"{DAYS[2]:%Y-%m-%d}", "--until", f"{DAYS[4]:%Y-%m-%dT09:00:00Z}"], 40, 2),
        (["--since", "1h"], 0, 0),
        (["--where", "source=Wire"], 66, 5),
        (["--published", "--until", "2024-04-12"], 20, 2),
    ],
)
def test_claims_of_a_range_are_counted(cli: Cli, options: Sequence[str], claims: int, days: int) -> None:
    (found,) = cli.json("report", *options)
    assert (found["claims"], len(found["by_day"])) == (claims, days)
    for kind in ("by_source", "by_speaker", "by_type", "by_day"):
        assert sum(row["claims"] for row in found[kind]) == claims
    assert found["undated"] == (50 if "--published" in options else 0)


def test_people_get_tables_and_charts(cli: Cli, tmp_path: Path) -> None:
    charts = [tmp_path / "chart.png", tmp_path / "chart.svg"]
    plots = ["--plot", str(charts[0]), "--plot", str(charts[1])]
    result = cli.run("report", "--top", "1", *plots, timeout_s=200)
    assert result.returncode == 0, result.stderr
    lines = [re.split(r"  +", line.strip()) for line in result.stdout.decode().splitlines()]
    assert ["source", "claims", "check-worthy"] in lines
    assert ["Wire", "66", "50"] in lines
    assert [f"{DAYS[-1]:%Y-%m-%d}", "20", "15"] in lines
    assert [len(line) for line in lines] == [3] * len(lines)
    said = result.stderr.decode()
    assert "and 1 more" in said
    assert "100 claims, 75 of them check-worthy" in said
    assert charts[0].read_bytes().startswith(b"\x89PNG")
    assert "[red]Post[/red]" not in charts[1].read_text()  # only the first name was asked for
    assert ">Wire<" in charts[1].read_text()


@pytest.mark.parametrize(
    ("options", "says"),
    [(["--plot", "a.gif"], "--plot takes a file that ends in"), (["--since", "soon"], "is not a time")],
)
def test_a_mistake_is_one_line(cli: Cli, options: Sequence[str], says: str) -> None:
    result = cli.run("report", *options)
    assert result.returncode == 2
    assert says in result.stderr.decode()
    assert len(result.stderr.splitlines()) == 1
