"""``python -m pipeline.broker fetch``: brings Kafka's jars to this machine at install time, so that no start waits."""

import os
import sys

from pipeline.broker.fetch import fetch_jars, jars_dir
from pipeline.broker.jars import pinned_jars
from pipeline.errors import UsageError


def main(arguments: list[str]) -> int:
    """Run the only command; return the exit code: 0 done, 2 the user must change something."""
    if arguments != ["fetch"]:
        print("usage: python -m pipeline.broker fetch", file=sys.stderr)  # noqa: T201
        return 2
    try:
        jars = fetch_jars(os.environ, progress=print)
    except UsageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    version = pinned_jars().kafka_version
    print(f"Apache Kafka {version} is ready: {len(jars)} verified jars in {jars_dir(os.environ)}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
