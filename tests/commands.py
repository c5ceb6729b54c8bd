"""``claimwire`` as a process, for tests on a real broker."""

import os
import subprocess
import sys
import uuid
from typing import Any

import orjson
from waiting import PATIENCE_S


class Cli:
    """``claimwire`` with the options that lead to one broker and one prefix."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.environ = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": bootstrap, "CLAIMWIRE_KAFKA_PREFIX": prefix}
        self.environ["CLAIMWIRE_WORKER_ID"] = prefix

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", "pipeline", *arguments], env=self.environ, **options)

    def run(
        self, *arguments: str, stdin: bytes = b"", timeout_s: float = PATIENCE_S
    ) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-m", "pipeline", *arguments]
        return subprocess.run(
            command, input=stdin, capture_output=True, env=self.environ, timeout=timeout_s, check=False
        )

    def json(self, *arguments: str, stdin: bytes = b"") -> list[dict[str, Any]]:
        result = self.run(*arguments, "--json", stdin=stdin)
        assert result.returncode == 0, result.stderr.decode()
        return [orjson.loads(line) for line in result.stdout.splitlines()]


def new_cli(kafka: str) -> Cli:
    cli = Cli(kafka, f"test-{uuid.uuid4().hex[:8]}.")
    assert cli.run("topics", "create", "--partitions", "2").returncode == 0
    return cli
