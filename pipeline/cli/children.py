"""The command line and the environment of the workers that ``up`` and ``demo`` start."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def worker_command(*, bootstrap: str, prefix: str, config: Path | None, debug: bool = False) -> list[str]:
    """Return the call of ``claimwire worker``: by the script that belongs to this Python, else by module."""
    script = Path(sys.executable).with_name("claimwire")
    start = [str(script)] if script.is_file() else [sys.executable, "-m", "pipeline"]
    command = [*start, "worker", "--bootstrap", bootstrap, "--prefix", prefix]
    if config:
        command += ["--config", str(config)]
    return [*command, "--debug"] if debug else command


def for_embedded_kafka(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what belongs to another Kafka: the embedded one has neither TLS nor users."""
    return {
        name: value
        for name, value in environ.items()
        if name != "KAFKA_BOOTSTRAP_SERVERS"
        and not name.startswith(("CLAIMWIRE_KAFKA_SASL_", "CLAIMWIRE_KAFKA_SSL_", "CLAIMWIRE_KAFKA_SECURITY_"))
    }
