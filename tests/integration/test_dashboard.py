"""A real Prometheus reads real workers: every panel of the dashboard has something to show."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from chain import Chain
from deployment import free_port
from prometheus import ask, program
from waiting import PATIENCE_S

from pipeline.sources import SourceRecord, read_paths

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
DASHBOARD = json.loads((ROOT / "config" / "grafana" / "claimwire.json").read_text())
CONFIG = yaml.safe_load((ROOT / "config" / "prometheus" / "prometheus.yml").read_text())


@contextmanager
def process(command: list[str], log: Path, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        started = subprocess.Popen(command, env={**os.environ, **environ}, stdout=output, stderr=output)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(30)


def prometheus_of(worker: int, folder: Path, port: int) -> list[str]:
    """Debian's, with the shipped configuration but for where the workers are and how often they are asked."""
    (job,) = CONFIG["scrape_configs"]
    static = {"job_name": job["job_name"], "static_configs": [{"targets": [f"127.0.0.1:{worker}"]}]}
    config = {**CONFIG, "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "scrape_configs": [static]}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    shutil.copy(ROOT / "config" / "prometheus" / "alerts.yml", folder)
    return [
        program("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]


def empty_panels(port: int) -> list[str]:
    """The panels with a query that finds nothing, or no number."""
    return [
        f"{panel['title']}: {target['expr']}"
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
        if not shows(ask(port, "query", query=target["expr"].replace("$__rate_interval", "1m"))["result"])
    ]


def shows(found: list[dict[str, Any]]) -> bool:
    return any(sample["value"][1] != "NaN" for sample in found)


def test_every_panel_shows_live_data(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    metrics, port = free_port(), free_port()
    with Chain(kafka, topic_prefix, tmp_path) as chain:
        environ = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "CLAIMWIRE_KAFKA_PREFIX": topic_prefix}
        environ["CLAIMWIRE_METRICS_PORT"] = str(metrics)
        worker = [sys.executable, "-m", "pipeline", "worker"]
        found = read_paths([str(ROOT / "seeds")], stdin=sys.stdin.buffer)
        articles = [record.value for record in found if isinstance(record, SourceRecord)]
        with (
            process(worker, tmp_path / "worker.log", **environ),
            process(prometheus_of(metrics, tmp_path, port), tmp_path / "prometheus.log"),
        ):
            deadline = time.monotonic() + PATIENCE_S
            missing = ["nothing was asked yet"]
            while missing:
                assert time.monotonic() < deadline, missing
                chain.push([*articles, b"no JSON"])
                time.sleep(3)
                try:
                    missing = empty_panels(port)
                except OSError as exc:
                    missing = [f"Prometheus: {exc}"]
            (target,) = ask(port, "targets")["activeTargets"]
            assert (target["health"], target["lastError"]) == ("up", "")
            assert {rule["health"] for group in ask(port, "rules")["groups"] for rule in group["rules"]} == {"ok"}
