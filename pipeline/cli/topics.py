"""``claimwire topics``: create, check and list the topics of config/topics.toml."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import Shown, note, plural, print_json

if TYPE_CHECKING:
    from pipeline.streaming.kafka.topics import Topic

HELP = "Create, check and list the topics."

PartitionsOption = Annotated[
    int | None,
    typer.Option(
        "--partitions", metavar="N", min=1, help="Number of partitions, instead of the file's.", show_default=False
    ),
]
TopicsFileOption = Annotated[
    Path | None,
    typer.Option(
        "--topics", metavar="FILE", help="Topics file, instead of the shipped config/topics.toml.", show_default=False
    ),
]


@with_context("bootstrap", "prefix", "config", "json", "csv")
def create(context: CommandContext, *, partitions: PartitionsOption = None, topics: TopicsFileOption = None) -> int:
    """Create missing topics. Existing topics are left unchanged."""
    from pipeline.streaming.kafka.topics import create_topics

    outcomes = create_topics(context.connection(), wanted_topics(context, topics, partitions))
    if context.json:
        for topic, outcome in outcomes:
            print_json({**asdict(topic), "outcome": outcome})
        return 0
    context.table(
        ("topic", "partitions", "outcome"), [(topic.name, topic.partitions, outcome) for topic, outcome in outcomes]
    )
    return 0


@with_context("bootstrap", "prefix", "config", "json", "csv")
def check(context: CommandContext, *, partitions: PartitionsOption = None, topics: TopicsFileOption = None) -> int:
    """Compare the topics with their configuration file. Exit code 1 if they differ."""
    from pipeline.streaming.kafka.topics import check_topics

    wanted = wanted_topics(context, topics, partitions)
    differences = check_topics(context.connection(), wanted)
    if context.json:
        for difference in differences:
            print_json(difference._asdict())
    elif differences or context.csv:
        context.table(("topic", "property", "wanted", "found"), differences)
    if not differences:
        note(f"all {plural(len(wanted), 'topic')} are configured as wanted")
    return 1 if differences else 0


@with_context("bootstrap", "prefix", "config", "json", "csv")
def list_topics(context: CommandContext, *, topics: TopicsFileOption = None) -> int:
    """List the topics as they are on the cluster."""
    from pipeline.streaming.kafka.topics import describe_topics

    found = describe_topics(context.connection(), [topic.name for topic in wanted_topics(context, topics)])
    if context.json:
        for name, topic in found.items():
            print_json(asdict(topic) if topic else {"name": name, "missing": True})
        return 0
    rows = [
        (name, topic.partitions, topic.replication_factor, _retention(topic.config.get("retention.ms")))
        if topic
        else (name, "missing", None, None)
        for name, topic in found.items()
    ]
    context.table(("topic", "partitions", "replicas", "retention"), rows)
    return 0


COMMANDS = {"create": create, "check": check, "list": list_topics}


def wanted_topics(
    context: CommandContext, file: Path | None = None, partitions: int | None = None
) -> tuple[Topic, ...]:
    """Return the topics of a file, by default of the shipped one."""
    from pipeline.settings import shipped
    from pipeline.streaming.kafka.topics import load_topics

    return load_topics(file or shipped("config") / "topics.toml", prefix=context.prefix, partitions=partitions)


def _retention(milliseconds: str | None) -> Shown:
    """Return days for people and milliseconds for programs; nothing where it has no end."""
    if milliseconds is None or int(milliseconds) < 0:
        return Shown("unlimited", None)
    return Shown(f"{int(milliseconds) / 86_400_000:g} days", int(milliseconds))
