"""Workers come, go, crash and Kafka restarts while 2,000 articles pass: each comes out once; the dashboard shows it."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chain import Chain, Outcomes, Place, place
from deployment import ROOT, Deployment, free_port, run
from PIL import Image
from prometheus import ask
from waiting import wait_until

from pipeline.contract.events import EntitiesV1, SentencesV1

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.docker, pytest.mark.timeout(1500)]

ARTICLES = 2_000
POISON_EACH = 100
SENTENCES = 30  # long enough that there is work left at each step
PATIENCE_S = 400
PANELS = json.loads((ROOT / "config" / "grafana" / "claimwire.json").read_text())["panels"]

# What a drawn panel has: a number, rows, or lines, which are the only thing on its canvas that is not grey.
_NUMBER = r"(panel) => /\d/.test(panel.querySelector('[data-testid=\"data-testid panel content\"]').innerText)"
_ROWS = "(panel) => panel.querySelector('[role=gridcell]') !== null"
_LINES = """(panel) => {
    const canvas = panel.querySelector('canvas');
    if (!canvas) return false;
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let coloured = 0;
    for (let at = 0; at < pixels.length; at += 4) {
        const [red, green, blue] = pixels.slice(at, at + 3);
        coloured += Math.max(red, green, blue) - Math.min(red, green, blue) > 50;
    }
    return coloured > 20;
}"""
SHOWS = {"stat": _NUMBER, "table": _ROWS, "timeseries": _LINES}
CUT_OFF = """(panel) => [...panel.querySelectorAll('*')].filter((part) => part.tagName === 'H2'
    ? part.scrollWidth > part.clientWidth
    : part.scrollHeight > part.clientHeight + 2 && /auto|scroll/.test(getComputedStyle(part).overflowY)
).map((part) => part.innerText)"""

_PEOPLE = ("Jane Smith", "Omar Haddad", "Li Wei", "Ingrid Olsen", "Carlos Mendes")
_PLACES = ("Ohio", "Kenya", "Oslo", "Brazil", "Leeds")
_SAID = (
    "Unemployment in {place} fell to {n} percent in 20{n}, {person} said on Monday.",
    "The council of {place} spent {n} million dollars on {n} bridges.",
    "“We have never had more than {n} cases a week,” {person} told reporters.",
    "It was a quiet morning in {place}.",
    "Why would anybody in {place} pay {n} euros for that?",
    "According to {person}, exports to {place} doubled within {n} months.",
)


def article(number: int) -> str:
    """One line of JSON; one in ``POISON_EACH`` has no text, which the first stage rejects."""
    if number % POISON_EACH == 0:
        return json.dumps({"id": f"docker-{number}", "text": " "})
    dice = random.Random(number)  # noqa: S311  (the same articles each time)
    text = " ".join(
        dice.choice(_SAID).format(place=dice.choice(_PLACES), person=dice.choice(_PEOPLE), n=dice.randint(11, 24))
        for _ in range(SENTENCES)
    )
    return json.dumps({"id": f"docker-{number}", "title": f"Report {number}", "text": text, "source": "Wire"})


@dataclass(frozen=True)
class Run:
    """What the load was, what became of it, and the port of the Prometheus that watched it, where there is one."""

    places: list[Place]
    done_at: dict[str, int]
    outcomes: Outcomes
    between: dict[Any, int]
    exit_codes: list[int]
    prometheus: int | None
    began_ms: int
    ended_ms: int


@pytest.fixture(scope="module")
def load(project: Deployment, prometheus_image: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Scaled from 1 to 3 workers, one crashed, Kafka restarted, scaled to 1 again, and then all that came out."""
    port = free_port()
    try:
        project.up()
        if prometheus_image:
            environ = {**project.environ, "PROMETHEUS_IMAGE": prometheus_image, "PROMETHEUS_PORT": str(port)}
            run("docker", "compose", "--profile", "monitoring", "up", "-d", "--wait", "prometheus", environ=environ)
        yield carried(project, tmp_path_factory.mktemp("load"), prometheus=port if prometheus_image else None)
    finally:
        project.down()


