"""``claimwire push``: articles from files and streams onto Kafka, each one confirmed."""

from __future__ import annotations

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Json, Prefix, call
from pipeline.cli.output import note, print_json
from pipeline.cli.progress import progress
from pipeline.cli.reading import AllowUrls, Columns, Paths, Source, print_summary, reading


def push(
    paths: Paths,
    source: Source = None,
    columns: Columns = None,
    allow_urls: AllowUrls = False,
    bootstrap: Bootstrap = None,
    prefix: Prefix = None,
    config: ConfigFile = None,
    json: Json = False,
    debug: Debug = False,
) -> int:
    """Push articles. JSON goes as it is (ArticleV1 or ninjs), everything else becomes an article.

    Exit code 1 if any could not be read or was not confirmed; each one is named. What holds no text is skipped, and
    counted. With --json a line for each record, and at the end one with the summary.

    Examples: claimwire push feed.xml pages/ · zcat news.csv.gz | claimwire push - --columns text=body
    """
    from pipeline.sources import Meter
    from pipeline.streaming.client import ArticleProducer

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
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
