"""``python -m pipeline.broker fetch``: bring Kafka's jars to this machine at install time, so that no start waits.

``python -m pipeline.broker verify``: check those that are here, and print each with its SHA-256.
"""

import os
import sys

from pipeline.broker.download import fetch_jars, jars_dir
from pipeline.broker.jars import is_intact, locate, pinned_jars
from pipeline.errors import UsageError


def main(arguments: list[str]) -> int:
    """Run a command and return its exit code: 0: success. 1: a jar is damaged or missing. 2: usage error."""
    if arguments == ["verify"]:
        return _verify()
    if arguments != ["fetch"]:
        print("usage: python -m pipeline.broker fetch|verify", file=sys.stderr)  # noqa: T201
        return 2
    try:
        jars = fetch_jars(os.environ, progress=print, verify=True)
    except UsageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    version = pinned_jars().kafka_version
    print(f"Apache Kafka {version} is ready: {len(jars)} verified jars in {jars_dir(os.environ)}")  # noqa: T201
    return 0


def _verify() -> int:
    directory, bad = jars_dir(os.environ), 0
    for jar in pinned_jars().jars:
        intact = is_intact(jar, directory)
        bad += not intact
        print(f"{'ok     ' if intact else 'DAMAGED'} {jar.sha256}  {locate(jar, directory)}")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
