"""A worker's HTTP port as Prometheus and Kubernetes see it."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.metrics import LAG, Metrics
from pipeline.streaming.health import health_server as monitoring
from pipeline.streaming.health.health_server import serving

HOST = "127.0.0.1"


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@contextmanager
def server(port: int | None = None, *, alive: Callable[[], bool] = lambda: True) -> Iterator[int]:
    metrics = Metrics()
    metrics.set(LAG, 3, "tag_entities")
    states = {"/healthz": lambda _now: alive(), "/readyz": lambda _now: False}
    with serving(metrics, states, host=HOST, port=port or free_port()) as address:
        assert address is not None
        yield address[1]


def test_metrics_are_what_prometheus_reads() -> None:
    with server() as port:
        status, text = get(port, "/metrics")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert status == 200
    (sample,) = families["claimwire_lag_records"].samples
    assert (sample.labels, sample.value) == ({"stage": "tag_entities"}, 3)


def test_a_state_is_asked_for_each_time() -> None:
    answers = [True, False]
    with server(alive=lambda: answers.pop(0)) as port:
        assert get(port, "/healthz") == (200, "ok\n")
        assert get(port, "/healthz") == (503, "no\n")
        assert get(port, "/readyz") == (503, "no\n")


def test_other_paths_are_told_what_there_is() -> None:
    with server() as port:
        assert get(port, "/") == (404, "there are /metrics, /healthz, /readyz\n")


def test_the_second_worker_of_a_machine_takes_the_next_free_port() -> None:
    with server() as first, server(first) as second:
        assert first < second
        assert get(first, "/healthz")[0] == get(second, "/healthz")[0] == 200


def test_one_who_says_nothing_holds_up_nobody() -> None:
    with server() as port, socket.create_connection((HOST, port)):
        assert get(port, "/healthz")[0] == 200


def test_port_0_is_no_server() -> None:
    with serving(Metrics(), {}, host=HOST, port=0) as address:
        assert address is None


def test_a_worker_that_finds_no_port_works_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "MOST_PORTS", 1)
    with server() as port, serving(Metrics(), {}, host=HOST, port=port) as address:
        assert address is None


def test_the_port_is_free_again_afterwards() -> None:
    with server() as port:
        pass
    with server(port) as again:
        assert again == port
