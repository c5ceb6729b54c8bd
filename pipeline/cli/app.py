"""The commands in the order in which a newcomer meets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from pipeline import __version__
from pipeline.cli import (
    audit,
    bench,
    broker,
    chaos,
    demo,
    enrich,
    evaluate,
    health,
    push,
    rejected,
    report,
    schema,
    status,
    tail,
    topics,
    train,
    up,
    web,
    worker,
)
from pipeline.cli.examples import EXAMPLES


def command() -> Any:  # noqa: ANN401  (typer does not export the class)
    """The whole command line, ready to run."""
    app = typer.Typer(
        help="News articles on Kafka become sentences, entities and claims with who made them, exactly once.",
        epilog="Start with: claimwire demo",
        no_args_is_help=True,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    app.command()(demo.demo)
    app.command()(up.up)
    app.command()(push.push)
    app.command()(tail.tail)
    app.command()(enrich.enrich)
    app.command()(report.report)
    app.command()(web.web)
    app.command()(status.status)
    app.add_typer(rejected.app, name="rejected", help="Records that a stage could not take: list, show, replay, drop.")
    app.add_typer(topics.app, name="topics", help="The topics of the chain: create, check, list.")
    app.command()(schema.schema)
    app.command()(audit.audit)
    app.command()(chaos.chaos)
    app.command()(bench.bench)
    app.command()(evaluate.evaluate)
    app.command()(train.train)
    app.command()(broker.broker)
    app.command()(worker.worker)
    app.command()(health.health)
    found = typer.main.get_command(app)
    for name, leaf in leaves(found):
        _explain(leaf, EXAMPLES.get(name, ()))
    return found


def leaves(whole: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """The commands that do something, in their order, each with its name, such as ``topics create``."""
    for name, found in getattr(whole, "commands", {}).items():
        yield from leaves(found, (*path, name)) if hasattr(found, "commands") else [(" ".join((*path, name)), found)]


def _explain(leaf: Any, examples: Sequence[str]) -> None:  # noqa: ANN401
    """Let the terminal break the lines of a docstring's paragraphs, and show the examples below."""
    leaf.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in (leaf.help or "").split("\n\n"))
    heading = "Example:" if len(examples) == 1 else "Examples:"
    leaf.epilog = "\n\n".join([heading, *(escape(example) for example in examples)])


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"claimwire {__version__}")  # noqa: T201
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Say which claimwire this is.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    pass
