"""``claimwire topics``: create, check and list the topics of config/topics.toml."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Bootstrap, Call, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from pipeline.streaming.kafka.topics import Topic

app = typer.Typer(no_args_is_help=True)

Partitions = Annotated[
    int | None, typer.Option("--partitions", min=1, help="Instead of the file's number.", show_default=False)
]
TopicsFile = Annotated[
    Path | None,
    typer.Option("--topics", metavar="FILE", help="Instead of the shipped config/topics.toml.", show_default=False),
]


@app.command()
def create(
    partitions: Partitions = None,
    topics: TopicsFile = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Make the topics that are missing. What exists is left as it is."""
    from pipeline.streaming.kafka.topics import create

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    outcomes = create(this.connection(), wanted(this, topics, partitions))
    if json:
        for topic, outcome in outcomes:
            print_json({**asdict(topic), "outcome": outcome})
    else:
        print_table(
            ("topic", "partitions", "outcome"), [(topic.name, str(topic.partitions), out) for topic, out in outcomes]
        )
    return 0


@app.command()
def check(
    partitions: Partitions = None,
    topics: TopicsFile = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Say where the topics differ from what they shall be. Exit code 1 if they do."""
    from pipeline.streaming.kafka.topics import check

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    topics_wanted = wanted(this, topics, partitions)
    differences = check(this.connection(), topics_wanted)
    if json:
        for difference in differences:
            print_json(difference._asdict())
    elif differences:
        print_table(("topic", "what", "wanted", "found"), differences)
    else:
        note(f"all {len(topics_wanted)} topics are as they shall be")
    return 1 if differences else 0


@app.command(name="list")
def list_(
    topics: TopicsFile = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Show the topics as the cluster has them."""
    from pipeline.streaming.kafka.topics import describe

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    wanted_topics = wanted(this, topics, None)
    found = describe(this.connection(), [topic.name for topic in wanted_topics])
    if json:
        for name, topic in found.items():
            print_json(asdict(topic) if topic else {"name": name, "missing": True})
        return 0
    rows = [
        (name, str(topic.partitions), str(topic.replication_factor), _days(topic.config.get("retention.ms")))
        if topic
        else (name, "missing", "", "")
        for name, topic in found.items()
    ]
    print_table(("topic", "partitions", "replicas", "retention"), rows)
    return 0


def wanted(this: Call, file: Path | None = None, partitions: int | None = None) -> tuple[Topic, ...]:
    """The topics of a file, else of the shipped one."""
    from pipeline.settings import shipped
    from pipeline.streaming.kafka.topics import load_topics

    return load_topics(file or shipped("config") / "topics.toml", prefix=this.prefix, partitions=partitions)


def _days(milliseconds: str | None) -> str:
    if milliseconds is None or int(milliseconds) < 0:
        return "for ever"
    return f"{int(milliseconds) / 86_400_000:g} days"
