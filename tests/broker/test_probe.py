"""What is not a ready broker; a ready one answers in tests/integration/test_broker.py."""

import socket
import threading
from collections.abc import Callable

import pytest

from pipeline.broker.ports import pick_free
from pipeline.broker.probe import is_ready


def serve_once(answer: Callable[[socket.socket], None]) -> tuple[int, threading.Thread]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            connection, _ = listener.accept()
            with connection:
                answer(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    return listener.getsockname()[1], thread


def test_nobody_there_is_not_ready() -> None:
    assert not is_ready("127.0.0.1", pick_free())


@pytest.mark.parametrize(
    "answer", [b"", b"\x00\x00", b"\x00\x00\x00\x04\x00\x00\x00\x00", b"HTTP/1.1 400 Bad Request\r\n\r\n"]
)
def test_what_does_not_speak_kafka_is_not_ready(answer: bytes) -> None:
    def reply(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(answer)

    port, thread = serve_once(reply)
    assert not is_ready("127.0.0.1", port)
    thread.join()


def test_silence_is_not_ready_and_is_not_waited_for() -> None:
    port, thread = serve_once(lambda connection: (connection.recv(1024), connection.recv(1024), None)[2])
    assert not is_ready("127.0.0.1", port, timeout_s=0.1)
    thread.join()
