from pathlib import Path

import pytest

from pipeline.contract.events import ArticleV1
from pipeline.errors import UsageError
from pipeline.settings import shipped
from pipeline.streaming.kafka.topics import Difference, ExistingTopic, Topic, compare, load_topics
from pipeline.topology import COMMITS_TOPIC, MARKS_TOPIC, TOPICS

SHIPPED = shipped("config") / "topics.toml"
NAMES = {*TOPICS.values(), COMMITS_TOPIC, MARKS_TOPIC}


def existing(partitions: int = 8, replicas: int = 1) -> ExistingTopic:
    return ExistingTopic("t", partitions, replicas, {"cleanup.policy": "delete", "retention.ms": "1"})


def wanted(config: dict[str, str] | None = None, *, replicas: int = -1) -> Topic:
    return Topic("t", 8, replicas, config or {})


def test_the_shipped_file_has_exactly_the_topics_of_the_topology() -> None:
    assert {topic.name for topic in load_topics(SHIPPED)} == NAMES


def test_the_prefix_stands_before_each_name() -> None:
    assert {topic.name for topic in load_topics(SHIPPED, prefix="a.")} == {f"a.{name}" for name in NAMES}


def test_all_topics_of_a_chain_have_the_same_number_of_partitions() -> None:
    assert {topic.partitions for topic in load_topics(SHIPPED)} == {8}
    assert {topic.partitions for topic in load_topics(SHIPPED, partitions=3)} == {3}


def test_what_is_made_of_an_article_is_kept_as_long_as_the_article() -> None:
    kept = {topic.name: int(topic.config["retention.ms"]) for topic in load_topics(shipped("config") / "topics.toml")}
    assert all(kept[name] >= kept[TOPICS[ArticleV1]] for name in TOPICS.values())


def test_a_topics_own_configuration_comes_before_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(
        '[defaults]\npartitions = 2\nreplication_factor = -1\n[defaults.config]\n"a" = "1"\n"b" = "1"\n'
        '[topics."x"]\nreplication_factor = 3\n[topics."x".config]\n"b" = "2"\n[topics."y"]\n'
    )
    assert load_topics(file) == (Topic("x", 2, 3, {"a": "1", "b": "2"}), Topic("y", 2, -1, {"a": "1", "b": "1"}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[defaults", "not valid TOML"),
        ("[defaults]\npartitions = 2\nreplication_factor = -1", "topics: Field required"),
        ("[defaults]\npartitions = 0\nreplication_factor = -1\n[topics]", "defaults.partitions"),
        ("[defaults]\npartitions = 2\nreplication_factor = -1\n[topics.x]\npartitions = 3", "topics.x.partitions"),
        ("[defaults]\npartitions = 2\nreplication_factor = -1\n[topics.x.config]\na = 1", "topics.x.config.a"),
    ],
)
def test_a_wrong_file_is_named_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=r"topics\.toml") as error:
        load_topics(file)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the topics file .*: No such file"):
        load_topics(tmp_path / "none.toml")


def test_a_topic_as_it_shall_be_differs_in_nothing() -> None:
    assert compare(wanted({"cleanup.policy": "delete"}), existing()) == []


def test_a_missing_topic_is_one_difference() -> None:
    assert compare(wanted(), None) == [Difference("t", "exists", "yes", "no")]


def test_partitions_replicas_and_configuration_are_compared() -> None:
    found = existing(partitions=4, replicas=1)
    assert compare(wanted({"retention.ms": "2", "unheard.of": "x", "cleanup.policy": "delete"}, replicas=3), found) == [
        Difference("t", "partitions", "8", "4"),
        Difference("t", "replication_factor", "3", "1"),
        Difference("t", "retention.ms", "2", "1"),
        Difference("t", "unheard.of", "x", "unknown"),
    ]


def test_the_brokers_default_number_of_replicas_is_never_a_difference() -> None:
    assert compare(wanted(replicas=-1), existing(replicas=5)) == []
