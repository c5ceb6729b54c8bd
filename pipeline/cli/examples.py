"""Examples for the ``--help`` of each command. A test parses each of them."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "demo": ("claimwire demo", "claimwire demo article.txt feed.xml --json"),
    "up": ("claimwire up --workers 2 --web 8765", "claimwire up --bootstrap kafka.example:9092"),
    "push": (
        "claimwire push feed.xml pages/ archive.warc.gz",
        "zcat news.csv.gz | claimwire push - --columns text=body,title=kicker",
        "claimwire push --watch inbox/ https://news.example/rss --allow-urls --every 600",
    ),
    "tail": (
        "claimwire tail claims --from-beginning --where label=CFS --where source=Reuters",
        "claimwire tail enriched --json | head -1",
        "claimwire tail enriched --from-beginning --limit 50 --html news.html",
    ),
    "enrich": (
        "claimwire enrich --claims feed.xml",
        "claimwire enrich --claims --csv feed.xml > claims.csv",
        "claimwire enrich --changes yesterday.jsonl today.jsonl",
        "claimwire enrich news/ --html news.html",
        "claimwire enrich --explain article.txt",
    ),
    "report": (
        "claimwire report --since 7d --plot week.png --plot week.svg",
        "claimwire report --where label=CFS --csv > claims.csv",
        "claimwire report --published --since 2031-05-01 --until 2031-06-01 --json",
    ),
    "web": ("claimwire web --port 8080", "claimwire web --allow-replay"),
    "status": ("claimwire status --watch 5", "claimwire status --count --json"),
    "rejected list": ("claimwire rejected list --reason not-json --since 2h",),
    "rejected show": ("claimwire rejected show 3/17", "claimwire rejected show 3/17 --raw > broken.json"),
    "rejected replay": (
        "claimwire rejected replay --stage tag_entities",
        "claimwire rejected replay 3/17 --edit --yes",
    ),
    "rejected drop": ("claimwire rejected drop --reason no-text --until 7d --yes",),
    "topics create": ("claimwire topics create --partitions 24", "claimwire topics create --prefix test."),
    "topics check": ("claimwire topics check --json",),
    "topics list": ("claimwire topics list",),
    "schema": ("claimwire schema claim", "claimwire schema > asyncapi.json"),
    "audit": ("claimwire audit", "claimwire audit --repair --json"),
    "chaos": ("claimwire chaos --seed 7", "claimwire chaos --articles 5000 --workers 3 --faults kill=4,broker=1"),
    "bench": ("claimwire bench --only throughput,latency --plot bench.svg", "claimwire bench --articles corpus.jsonl"),
    "evaluate": (
        "claimwire evaluate news_gold/ --part test --plot calibration.png",
        "claimwire evaluate claims.csv --json",
    ),
    "train": ("claimwire train --data data/ --base bases/ --out model/",),
    "broker": ("claimwire broker --port 19092 --data-dir /tmp/kafka",),
    "worker": ("claimwire worker --bootstrap kafka.example:9092", "claimwire worker --stages tag_entities"),
    "health": ("claimwire health",),
}
