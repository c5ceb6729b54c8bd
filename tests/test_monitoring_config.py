"""Alerts, dashboard and their documentation speak of metrics that workers have, and of no others.

The table of config/prometheus/README.md is written anew by `python tests/test_monitoring_config.py`.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus import program

from pipeline.metrics import METRICS

ROOT = Path(__file__).parent.parent
PROMETHEUS = ROOT / "config" / "prometheus"
README = PROMETHEUS / "README.md"
DASHBOARD = json.loads((ROOT / "config" / "grafana" / "claimwire.json").read_text())
ALERTS = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"][0]["rules"]
MARK = "pipeline/metrics.py;"

_NAME = re.compile(r"\b(?:claimwire|process)_\w+")
_SELECTED = re.compile(r"\b((?:claimwire|process)_\w+)\{([^}]*)\}")


def table() -> str:
    """The metrics as Markdown."""
    rows = [
        f"| `{metric.name}` | {'gauge' if metric.kind == 'process' else metric.kind} "
        f"| {', '.join(f'`{label}`' for label in metric.labels) or '-'} | {metric.help} |"
        for metric in METRICS
    ]
    return "\n".join(["| metric | kind | labels | what it is |", "|---|---|---|---|", *rows]) + "\n"


def series() -> dict[str, tuple[str, ...]]:
    """The names that a query may use, with their labels."""
    suffixes = ("_bucket", "_sum", "_count")
    return {
        name: metric.labels
        for metric in METRICS
        for name in ([metric.name + suffix for suffix in suffixes] if metric.kind == "histogram" else [metric.name])
    }


def dashboard_queries() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


QUERIES = [*dashboard_queries(), *(alert["expr"] for alert in ALERTS)]


def promtool(*arguments: str, stdin: str = "") -> str:
    result = subprocess.run([program("promtool"), *arguments], input=stdin, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_documentation_prints_the_list_of_metrics() -> None:
    _, _, after = README.read_text().partition(MARK)
    assert after.partition("-->\n")[2].strip() == table().strip()


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_uses_metrics_and_labels_that_workers_have(query: str) -> None:
    known = series()
    names = _NAME.findall(query)
    assert names
    assert [name for name in names if name not in known] == []
    for name, selectors in _SELECTED.findall(query):
        used = set(re.findall(r"(\w+)\s*[=!]", selectors)) - {"job", "instance"}
        assert used <= set(known[name])
    grouped = {label for labels in re.findall(r"\bby \(([^)]*)\)", query) for label in re.split(r",\s*", labels)}
    assert grouped <= {label for name in names for label in known[name]} | {"le", "instance"}


def test_the_dashboard_shows_every_metric() -> None:
    shown = {name for query in dashboard_queries() for name in _NAME.findall(query)}
    assert [m.name for m in METRICS if not any(name.startswith(m.name) for name in shown)] == []


def test_the_panels_of_the_dashboard_have_titles_and_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert panel["title"]
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_prometheus_takes_its_configuration_and_the_alerts() -> None:
    assert "SUCCESS" in promtool("check", "config", str(PROMETHEUS / "prometheus.yml"))


def test_prometheus_understands_every_query_of_the_dashboard(tmp_path: Path) -> None:
    rules = [
        {"record": f"q:{number}", "expr": query.replace("$__rate_interval", "1m")}
        for number, query in enumerate(dashboard_queries())
    ]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    assert f"{len(rules)} rules found" in promtool("check", "rules", str(path))


# An alert fires on what it is for, after its time, and not on a quiet day.
_LAG = 'claimwire_lag_records{stage="tag_entities",instance="a"}'
_AGE = 'claimwire_oldest_article_age_seconds{stage="tag_entities",instance="a"}'
_IN = 'claimwire_articles_in_total{stage="tag_entities",instance="a"}'
_NO = 'claimwire_articles_rejected_total{stage="tag_entities",reason="failed",instance="a"}'
_WHOLE = 'claimwire_enriched_total{extent="whole",instance="a"}'
_PART = 'claimwire_enriched_total{extent="partial",instance="a"}'
_START = 'process_start_time_seconds{job="claimwire",instance="a"}'
_LOST = 'claimwire_records_removed_unread_total{topic="news.articles",partition="3",instance="a"}'
_INFO = 'claimwire_worker_info{worker="a",instance="a"}'
_DAY = 1440

QUIET = {_INFO: f"1x{_DAY}", _LAG: f"20x{_DAY}", _AGE: f"5x{_DAY}", _IN: f"0+600x{_DAY}", _NO: f"0+1x{_DAY}"}
QUIET |= {_WHOLE: f"0+540x{_DAY}", _PART: f"0+60x{_DAY}", _START: f"1000x{_DAY}"}
TROUBLE = {
    "ClaimwireNoWorker": {_INFO: "1x10"},
    "ClaimwireLagGrows": {_LAG: f"1000+100x{_DAY}"},
    "ClaimwireOldestArticleTooOld": {_AGE: f"0+60x{_DAY}"},
    "ClaimwireRejectedShare": {_NO: f"0+60x{_DAY}"},
    "ClaimwireRecordsRemovedUnread": {_LOST: f"50x20 _x{_DAY - 21}"},  # the worker was started again meanwhile
    "ClaimwireEnrichmentShareFalls": {_WHOLE: "0+540x1340 723600+100x100", _PART: "0+60x1340 80400+500x100"},
    "ClaimwireWorkerRestartsInALoop": {_START: f"1000+60x{_DAY}"},
}


def test_there_is_trouble_for_every_alert() -> None:
    assert {alert["alert"] for alert in ALERTS} == TROUBLE.keys()


@pytest.mark.parametrize("alert", [None, *TROUBLE])
def test_an_alert_fires_on_its_trouble_and_on_nothing_else(alert: str | None, tmp_path: Path) -> None:
    values = {**QUIET, **(TROUBLE[alert] if alert else {})}
    firing: Any = {rule["alert"]: "" for rule in ALERTS}
    queries = [
        {
            "expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}})',
            "eval_time": f"{_DAY - 1}m",
            "exp_samples": [{"labels": "{}", "value": 1}] if name == alert else [],
        }
        for name in firing
    ]
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": series} for name, series in values.items()],
        "promql_expr_test": queries,
    }
    path = tmp_path / "test.yml"
    path.write_text(
        yaml.safe_dump(
            {"rule_files": [str(PROMETHEUS / "alerts.yml")], "evaluation_interval": "1m", "tests": [test]}, width=1000
        )
    )
    promtool("test", "rules", str(path))


if __name__ == "__main__":
    before, _, _ = README.read_text().partition(MARK)
    README.write_text(
        f"{before}{MARK} `python tests/{Path(__file__).name}` writes it anew -->\n{table()}", encoding="utf-8"
    )
