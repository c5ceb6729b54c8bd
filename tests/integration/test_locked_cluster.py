"""A broker with TLS, passwords and access control, and what each of our roles needs there and nothing more."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from waiting import wait_until

from pipeline.broker import EmbeddedKafka
from pipeline.broker.ports import pick_free
from pipeline.errors import UsageError
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.kafka.reader import RecordReader

pytestmark = pytest.mark.slow

PASSWORD = "correct-horse-battery"  # noqa: S105  (of a broker that lives for this test)
SECURITY = Path(__file__).parents[2] / "SECURITY.md"


@dataclass
class Cluster:
    kafka: EmbeddedKafka
    sasl: str
    tls: str
    folder: Path
    said: list[str] = field(default_factory=list)

    def environ(self, user: str, **settings: str) -> dict[str, str]:
        """For ``user``: by certificate where it is ``tls``, else by SCRAM-SHA-512 and a password."""
        given = {
            "bootstrap_servers": self.tls if user == "tls" else self.sasl,
            "security_protocol": "SSL" if user == "tls" else "SASL_SSL",
            "ssl_cafile": str(self.folder / "ca.pem"),
            "prefix": "locked.",
        }
        if user == "tls":
            given |= {"ssl_certfile": str(self.folder / "tls.pem"), "ssl_keyfile": str(self.folder / "tls.key")}
            given |= {"ssl_keyfile_password": PASSWORD}
        else:
            given |= {"sasl_mechanism": "SCRAM-SHA-512", "sasl_username": user, "sasl_password": PASSWORD}
        given |= settings
        ours = {f"CLAIMWIRE_KAFKA_{name.upper()}": value for name, value in given.items()}
        return {**os.environ, **ours, "CLAIMWIRE_METRICS_PORT": "0"}

    def run(self, user: str, *arguments: str, stdin: str = "", **settings: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            env=self.environ(user, **settings),
            timeout=120,
            check=False,
        )
        self.said.append(done.stdout + done.stderr)
        return done.returncode, self.said[-1]


def pem(key: bytes, encryption: KeySerializationEncryption) -> bytes:
    return load_pem_private_key(key, None).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def certificates(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    trustme.CA().cert_pem.write_to_path(folder / "other-ca.pem")
    server = authority.issue_cert("127.0.0.1")
    chain = b"".join(blob.bytes() for blob in server.cert_chain_pems)
    (folder / "server.pem").write_bytes(pem(server.private_key_pem.bytes(), NoEncryption()) + chain)
    yesterday = datetime.now(timezone.utc) - timedelta(days=1)
    for name, ends in {"tls": None, "expired": yesterday}.items():
        client = authority.issue_cert("client@example.org", common_name="tls", not_after=ends)
        (folder / f"{name}.pem").write_bytes(client.cert_chain_pems[0].bytes())
        encryption = BestAvailableEncryption(PASSWORD.encode())
        (folder / f"{name}.key").write_bytes(pem(client.private_key_pem.bytes(), encryption))


def properties(folder: Path, sasl: str, tls: str) -> dict[str, str]:
    login = "org.apache.kafka.common.security"
    return {
        "listeners": f"SASL_SSL://{sasl},SSL://{tls}",
        "advertised.listeners": f"SASL_SSL://{sasl},SSL://{tls}",
        "listener.security.protocol.map": "SASL_SSL:SASL_SSL,SSL:SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "server.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / "ca.pem"),
        "listener.name.ssl.ssl.client.auth": "required",
        "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]+).*$/$1/,DEFAULT",
        "listener.name.sasl_ssl.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        "listener.name.sasl_ssl.plain.sasl.jaas.config": f"{login}.plain.PlainLoginModule required "
        f'user_admin="{PASSWORD}";',
        "listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config": f"{login}.scram.ScramLoginModule required;",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": f"{login}.scram.ScramLoginModule required;",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",  # the listener without a password, by which this test sets all up
    }


def documented() -> dict[str, list[tuple[str, str, str]]]:
    """The table of SECURITY.md: for each role the kind of resource, its name and the operation."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for role, kind, names, operations in re.findall(
        r"^\| (\w+) \| (topic|group|transactional id|cluster) \| (.+?) \| (.+?) \|$", SECURITY.read_text(), re.MULTILINE
    ):
        for name in re.findall(r"`([^`]+)`", names):
            found.setdefault(role, []).extend((kind, name, operation) for operation in operations.split(", "))
    return found


