from pathlib import Path

import pytest

from pipeline.broker.log_file import begin_log, telling_line

FATAL = "[2026-11-24 18:11:02,565] ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)"


@pytest.mark.parametrize(
    ("lines", "telling"),
    [
        (
            [FATAL, "java.lang.RuntimeException: outer", "\tat a.b(C.java:1)", "Caused by: java.io.IOException: inner"],
            "java.io.IOException: inner",
        ),
        (
            [FATAL, "org.apache.kafka.common.KafkaException: Socket server failed", "\tat x"],
            "org.apache.kafka.common.KafkaException: Socket server failed",
        ),
        (
            [FATAL, "[2026-11-24 18:11:02,566] WARN stopping (kafka)"],
            "Exiting Kafka due to fatal exception (kafka.Kafka$)",
        ),
        (["Error: Could not find or load main class kafka.Kafka"], "Could not find or load main class kafka.Kafka"),
        (
            ["Unrecognized option: -Xnonsense", "Error: Could not create the Java Virtual Machine."],
            "Unrecognized option: -Xnonsense",
        ),
        (["something", "else", ""], "else"),
        ([], "it said nothing"),
    ],
)
def test_the_line_that_tells_most_is_found(tmp_path: Path, lines: list[str], telling: str) -> None:
    log = tmp_path / "kafka.log"
    log.write_text("\n".join(lines))
    assert telling_line(log) == telling


def test_a_line_stays_a_line_and_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    log = tmp_path / "kafka.log"
    log.write_text("Caused by: long ago\n" + "x" * 100_000 + "\n" + "y" * 1000)
    assert telling_line(log) == "y" * 300


def test_a_new_log_begins_empty_and_the_former_is_kept(tmp_path: Path) -> None:
    begin_log(tmp_path).write_text("first")
    assert begin_log(tmp_path).read_text() == ""
    assert (tmp_path / "kafka.previous.log").read_text() == "first"
