"""The locked Kafka of config/secure: who has the certificate and the password gets in, nobody else."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest
from deployment import Deployment, free_port, run

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

FILES = "docker-compose.yml:config/secure/docker-compose.yml"


def claimwire(deployment: Deployment, *arguments: str, **environ: str) -> str:
    command = str(Path(sys.executable).with_name("claimwire"))
    return run(command, *arguments, "--bootstrap", deployment.bootstrap, environ={**deployment.environ, **environ})


def test_articles_pass_for_who_has_the_password_and_nobody_else_gets_in(project: Deployment, tmp_path: Path) -> None:
    secure = Deployment(f"{project.project}-secure", free_port(), compose_file=FILES)
    try:
        secure.up()
        secure.compose("cp", "worker:/client", str(tmp_path))
        client = tmp_path / "client"
        assert not (client / "kafka.pem").exists()
        login = {
            "CLAIMWIRE_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "CLAIMWIRE_KAFKA_SASL_MECHANISM": "PLAIN",
            "CLAIMWIRE_KAFKA_SASL_USERNAME": "claimwire",
            "CLAIMWIRE_KAFKA_SASL_PASSWORD_FILE": str(client / "password"),
            "CLAIMWIRE_KAFKA_SSL_CAFILE": str(client / "ca.pem"),
        }
        article = tmp_path / "article.txt"
        article.write_text("Unemployment in Ohio fell to 4 percent in 2015, Jane Smith said on Monday.")
        claimwire(secure, "push", str(article), **login)
        found = claimwire(secure, "tail", "enriched", "--from-beginning", "--limit", "1", "--json", **login)
        assert "Ohio" in found
        with pytest.raises(AssertionError, match="exit code 2"):
            claimwire(secure, "status")
        with pytest.raises(AssertionError, match="exit code 2"):
            claimwire(secure, "status", **{**login, "CLAIMWIRE_KAFKA_SSL_CAFILE": ""})
        (client / "password").chmod(stat.S_IRUSR | stat.S_IWUSR)
        password = (client / "password").read_text().strip()
        (client / "password").write_text("wrong")
        with pytest.raises(AssertionError, match="refuses this user's login"):
            claimwire(secure, "status", **login)
        assert len(password) == 48
        assert password not in secure.compose("logs")
        assert password not in secure.compose("config")
    finally:
        secure.down()


@pytest.mark.parametrize("profile", ["web", "monitoring"])
@pytest.mark.parametrize("files", ["docker-compose.yml", FILES])
def test_each_profile_opens_the_loopback_only_and_has_limits_and_no_password(profile: str, files: str) -> None:
    environ = {**os.environ, "COMPOSE_FILE": files, "GRAFANA_PASSWORD": ""}
    text = run("docker", "compose", "--profile", profile, "config", "--format", "json", environ=environ)
    services = json.loads(text)["services"]
    assert {port["host_ip"] for service in services.values() for port in service.get("ports", [])} == {"127.0.0.1"}
    for name, service in services.items():
        if name in {"topics", "certificates"}:
            continue
        assert service["deploy"]["resources"]["limits"]["memory"]
        assert service["restart"] != "no"
        assert service["cap_drop"] == ["ALL"]
        assert service["image"]
