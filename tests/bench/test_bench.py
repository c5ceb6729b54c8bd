"""One short run of the whole command on the tests' Kafka; its figures are not judged, the machine is anybody's."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "bench", *arguments],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.mark.slow
def test_it_measures_what_was_asked_for(kafka: str, tmp_path: Path) -> None:
    articles, config, plot = tmp_path / "a.jsonl", tmp_path / "claimwire.toml", tmp_path / "bench.svg"
    articles.write_text('{"text":"Ann Lee said on Monday that 12 ships sank."}\n' * 8)
    config.write_text("[worker]\nbatch = 4\n")
    options = ["--articles", str(articles), "--config", str(config), "--plot", str(plot), "--bootstrap", kafka]
    run = bench("--only", "throughput,layers", "--rounds", "1", "--seconds", "1", "--json", *options)
    assert run.returncode == 0, run.stderr
    report = orjson.loads(run.stdout)
    assert report["kept_share"] == report["chain"]["articles_per_s"] / report["raw"]["articles_per_s"] > 0
    assert report["chain"]["rss_mb"] > 50
    spent = {(found["layer"], found["stage"]): found["cpu_s_per_1000"] for found in report["layers"]}
    for layer in ("decode", "NLP and events", "encode", "transactions"):
        for stage in ("split_sentences", "tag_entities", "classify_claims"):
            assert spent[layer, stage] > 0
    assert spent["Faust", "event loop"] > 0
    assert spent["Kafka client", "event loop"] > 0
    assert b"<svg" in plot.read_bytes()[:500]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "everything"], "cannot measure 'everything'"),
        (["--plot", "bench.txt"], "--plot takes a file that ends in"),
        (["--against", "gone.json"], "gone.json holds no ratios"),
    ],
)
@pytest.mark.slow
def test_a_mistake_is_named_before_anything_is_measured(arguments: list[str], message: str) -> None:
    run = bench(*arguments)
    assert run.returncode == 2
    assert message in run.stderr
