"""The commands in the order in which a newcomer meets them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

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
    schema,
    status,
    tail,
    topics,
    train,
    up,
    web,
    worker,
)


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
    return typer.main.get_command(app)


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