def acls(role: str, user: str) -> list[ACL]:
    kinds = {
        "topic": ResourceType.TOPIC,
        "group": ResourceType.GROUP,
        "transactional id": ResourceType.TRANSACTIONAL_ID,
        "cluster": ResourceType.CLUSTER,
    }
    rights = []
    for kind, name, operation in documented()[role]:
        literal = name if kind == "cluster" else "locked." + name.removesuffix("*")
        pattern = ACLResourcePatternType.PREFIXED if name.endswith("*") else ACLResourcePatternType.LITERAL
        resource = ResourcePattern(kinds[kind], literal, pattern)
        how = ACLOperation[re.sub(r"(?<!^)(?=[A-Z])", "_", operation).upper()]
        rights.append(ACL(f"User:{user}", "*", how, ACLPermissionType.ALLOW, resource))
    return rights


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("locked")
    certificates(folder)
    sasl, tls = f"127.0.0.1:{pick_free()}", f"127.0.0.1:{pick_free()}"
    kafka = EmbeddedKafka(folder / "kafka", environ=os.environ, properties=properties(folder, sasl, tls))
    try:
        kafka.start()
    except UsageError as error:
        if os.environ.get("REQUIRE_KAFKA") == "1" or "Java" not in str(error):
            pytest.fail(f"no Kafka: {error}")
        pytest.skip(str(error))
    with closing(KafkaAdminClient(bootstrap_servers=kafka.bootstrap)) as admin:
        users = ("worker", "pusher", "watcher", "reader", "mender", "admin", "nobody")
        for how in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
            made = admin.alter_user_scram_credentials(
                [UserScramCredentialUpsertion(user, how, PASSWORD) for user in users]
            )
            assert not any(made.values()), made
        rights = [acl for role in users[:-1] for acl in acls(role, role)]
        rights += [acl for role in users[:-1] for acl in acls(role, "tls")]
        assert not admin.create_acls(rights)["failed"]
    cluster = Cluster(kafka, sasl, tls, folder)
    code, said = cluster.run("admin", "topics", "create")
    assert code == 0, said
    yield cluster
    kafka.stop()


@contextmanager
def watching(cluster: Cluster, user: str, folder: Path) -> Iterator[Path]:
    """A `push --watch` of a folder as ``user``, and its log."""
    log = folder.with_suffix(".log")
    where = ["--settle", "0.5", "--state", str(folder.with_suffix(".state"))]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "push", "--watch", str(folder), *where],
            stdout=output,
            stderr=output,
            env=cluster.environ(user),
        )
    try:
        yield log
        assert process.poll() is None, log.read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
        cluster.said.append(log.read_text())


def await_pushed(cluster: Cluster, texts: set[bytes]) -> None:
    """Until these are on the topic, and once each."""

    def pushed() -> list[bytes]:
        with RecordReader(
            Connection((cluster.kafka.bootstrap,)), ["locked.news.articles"], start="beginning"
        ) as reader:
            return [text for record in reader.until_end() for text in re.findall(rb"Watched \d", record.value or b"")]

    wait_until(lambda: texts <= set(pushed()))
    assert sorted(pushed()) == sorted(texts)


@contextmanager
def working(cluster: Cluster, user: str) -> Iterator[Path]:
    """A worker as ``user``, and its log."""
    log = cluster.folder / f"worker-{user}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "worker", "--worker-id", f"w-{user}"],
            stdout=output,
            stderr=output,
            env=cluster.environ(user),
        )
    try:
        yield log
        assert process.poll() is None
    finally:
        process.terminate()
        code = process.wait(30)
        cluster.said.append(log.read_text())
    assert code == 0, log.read_text()


