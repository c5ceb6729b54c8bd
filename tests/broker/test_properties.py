from pathlib import Path

import pytest

from pipeline.broker.properties import server_properties
from pipeline.errors import UsageError


def parse(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def test_it_listens_on_loopback_only() -> None:
    settings = parse(server_properties(Path("/d"), port=9, controller_port=10))
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:9,CONTROLLER://127.0.0.1:10"
    assert settings["advertised.listeners"] == "PLAINTEXT://127.0.0.1:9"
    assert settings["controller.quorum.bootstrap.servers"] == "127.0.0.1:10"


def test_metadata_and_records_have_folders_of_their_own() -> None:
    settings = parse(server_properties(Path("/d"), port=9, controller_port=10))
    assert (settings["log.dirs"], settings["metadata.log.dir"]) == ("/d/log", "/d/meta")


def test_topics_are_never_made_by_accident_and_limits_stay_kafkas_own() -> None:
    settings = parse(server_properties(Path("/d"), port=9, controller_port=10))
    assert settings["auto.create.topics.enable"] == "false"
    assert not [key for key in settings if "message.max" in key or "max.request" in key or "max.bytes" in key]


def test_each_internal_topic_is_content_with_one_node() -> None:
    settings = parse(server_properties(Path("/d"), port=9, controller_port=10))
    needed = [key for key in settings if key.endswith(("replication.factor", "min.isr", "min.insync.replicas"))]
    assert len(needed) == 7
    assert {settings[key] for key in needed} == {"1"}


@pytest.mark.parametrize(
    ("path", "written"),
    [("/a b", "/a b/log"), ("/é", r"/\u00e9/log"), ("/\\", r"/\\/log"), ("/𝄞", r"/\ud834\udd1e/log")],
)
def test_paths_are_written_as_java_reads_them(path: str, written: str) -> None:
    text = server_properties(Path(path), port=9, controller_port=10)
    assert f"log.dirs={written}\n" in text
    assert text.isascii()


def test_a_comma_would_be_two_directories() -> None:
    with pytest.raises(UsageError, match="without a comma"):
        server_properties(Path("/a,b"), port=9, controller_port=10)


def test_further_listeners_stand_beside_the_one_without_a_password_and_other_properties_replace_ours() -> None:
    more = {"listeners": "SSL://127.0.0.1:11", "num.io.threads": "4", "ssl.keystore.type": "PEM"}
    settings = parse(server_properties(Path("/d"), port=9, controller_port=10, more=more))
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:9,CONTROLLER://127.0.0.1:10,SSL://127.0.0.1:11"
    assert (settings["num.io.threads"], settings["ssl.keystore.type"]) == ("4", "PEM")
