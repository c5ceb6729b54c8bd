"""Workers come, go and crash and Kafka restarts while 2,000 articles pass through: each one comes out once."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from chain import Chain, place
from deployment import Deployment

from pipeline.contract.events import EntitiesV1, SentencesV1

pytestmark = [pytest.mark.docker, pytest.mark.timeout(1500)]

ARTICLES = 2_000
POISON_EACH = 100
SENTENCES = 30  # long enough that there is work left at each step
PATIENCE_S = 400

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


def test_every_article_comes_out_once_while_workers_come_go_and_crash_and_kafka_restarts(
    deployment: Deployment, tmp_path: Path
) -> None:
    halves = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    for half, path in enumerate(halves):
        path.write_text("".join(f"{article(number)}\n" for number in range(half, ARTICLES, 2)))
    chain = Chain(deployment.bootstrap, "", tmp_path)

    places = deployment.push(halves[0])
    deployment.up(workers=3)
    done_at = {"scaled to 3": reached(chain, 200)}
    first, *others = deployment.containers("worker")
    deployment.crash(first)
    places += deployment.push(halves[1])
    done_at["crashed and pushed"] = reached(chain, 500)
    deployment.compose("restart", "kafka")
    await_true(lambda: health(deployment, *deployment.containers("kafka"), service="kafka") == "healthy")
    done_at["kafka restarted"] = reached(chain, 900)
    assert deployment.containers("worker")[first]["RestartCount"] >= 1
    await_true(lambda: health(deployment, first) == "healthy")
    deployment.up(workers=1)
    done_at["scaled to 1"] = reached(chain, done_at["kafka restarted"])
    assert len(deployment.containers("worker")) == 1 < len(others) + 1

    outcomes = chain.outcomes(ARTICLES, patience_s=PATIENCE_S, settle_s=5)
    deployment.compose("stop", "worker")
    print(done_at)  # noqa: T201  (how far it was at each step)

    assert max(done_at.values()) < ARTICLES, f"nothing was left to do at the last step: {done_at}"
    assert len(places) == len(set(places)) == ARTICLES
    assert outcomes.places() == dict.fromkeys(places, 1)
    assert outcomes.disorder() == 0
    assert len(outcomes.rejected) == ARTICLES // POISON_EACH
    claims = [(place(claim.origin), claim.id) for claim in outcomes.claims]
    assert len(claims) == len(set(claims)) > 0
    for event in (SentencesV1, EntitiesV1):
        assert len(chain.records(event)) == len(outcomes.enriched)
    assert [container["State"]["ExitCode"] for container in deployment.containers("worker").values()] == [0]


def reached(chain: Chain, wanted: int) -> int:
    """How many articles have come out, once ``wanted`` have."""
    outcomes = chain.outcomes(wanted, patience_s=PATIENCE_S, settle_s=1)
    done = len(outcomes.enriched) + len(outcomes.rejected)
    assert done >= wanted
    return done


def health(deployment: Deployment, container: str, *, service: str = "worker") -> str:
    return str(deployment.containers(service)[container]["State"]["Health"]["Status"])


def await_true(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(1)