def chain_as(cluster: Cluster, *, worker: str, pusher: str, reader: str, number: str) -> None:
    """A worker, an article through it and its claim read, as these users."""
    with working(cluster, worker) as log:
        text = f"Unemployment fell to {number} percent in 2015, Jane Smith said."
        code, said = cluster.run(pusher, "push", "-", stdin=text)
        assert code == 0, said
        code, said = cluster.run(reader, "tail", "claims", "--from-beginning", "--limit", "1", "--json")
        assert (code, "Unemployment" in said) == (0, True), said + log.read_text()
        for command in (["status"], ["rejected", "list"]):
            code, said = cluster.run(reader, *command)
            assert code == 0, said


def test_each_role_does_its_work_with_the_rights_that_are_documented(cluster: Cluster) -> None:
    chain_as(cluster, worker="worker", pusher="pusher", reader="reader", number="4")


def test_who_watches_a_folder_needs_the_rights_that_are_documented(cluster: Cluster, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in (1, 2):  # the second time it reads what the first has pushed
        (folder / f"{number}.txt").write_text(f"Watched {number}\n")
        with watching(cluster, "watcher", folder):
            await_pushed(cluster, {b"Watched %d" % one for one in range(1, number + 1)})
    code, said = cluster.run("pusher", "push", "--watch", str(folder), "--state", str(tmp_path / "other.state"))
    assert code == 2, said
    assert "does not permit" in said or "not authorized" in said, said


def test_a_certificate_and_no_password_does_as_well(cluster: Cluster) -> None:
    chain_as(cluster, worker="tls", pusher="tls", reader="tls", number="5")


def test_who_mends_needs_the_rights_that_are_documented_and_a_reader_may_look(cluster: Cluster) -> None:
    with working(cluster, "worker") as log:
        code, said = cluster.run("pusher", "push", "-", stdin='{"headline": "No text"}\n')
        assert code == 0, said
        wait_until(lambda: "no-text" in cluster.run("reader", "rejected", "list", "--json")[1], says=log.read_text)
    for user, command in [
        ("mender", ["rejected", "replay", "--yes"]),
        ("mender", ["audit", "--repair"]),
        ("reader", ["audit"]),
    ]:
        code, said = cluster.run(user, *command)
        assert code == 0, (command, said)
    code, said = cluster.run("reader", "audit", "--repair")
    assert code == 2, said
    assert "does not permit" in said or "not authorized" in said, said


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
def test_the_other_mechanisms_let_in_as_well(cluster: Cluster, mechanism: str) -> None:
    code, said = cluster.run("admin", "topics", "check", sasl_mechanism=mechanism)
    assert code == 0, said


@pytest.mark.parametrize(
    ("user", "settings", "says"),
    [
        ("worker", {"sasl_password": "wrong-horse"}, "refuses this user's login"),
        ("worker", {"ssl_cafile": "other-ca.pem"}, "see the kafka.ssl_ settings"),
        ("worker", {"ssl_cafile": "absent.pem"}, "see the kafka.ssl_ settings"),
        ("tls", {"ssl_certfile": "expired.pem", "ssl_keyfile": "expired.key"}, "see the kafka.ssl_ settings"),
        ("tls", {"ssl_certfile": "", "ssl_keyfile": ""}, "see the kafka.ssl_ settings"),
        ("tls", {"ssl_keyfile_password": "wrong-horse"}, "see the kafka.ssl_ settings"),
        ("nobody", {}, "not authorized"),
    ],
)
def test_who_is_not_let_in_gets_one_line_that_says_what_to_do(
    cluster: Cluster, user: str, settings: dict[str, str], says: str
) -> None:
    files = {
        name: str(cluster.folder / value) if value and name.endswith("file") else value
        for name, value in settings.items()
    }
    code, said = cluster.run(user, "worker", "--worker-id", "w-refused", **files)
    lines = [line for line in said.splitlines() if line.startswith("claimwire:")]
    assert (code, len(lines)) == (2, 1), said
    assert says in lines[0], said


def test_no_secret_is_in_anything_that_was_said(cluster: Cluster) -> None:
    if not cluster.said:
        cluster.run("worker", "status", "--debug")
    for said in [*cluster.said, cluster.kafka.log_file.read_text(encoding="utf-8", errors="replace")]:
        assert PASSWORD not in said
        assert "wrong-horse" not in said
        assert "PRIVATE KEY" not in said
