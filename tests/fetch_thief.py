"""A proxy before a Kafka that can swallow fetches: heartbeats, commits and all else of the same client go through."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

_FETCH = 1  # the API key of Fetch
_CLIENT_AT = 10  # in a request: behind API key (2 bytes), version (2), correlation id (4) and the length of the id (2)


class FetchThief:
    """Listens on the loopback. While ``steals``, no fetch of a client whose id begins with ``by`` gets through.

    With ``holds_s`` it gets through so many seconds later, and what the client asks behind it does as well.
    """

    def __init__(self, port: int, *, by: bytes) -> None:
        self.steals = False
        self.holds_s = 0.0
        self.stolen = 0
        self._by = by
        self._listening = socket.create_server(("127.0.0.1", port))
        self.address = f"127.0.0.1:{port}"

    def hold_up(self, by: bytes, holds_s: float) -> None:
        """Hold up, from now on, the fetches of a kind of client: as a slow broker, or a machine that is busy."""
        self._by, self.holds_s, self.steals = by, holds_s, True

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
                    if not self.holds_s:
                        continue
                    time.sleep(self.holds_s)
                kafka.sendall(head + request)

    def _is_prey(self, request: bytes) -> bool:
        return int.from_bytes(request[:2], "big") == _FETCH and request[_CLIENT_AT:].startswith(self._by)


def _answers(kafka: socket.socket, client: socket.socket) -> None:
    with suppress(OSError), client, kafka:
        while chunk := kafka.recv(65536):
            client.sendall(chunk)
