"""Stock Faust, at least once: one agent that takes batches, all else as Faust has it."""

from __future__ import annotations

import sys
from typing import Any

import faust
from bench.peers.work import Article, work


def main() -> None:
    """Run until killed."""
    this = work()
    app = faust.App(
        this.group,
        broker=[f"kafka://{server}" for server in this.bootstrap.split(",")],
        broker_session_timeout=this.session_timeout_ms / 1000,
        datadir=this.folder,
        web_enabled=False,  # its port may be taken
    )
    articles = app.topic(this.articles, key_type=bytes, value_type=bytes, value_serializer="raw")
    outputs = {name: app.topic(name, key_type=bytes, value_type=bytes, value_serializer="raw") for name in this.outputs}

    @app.agent(articles)  # type: ignore[untyped-decorator]
    async def enrich(stream: Any) -> None:
        async for events in stream.take_events(this.batch, within=this.linger_s):
            messages = [event.message for event in events]
            found = this.enrich(
                [Article(m.key, m.value, m.partition, m.offset, round(m.timestamp * 1000)) for m in messages]
            )
            for output in found:
                await outputs[output.topic].send(key=output.key, value=output.value)

    sys.argv[1:] = ["worker", "--loglevel", "warn"]
    app.main()


if __name__ == "__main__":
    main()
