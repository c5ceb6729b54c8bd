"""``claimwire push``: articles from files and streams onto Kafka, each one confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json
from pipeline.cli.progress import progress
from pipeline.cli.reading import AllowUrls, Columns, Counts, Paths, Source, parse_columns, print_summary, reading
from pipeline.cli.signals import sigterm_interrupts
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.push.watch import Happening, WatchOptions
    from pipeline.sources.memory import Memory

Watch = Annotated[
    bool, typer.Option("--watch", help="Stay, and push what is new in files, directories and addresses, until Ctrl-C.")
]
Every = Annotated[
    float, typer.Option("--every", metavar="SECONDS", min=1.0, help="With --watch: how often an address is read.")
]
Settle = Annotated[
    float,
    typer.Option(
        "--settle", metavar="SECONDS", min=0.0, help="With --watch: a file is read once it has not changed for so long."
    ),
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FILE",
        help="With --watch: what was pushed; else one for each topic in your user data directory.",
        show_default=False,
    ),
]


def push(  # noqa: PLR0913, PLR0917  (each is an option of the command)
    paths: Paths,
    source: Source = None,
    columns: Columns = None,
    allow_urls: AllowUrls = False,
    watch: Watch = False,
    every: Every = 300.0,
    settle: Settle = 2.0,
    state: State = None,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Push articles. JSON goes as it is (ArticleV1 or ninjs), everything else becomes an article.

    Exit code 1 if any could not be read or was not confirmed; each one is named. What holds no text is skipped, and
    counted. With --json a line for each record, and at the end one with the summary.
    """
    from pipeline.sources import Meter
    from pipeline.streaming.kafka.reader import ArticleProducer

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    if watch:
        from pipeline.push.watch import WatchOptions
        from pipeline.sources.documents import Options
        from pipeline.sources.paths import STDIN, check_paths

        check_paths(paths, allow_urls=allow_urls)
        if STDIN in paths:
            raise UsageError(
                "--watch keeps reading files, directories and addresses; standard input ends: push it without"
            )
        return _watch(
            WatchOptions(
                connection=this.connection(),
                prefix=this.prefix,
                paths=paths,
                sources=Options(source=source, columns=parse_columns(columns)),
                settle_s=settle,
                every_s=every,
            ),
            state,
            json=json,
        )
    meter = Meter()
    records = reading(paths, source=source, columns=columns, allow_urls=allow_urls, meter=meter)
    pushed, failed = 0, 0
    with ArticleProducer(this.connection(), prefix=this.prefix) as producer, progress("pushed", meter) as show:
        for delivery in producer.push(records):
            if delivery.error:
                failed += 1
                note(f"not pushed: {delivery.record.name}: {delivery.error}", "red")
            else:
                pushed += 1
            show(pushed)
            if json:
                print_json(
                    {
                        "name": delivery.record.name,
                        "key": delivery.record.key.decode(),
                        "topic": producer.topic,
                        "partition": None if delivery.error else delivery.partition,
                        "offset": None if delivery.error else delivery.offset,
                        "error": delivery.error,
                    }
                )
    counts = records.counts
    failed += counts.unreadable
    if json:
        print_json({"summary": {**counts.summary(), "pushed": pushed, "failed": failed}})
    else:
        print_summary(counts, ("pushed", pushed), ("failed", failed))
    note(f"pushed {pushed:,} to {producer.topic}, {failed:,} failed, {counts.skipped.total():,} skipped")
    return 1 if failed else 0


def _watch(options: WatchOptions, state: Path | None, *, json: bool) -> int:
    from pipeline.push.watch import Watch

    tally = _Tally(json=json)
    with _memory(options, state) as memory:
        try:
            with sigterm_interrupts():
                for happening in Watch(options, memory).run():
                    tally.take(happening)
        except KeyboardInterrupt:
            tally.end()
    return 1 if tally.failed else 0


def _memory(options: WatchOptions, state: Path | None) -> Memory:
    """The state, which is one cluster's and topic's."""
    import platformdirs

    from pipeline.contract.events import ArticleV1
    from pipeline.sources.memory import Memory
    from pipeline.streaming.kafka.offsets import cluster_id
    from pipeline.topology import TOPICS

    cluster, topic = cluster_id(options.connection), options.prefix + TOPICS[ArticleV1]
    file = state or platformdirs.user_data_path("claimwire") / "watch" / f"{cluster}-{topic}.sqlite"
    return Memory(file, topic=f"{topic} on the cluster {cluster}")


class _Tally:
    """Says and counts what a watch does."""

    def __init__(self, *, json: bool) -> None:
        self._json = json
        self._counts = Counts()
        self._pushed, self._known, self._refused = 0, 0, 0

    @property
    def failed(self) -> int:
        return self._refused + self._counts.unreadable

    def take(self, happening: Happening) -> None:
        from pipeline.push.watch import Failed, Pushed, Remark

        if isinstance(happening, Remark):
            note(happening.text)
            return
        if not isinstance(happening, Pushed | Failed):
            self._counts.take(happening)
            return
        record, why = happening.record, None
        self._counts.take(record)
        if isinstance(happening, Failed):
            self._refused, why = self._refused + 1, happening.why
            note(f"not pushed: {record.name}: {why}", "red")
        elif happening.new:
            self._pushed += 1
        else:
            self._known += 1
            return
        if self._json:
            print_json({"name": record.name, "key": record.key.decode(), "error": why})
        elif why is None:
            note(f"pushed: {record.name}")

    def end(self) -> None:
        if self._json:
            counts = {"pushed": self._pushed, "known": self._known, "failed": self.failed}
            print_json({"summary": {**self._counts.summary(), **counts}})
        else:
            print_summary(self._counts, ("pushed", self._pushed), ("known", self._known), ("failed", self.failed))
        note(f"stopped; what was pushed is known the next time: {self._pushed:,} articles, {self.failed:,} failed")
