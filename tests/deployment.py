"""docker-compose.yml as a user runs it, for tests: up, scale, crash, restart, down, and what Docker says of it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
IMAGE = "claimwire:test"


@dataclass(frozen=True)
class Deployment:
    """One Compose project with a Kafka at ``bootstrap`` on this machine."""

    project: str
    port: int
    compose_file: str = "docker-compose.yml"

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """Without what this machine says of another Kafka."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CLAIMWIRE_", "KAFKA_"))}
        images = {name: os.environ[name] for name in ("KAFKA_IMAGE",) if name in os.environ}
        ours = {"COMPOSE_PROJECT_NAME": self.project, "KAFKA_PORT": str(self.port), "WORKER_IMAGE": IMAGE}
        ours["COMPOSE_FILE"] = self.compose_file
        return {**clean, **images, **ours}

    def compose(self, *arguments: str) -> str:
        return run("docker", "compose", *arguments, environ=self.environ)

    def up(self, *, workers: int = 1) -> None:
        """Until everything is healthy."""
        self.compose("up", "--detach", "--wait", "--scale", f"worker={workers}")

    def down(self) -> None:
        """Also what was started of a profile."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans")

    def containers(self, service: str) -> dict[str, dict[str, Any]]:
        """What Docker knows of the containers of a service, by their ids; also of those that have ended."""
        ids = self.compose("ps", "--all", "--quiet", service).split()
        found = json.loads(run("docker", "inspect", *ids)) if ids else []
        return {container["Id"]: container for container in found}

    def crash(self, container: str) -> None:
        """SIGKILL to the main process. To Docker it ended by itself; after `docker kill` it would not be restarted."""
        pid = int(run("docker", "inspect", "--format", "{{.State.Pid}}", container))
        # From a container that sees the engine's processes: the engine may be on a machine of its own.
        code = f"import os, signal; os.kill({pid}, signal.SIGKILL)"
        run("docker", "run", "--rm", "--pid", "host", "--user", "0", "--entrypoint", "python3", IMAGE, "-c", code)

    def push(self, articles: Path) -> list[tuple[int, int]]:
        """`claimwire push` from the host; where each article is: partition and offset."""
        claimwire = str(Path(sys.executable).with_name("claimwire"))
        lines = run(claimwire, "push", str(articles), "--json", "--bootstrap", self.bootstrap, environ=self.environ)
        *deliveries, _summary = [json.loads(line) for line in lines.splitlines()]
        return [(delivery["partition"], delivery["offset"]) for delivery in deliveries]


def run(*command: str, environ: dict[str, str] | None = None, stdin: str = "", timeout_s: float = 600) -> str:
    """Standard output of a command that must succeed."""
    result = subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd=ROOT, env=environ, timeout=timeout_s, check=False
    )
    assert result.returncode == 0, f"{' '.join(command)}: exit code {result.returncode}\n{result.stderr[-4000:]}"
    return result.stdout


def succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def in_image(*arguments: str, options: Sequence[str] = (), stdin: str = "") -> str:
    """Standard output of a container of the image."""
    return run("docker", "run", "--rm", "--interactive", *options, IMAGE, *arguments, stdin=stdin)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
