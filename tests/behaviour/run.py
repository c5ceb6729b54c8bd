"""Run the behaviour tests and print a table of pass rates by kind: ``make behaviour``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import orjson
from behaviour.cases import Case, Result
from behaviour.draw import Draw
from behaviour.table import KINDS
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.contract.events import Article, ClaimV1, EnrichedV1, Origin
from pipeline.nlp.model import load_model
from pipeline.settings import load_settings
from pipeline.stages.context import Context, context_of
from pipeline.stages.split_sentences import Arrival
from pipeline.topology import enrich_arrivals

SEED = 1
CASES_OF_A_KIND, SAMPLE_OF_A_KIND = 400, 24
RECORD = Path(__file__).with_name("passed.json")  # of the sample, by kind
_BATCH_CASES = 200
_ORIGIN = Origin(topic="news.articles", partition=0, offset=0, timestamp=0)


@dataclass(frozen=True)
class Outcome:
    """A case, and what was wrong with it."""

    kind: str
    template: str
    case: Case
    failures: list[str]


def cases(kind: str, count: int, *, seed: int = SEED) -> Iterator[tuple[str, Case]]:
    """Yield so many cases of a kind with their templates' names, each template in turn."""
    templates = KINDS[kind]
    for number in range(count):
        template = templates[number % len(templates)]
        name = template.__name__
        yield name, template(Draw(f"{seed}/{kind}/{name}/{number // len(templates)}"))


def outcomes(kinds: Sequence[str], count: int, context: Context, *, seed: int = SEED) -> list[Outcome]:
    """Run so many cases of each kind, many in one call."""
    drawn = ((kind, *case) for kind in kinds for case in cases(kind, count, seed=seed))
    found = []
    while batch := list(islice(drawn, _BATCH_CASES)):
        results = iter(results_of([article for _, _, case in batch for article in case.articles], context))
        found += [
            Outcome(kind, name, case, case.failures(list(islice(results, len(case.articles)))))
            for kind, name, case in batch
        ]
    return found


def results_of(articles: Sequence[Article], context: Context) -> list[Result]:
    """Give what the program makes of articles: the one place that calls it."""
    results = []
    for event, *claims in enrich_arrivals([Arrival(article, _ORIGIN) for article in articles], context):
        assert isinstance(event, EnrichedV1)
        results.append(Result(event, [claim for claim in claims if isinstance(claim, ClaimV1)]))
    return results


def rates(found: Sequence[Outcome], by: str = "kind") -> dict[str, tuple[int, int]]:
    """Give how many cases passed, and of how many, by kind, by template, or by what was drawn ("culture", "quotes")."""
    counted: dict[str, tuple[int, int]] = {}
    for outcome in found:
        keys = {"kind": outcome.kind, "template": f"{outcome.kind[:9]} {outcome.template}", **outcome.case.tags}
        if by in keys:
            passed, of = counted.get(keys[by], (0, 0))
            counted[keys[by]] = passed + (not outcome.failures), of + 1
    return counted


@cache
def shipped_context() -> Context:
    """The context of the shipped model and the shipped threshold."""
    return context_of(load_model(), threshold=load_settings(environ={}).claims.threshold)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and the failing examples that were asked for."""
    parser = argparse.ArgumentParser(prog="make behaviour", description="Pass rates of the behaviour tests by kind.")
    parser.add_argument(
        "--show", metavar="KIND", help="print the failing examples of kinds or templates with this name"
    )
    parser.add_argument("--by", default="kind", choices=("kind", "template", "culture", "quotes"), help="rows")
    parser.add_argument("--only", metavar="KIND", default="", help="run only the kinds with this in their name")
    parser.add_argument("--cases", metavar="N", type=int, default=CASES_OF_A_KIND, help="cases of each kind")
    parser.add_argument("--seed", metavar="N", type=int, default=SEED, help="draw other cases")
    parser.add_argument("--record", action="store_true", help="record what passes now of the sample in `make test`")
    given = parser.parse_args(arguments)
    context = shipped_context()
    if given.record:
        passed = {kind: passed for kind, (passed, _) in rates(outcomes(list(KINDS), SAMPLE_OF_A_KIND, context)).items()}
        before = orjson.loads(RECORD.read_bytes())
        for kind in (kind for kind in KINDS if passed[kind] < before.get(kind, 0)):
            sys.exit(f"{kind}: {passed[kind]} pass, fewer than the {before[kind]} recorded. Nothing is recorded.")
        RECORD.write_bytes(orjson.dumps(passed, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    found = outcomes([kind for kind in KINDS if given.only in kind], given.cases, context, seed=given.seed)
    console = Console()
    if given.show is not None:
        shown = (outcome for outcome in found if given.show in f"{outcome.kind} {outcome.template}")
        console.print("\n".join(_example(outcome) for outcome in shown if outcome.failures))
    console.print(_table(found, given.by))


def _example(outcome: Outcome) -> str:
    texts = (f"{article.text!r} ({article.language})" for article in outcome.case.articles)
    failures = (f"    [red]{escape(failure)}[/]" for failure in outcome.failures)
    return "\n".join(
        [f"[bold]{outcome.kind}[/] {outcome.template}", *(f"  {escape(text)}" for text in texts), *failures]
    )


def _table(found: Sequence[Outcome], by: str) -> Table:
    table = Table(by, "cases", "passed", "rate")
    for column in table.columns[1:]:
        column.justify = "right"
    counted = rates(found, by)
    total = tuple(map(sum, zip(*counted.values(), strict=True)))
    for name, (passed, of) in [*(counted.items() if by == "kind" else sorted(counted.items())), ("all", total)]:
        table.add_row(name, str(of), str(passed), f"{passed / of:.1%}")
    return table


if __name__ == "__main__":
    main()
