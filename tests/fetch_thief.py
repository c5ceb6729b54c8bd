"""A proxy before a Kafka that can swallow fetches: heartbeats, commits and all else of the same client go through."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

_FETCH = 1  # the API key of Fetch
_CLIENT_AT = 10  # in a request: behind API key (2 bytes), version (2), correlation id (4) and the length of the id (2)


class FetchThief:
    """Listens on the loopback. While ``steals``, no fetch of a client whose id begins with ``by`` gets through."""

    def __init__(self, port: int, *, by: bytes) -> None:
        self.steals = False
        self.stolen = 0
        self._by = by
        self._listening = socket.create_server(("127.0.0.1", port))
        self.address = f"127.0.0.1:{port}"

    def steal_from(self, by: bytes) -> None:
        """Steal, from now on, the fetches of another kind of client."""
        self._by, self.steals = by, True

    def start(self, kafka_port: int) -> None:
        """Pass on to this port."""
        threading.Thread(target=self._accept, args=(kafka_port,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()

    def _accept(self, kafka_port: int) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                kafka = socket.create_connection(("127.0.0.1", kafka_port))
                threading.Thread(target=self._requests, args=(client, kafka), daemon=True).start()
                threading.Thread(target=_answers, args=(kafka, client), daemon=True).start()

    def _requests(self, client: socket.socket, kafka: socket.socket) -> None:
        with suppress(OSError), client, kafka, client.makefile("rb") as stream:
            while len(head := stream.read(4)) == 4:
                request = stream.read(int.from_bytes(head, "big"))
                if self.steals and self._is_prey(request):
                    self.stolen += 1
                else:
                    kafka.sendall(head + request)

    def _is_prey(self, request: bytes) -> bool:
        return int.from_bytes(request[:2], "big") == _FETCH and request[_CLIENT_AT:].startswith(self._by)


def _answers(kafka: socket.socket, client: socket.socket) -> None:
    with suppress(OSError), client, kafka:
        while chunk := kafka.recv(65536):
            client.sendall(chunk)
