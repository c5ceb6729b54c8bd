"""The commands, in the order in which a newcomer meets them."""

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
from pipeline.cli.commands import Command, Group
from pipeline.cli.examples import EXAMPLES

_COMMANDS = (
    demo.demo,
    up.up,
    push.push,
    tail.tail,
    enrich.enrich,
    report.report,
    web.web,
    status.status,
    rejected,
    topics,
    schema.schema,
    audit.audit,
    chaos.chaos,
    bench.bench,
    evaluate.evaluate,
    train.train,
    broker.broker,
    worker.worker,
    health.health,
)
_HELP = """Extract sentences, entities and check-worthy claims from a stream of news articles on Kafka, exactly once.

Exit codes: 0: success. 1: something failed; the message says what. 2: usage error."""


def command() -> Any:  # noqa: ANN401  (typer does not export the class)
    """Return the whole command line, ready to run."""
    app = _group(help=_HELP, epilog="Start with: claimwire demo", rich_markup_mode="rich")
    app.callback()(_root)
    for entry in _COMMANDS:
        if callable(entry):
            app.command(cls=Command)(entry)
            continue
        group = _group(help=entry.HELP)
        for name, function in entry.COMMANDS.items():
            group.command(name, cls=Command)(function)
        app.add_typer(group, name=entry.__name__.rpartition(".")[2])
    whole = typer.main.get_command(app)
    for name, leaf in leaves(whole):
        _format_help(leaf, EXAMPLES.get(name, ()))
    return whole


def _group(**settings: Any) -> typer.Typer:  # noqa: ANN401  (typer's)
    return typer.Typer(
        cls=Group, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]}, **settings
    )


def leaves(whole: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield the commands that do something, in their order, each with its name, such as ``topics create``."""
    for name, child in getattr(whole, "commands", {}).items():
        yield from leaves(child, (*path, name)) if hasattr(child, "commands") else [(" ".join((*path, name)), child)]


def _format_help(leaf: Any, examples: Sequence[str]) -> None:  # noqa: ANN401
    """Let the terminal break the lines of a docstring's paragraphs, and add the examples."""
    leaf.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in (leaf.help or "").split("\n\n"))
    heading = "Example:" if len(examples) == 1 else "Examples:"
    leaf.epilog = "\n\n".join([heading, *(escape(example) for example in examples)])


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"claimwire {__version__}")  # noqa: T201
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    pass