def carried(deployment: Deployment, folder: Path, *, prometheus: int | None) -> Run:
    began_ms = now_ms()
    halves = [folder / "first.jsonl", folder / "second.jsonl"]
    for half, path in enumerate(halves):
        path.write_text("".join(f"{article(number)}\n" for number in range(half, ARTICLES, 2)))
    chain = Chain(deployment.bootstrap, "", folder)

    places = deployment.push(halves[0])
    deployment.up(workers=3)
    done_at = {"scaled to 3": reached(chain, 200)}
    first, *others = deployment.containers("worker")
    deployment.crash(first)
    places += deployment.push(halves[1])
    done_at["crashed and pushed"] = reached(chain, 500)
    deployment.compose("restart", "kafka")
    wait_until(lambda: health(deployment, *deployment.containers("kafka"), service="kafka") == "healthy")
    done_at["kafka restarted"] = reached(chain, 900)
    assert deployment.containers("worker")[first]["RestartCount"] >= 1
    wait_until(lambda: health(deployment, first) == "healthy")
    deployment.up(workers=1)
    done_at["scaled to 1"] = reached(chain, done_at["kafka restarted"])
    assert len(deployment.containers("worker")) == 1 < len(others) + 1

    outcomes = chain.outcomes(ARTICLES, patience_s=PATIENCE_S, settle_s=5)
    ended_ms = now_ms()
    deployment.compose("stop", "worker")
    print(done_at)  # noqa: T201  (how far it was at each step)
    between = {event: len(chain.records(event)) for event in (SentencesV1, EntitiesV1)}
    exit_codes = [container["State"]["ExitCode"] for container in deployment.containers("worker").values()]
    return Run(places, done_at, outcomes, between, exit_codes, prometheus, began_ms, ended_ms)


def test_every_article_comes_out_once_while_workers_come_go_and_crash_and_kafka_restarts(load: Run) -> None:
    outcomes = load.outcomes
    assert max(load.done_at.values()) < ARTICLES, f"nothing was left to do at the last step: {load.done_at}"
    assert len(load.places) == len(set(load.places)) == ARTICLES
    assert outcomes.places() == dict.fromkeys(load.places, 1)
    assert outcomes.disorder() == 0
    assert len(outcomes.rejected) == ARTICLES // POISON_EACH
    claims = [(place(claim.origin), claim.id) for claim in outcomes.claims]
    assert len(claims) == len(set(claims)) > 0
    assert set(load.between.values()) == {len(outcomes.enriched)}
    assert load.exit_codes == [0]


@pytest.fixture
def prometheus(load: Run) -> int:
    assert load.prometheus, "no image of Prometheus can be pulled, and the program is not here (apt install prometheus)"
    return load.prometheus


def test_prometheus_finds_the_workers_that_come_and_has_the_alerts(load: Run, prometheus: int) -> None:
    query = f"max_over_time(count(claimwire_worker_info)[{load.ended_ms - load.began_ms}ms:5s])"
    (most,) = ask(prometheus, "query", query=query, time=str(load.ended_ms / 1000))["result"]
    assert most["value"][1] == "3"
    (alerts,) = ask(prometheus, "rules")["groups"]
    assert {rule["health"] for rule in alerts["rules"]} == {"ok"}


def test_every_panel_of_the_dashboard_is_drawn_with_what_happened(
    load: Run, prometheus: int, dashboard: str, chromium: Browser
) -> None:
    """The picture stays in ``tests/dashboard/dist``."""
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in PANELS)
    page = chromium.new_page(viewport={"width": 1280, "height": rows * 38 + 8})  # what is out of sight is not drawn
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    times = f"from={load.began_ms}&to={load.ended_ms}"
    page.goto(f"{dashboard}/?prometheus=http://127.0.0.1:{prometheus}&{times}")
    page.locator(f"[data-panel='{PANELS[-1]['id']}']").wait_for(timeout=60_000)
    page.wait_for_function("document.fonts.status === 'loaded'")
    picture = Image.open(BytesIO(page.screenshot()))
    picture.quantize().save(ROOT / "tests" / "dashboard" / "dist" / "screenshot.png", optimize=True)
    for panel in PANELS:
        drawn = page.locator(f"[data-panel='{panel['id']}']")
        assert drawn.locator("h2").inner_text() == panel["title"]
        if not drawn.evaluate(SHOWS[panel["type"]]):
            wrong.append(f"{panel['title']} shows nothing: {drawn.inner_text()}")
        wrong += [f"{panel['title']} cuts off: {text}" for text in drawn.evaluate(CUT_OFF)]
    assert not wrong


def now_ms() -> int:
    return int(time.time() * 1000)


def reached(chain: Chain, wanted: int) -> int:
    """How many articles have come out, once ``wanted`` have."""
    outcomes = chain.outcomes(wanted, patience_s=PATIENCE_S, settle_s=1)
    done = len(outcomes.enriched) + len(outcomes.rejected)
    assert done >= wanted
    return done


def health(deployment: Deployment, container: str, *, service: str = "worker") -> str:
    return str(deployment.containers(service)[container]["State"]["Health"]["Status"])
