"""``make bench-peers``: the same model and batch function run by claimwire's worker and by its peers, in turn.

Each peer has a virtual environment of its own, the same broker, topics, partitions and articles, and one process. First
what each does when it is left alone, in several rounds; then what comes out of each while it is killed.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from pipeline.bench.corpus import Corpus, generated, renumbered
from pipeline.bench.rig import Chain, Latency, Rig, Throughput, temporary_rig
from pipeline.cli.context import CommandContext
from pipeline.cli.output import Tables, note, print_json
from pipeline.cli.signals import sigterm_interrupts
from pipeline.cli.topics import wanted_topics
from pipeline.cli.worker import worker_options
from pipeline.errors import UsageError

HERE = Path(__file__).parent
_ROOT = HERE.parents[2]
_VENVS = _ROOT / ".venv" / "peers"

_SEED = 1
_LOAD = 0.1  # of what the language functions do alone
_KILLED_TIMEOUT_S = 6.0  # Kafka's least, for all: the time after which a dead process' partitions go to the next
_QUIET_S = 10.0  # nothing new for so long: all that will come out has come
_STUCK_S = 90.0  # the same while articles are missing
_POLL_S = 0.05

_COLUMNS = (
    *("", "promises", "articles/s", "of raw", "CPU ms/article", "broker's", "RSS MB", "p50 ms", "p99 ms", "start s"),
    *("missing", "repeated"),
)
_FIGURES = (
    *(("articles_per_s", ",.1f"), ("share", ".3f"), ("cpu_ms", ".1f"), ("broker_cpu_ms", ".1f"), ("rss_mb", ",.0f")),
    *(("p50_ms", ",.0f"), ("p99_ms", ",.0f"), ("start_s", ".1f")),
)
_RATIOS = {
    "to_best_exactly_once": "claimwire's articles/s to those of the best exactly-once peer",
    "to_best_at_least_once": "claimwire's articles/s to those of the best at-least-once peer",
}

BenchReport = dict[str, Any]


@dataclass(frozen=True)
class Peer:
    """One way to run the batch function; ``name`` is that of its module and of its requirements."""

    name: str
    title: str
    exactly_once: bool


OURS = Peer("claimwire", "claimwire", exactly_once=True)
PEERS = (
    Peer("confluent_loop", "confluent-kafka, transactions", exactly_once=True),
    Peer("quix_streams", "Quix Streams, exactly once", exactly_once=True),
    Peer("sentry_arroyo", "sentry-arroyo", exactly_once=False),
    Peer("bytewax_flow", "Bytewax", exactly_once=False),
    Peer("faust_agent", "Faust", exactly_once=False),
)


@dataclass(frozen=True)
class Round:
    """What one peer did in one round; ``share`` is of the language functions alone in the same round."""

    throughput: Throughput
    latency: Latency
    start_s: float
    share: float


@dataclass(frozen=True)
class Killed:
    """What a reader of committed records saw of articles pushed while the process was killed again and again."""

    kills: int
    articles: int
    missing: int
    repeated: int
    seconds: float


def main() -> int:
    """Measure, and say what was found."""
    arguments = _arguments()
    chosen = _chosen(arguments.only)
    rounds: dict[str, list[Round]] = {peer.name: [] for peer in chosen}
    killed: dict[str, Killed] = {}
    with sigterm_interrupts(), ExitStack() as stack:
        context = CommandContext()
        rig = stack.enter_context(
            temporary_rig(
                lambda bootstrap: worker_options(context, context.connection(bootstrap)),
                wanted_topics(context),
                embedded=not context.settings.kafka.bootstrap_servers,
                environ=os.environ,
                progress=note,
            )
        )
        programs = {peer.name: _program(peer, rig.folder) for peer in chosen}
        corpus = generated(arguments.articles, seed=_SEED)
        with rig.raw(corpus) as raw:
            for number in range(arguments.rounds):
                alone = raw.run().articles_per_s
                for peer in chosen:
                    note(f"round {number + 1} of {arguments.rounds}: {peer.title}")
                    rounds[peer.name].append(_round(rig, programs[peer.name], corpus, alone, arguments.paced))
        for peer in chosen if arguments.kills else ():
            note(f"{arguments.kills} kills: {peer.title}")
            killed[peer.name] = _killed(rig, programs[peer.name], corpus, arguments.kills)
    report = _report(corpus, chosen, rounds, killed)
    if arguments.json:
        print_json(report)
    else:
        _show(report)
    return 0


def missing_and_repeated(copies: Counter[bytes], keys: Iterable[bytes]) -> tuple[int, int]:
    """Of the articles ``keys`` how many never came out, and how many records came out beyond the first of each."""
    found = [copies[key] for key in keys]
    return found.count(0), sum(max(0, count - 1) for count in found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-peers", description=__doc__)
    parser.add_argument("--articles", type=int, default=200, help="of a run [200]")
    parser.add_argument("--paced", type=int, default=30, help="articles, at a tenth of the load, for the latency [30]")
    parser.add_argument("--rounds", type=int, default=2, help="of which medians are taken [2]")
    parser.add_argument("--kills", type=int, default=5, help="of each; 0 leaves that part out [5]")
    parser.add_argument("--only", metavar="A,B", help=f"of {', '.join(peer.name for peer in (OURS, *PEERS))}")
    parser.add_argument("--json", action="store_true", help="for programs, on standard output")
    return parser.parse_args()


def _chosen(only: str | None) -> list[Peer]:
    peers = {peer.name: peer for peer in (OURS, *PEERS)}
    names = only.split(",") if only else list(peers)
    if unknown := [name for name in names if name not in peers]:
        raise UsageError(f"there is no peer {unknown[0]!r}; there are {', '.join(peers)}")
    return [peers[name] for name in names]


def _program(peer: Peer, folder: Path) -> list[str]:
    """The command of its process, whose virtual environment is made if it is not there or not as pinned."""
    if peer == OURS:
        return [sys.executable, "-m", "pipeline.bench.bench_worker"]
    venv, pins = _VENVS / peer.name, [_ROOT / "requirements.lock", HERE / f"{peer.name}.txt"]
    installed, wanted = venv / ".installed", "".join(path.read_text() for path in pins)
    if not installed.exists() or installed.read_text() != wanted:
        note(f"installing {peer.title}")
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv], check=True)
        install = [str(uv), "pip", "install", "--quiet", "--python", str(venv / "bin" / "python"), "-r"]
        subprocess.run([*install, str(pins[0]), "-e", str(_ROOT)], check=True)
        subprocess.run([*install, str(pins[1])], check=True)  # then, where it wants another version of ours, that one
        installed.write_text(wanted)
    return [str(venv / "bin" / "python"), "-m", f"bench.peers.{peer.name}", str(folder / peer.name)]


def _round(rig: Rig, program: Sequence[str], corpus: Corpus, alone: float, paced: int) -> Round:
    warm, count = rig.worker.batch, len(corpus)
    with rig.chain(renumbered(corpus, warm), program=program) as chain:
        throughput = chain.throughput(corpus, renumbered(corpus, count, first=warm))
        latency = chain.latency(renumbered(corpus, paced, first=warm + count), articles_per_s=alone * _LOAD)
        return Round(throughput, latency, chain.start_s, throughput.articles_per_s / alone)


def _killed(rig: Rig, program: Sequence[str], corpus: Corpus, kills: int) -> Killed:
    """Kills come whenever a further part of the articles is out, up to a second later: in the midst of a batch."""
    timing = replace(rig.worker.timing, session_timeout_s=_KILLED_TIMEOUT_S, transaction_timeout_s=_KILLED_TIMEOUT_S)
    records = renumbered(corpus, len(corpus), first=1)
    rng = random.Random(_SEED)  # noqa: S311  (nothing is secret here)
    with replace(rig, worker=replace(rig.worker, timing=timing)).chain(renumbered(corpus, 1), program=program) as chain:
        begin = time.monotonic()
        chain.push(records)
        for number in range(kills):
            _until(chain, 1 + len(records) * number // (kills + 1))
            time.sleep(rng.random())
            chain.kill(0)
        _until(chain, chain.pushed)
        _until_quiet(chain, _QUIET_S)
        last = max(chain.arrivals.times.values())
        missing, more = missing_and_repeated(chain.arrivals.copies, (record.key for record in records))
    return Killed(kills, len(records), missing, more, last - begin)


def _until(chain: Chain, articles: int) -> None:
    """Until so many came out, or none does any more."""
    since, came = time.monotonic(), 0
    while len(chain.arrivals.times) < articles and time.monotonic() - since < _STUCK_S:
        if len(chain.arrivals.times) != came:
            since, came = time.monotonic(), len(chain.arrivals.times)
        _keep_up(chain)


def _until_quiet(chain: Chain, seconds: float) -> None:
    """Until no record came out for so long."""
    since, came = time.monotonic(), 0
    while time.monotonic() - since < seconds:
        count = chain.arrivals.copies.total()
        if count != came:
            since, came = time.monotonic(), count
        _keep_up(chain)


def _keep_up(chain: Chain) -> None:
    """Start a process again that has ended by itself, and wait a little."""
    if chain.workers[0].poll() is not None:
        chain.kill(0)
    time.sleep(_POLL_S)


def _report(
    corpus: Corpus, chosen: Sequence[Peer], rounds: dict[str, list[Round]], killed: dict[str, Killed]
) -> BenchReport:
    report: BenchReport = {
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()},
        "corpus": {"name": corpus.name, "articles": len(corpus), "chars": corpus.chars, "tokens": corpus.tokens},
        "peers": [
            {
                **asdict(peer),
                **_medians(rounds[peer.name]),
                "killed": asdict(killed[peer.name]) if killed else None,
                "rounds": [asdict(found) for found in rounds[peer.name]],
            }
            for peer in chosen
        ],
    }
    if OURS in chosen:
        for name, exactly_once in (("to_best_exactly_once", True), ("to_best_at_least_once", False)):
            others = [peer for peer in chosen if peer != OURS and peer.exactly_once == exactly_once]
            if others:
                report[name] = min(_ratio(rounds[OURS.name], rounds[peer.name]) for peer in others)
    return report


def _medians(rounds: Sequence[Round]) -> BenchReport:
    figures = [
        {
            **asdict(found.throughput),
            "share": found.share,
            "start_s": found.start_s,
            "paced_articles_per_s": found.latency.articles_per_s,
            "p50_ms": found.latency.p50_ms,
            "p99_ms": found.latency.p99_ms,
        }
        for found in rounds
    ]
    return {name: median(figure[name] for figure in figures) for name in figures[0]}


def _ratio(ours: Sequence[Round], theirs: Sequence[Round]) -> float:
    """Of the rates, each with that of the same round."""
    return median(
        our.throughput.articles_per_s / their.throughput.articles_per_s for our, their in zip(ours, theirs, strict=True)
    )


def _show(report: BenchReport) -> None:
    Tables(csv=False)(
        _COLUMNS,
        [
            (
                peer["title"],
                "exactly once" if peer["exactly_once"] else "at least once",
                *(f"{peer[name]:{form}}" for name, form in _FIGURES),
                *(
                    (f"{peer['killed']['missing']:,}", f"{peer['killed']['repeated']:,}")
                    if peer["killed"]
                    else ("", "")
                ),
            )
            for peer in report["peers"]
        ],
    )
    for name, text in _RATIOS.items():
        if name in report:
            note(f"{text}: {report[name]:.3f}", "bold")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UsageError as exc:
        note(str(exc), "red")
        sys.exit(2)
