"""What needs no broker; the broker itself runs in tests/integration/test_broker.py."""

from pathlib import Path

import pytest

from pipeline.broker import EmbeddedKafka


def test_before_the_start_there_is_nothing_to_ask(tmp_path: Path) -> None:
    kafka = EmbeddedKafka(tmp_path, environ={})
    for ask in (lambda: kafka.bootstrap, lambda: kafka.port, lambda: kafka.pid, kafka.wait):
        with pytest.raises(RuntimeError, match="has not been started"):
            ask()
    kafka.stop()  # nothing to stop is no mistake


def test_a_full_disk_in_kafkas_log_is_said_as_such(tmp_path: Path) -> None:
    kafka = EmbeddedKafka(tmp_path, environ={})
    kafka.log_file.write_text(
        "[t] ERROR Error while writing (kafka)\nCaused by: java.io.IOException: No space left on device\n"
    )
    assert kafka._failure("died") == (
        f"The disk of {tmp_path} is full: free some space or choose another data directory."
    )
