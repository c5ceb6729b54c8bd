"""Asks a broker over its socket whether it is ready: two requests of Kafka's protocol, no client library.

The format is that of Kafka's protocol guide: a request is its length, API key, version, correlation id and client id;
all numbers are big-endian, strings and arrays start with their length.
"""

import socket
import struct

_API_VERSIONS = 18
_METADATA = 3
_CLIENT_ID = b"claimwire-probe"
_NO_TOPICS = struct.pack(">i", 0)


def is_ready(host: str, port: int, *, timeout_s: float = 2.0) -> bool:
    """Whether the broker answers and its metadata name it: until then it is registering and clients get errors."""
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as connection:
            (error_code,) = struct.unpack_from(">h", _ask(connection, _API_VERSIONS, 0, b""))
            (brokers,) = struct.unpack_from(">i", _ask(connection, _METADATA, 1, _NO_TOPICS))
    except (OSError, struct.error):
        return False
    return bool(error_code == 0 and brokers > 0)


def _ask(connection: socket.socket, api_key: int, version: int, body: bytes) -> bytes:
    """Send one request and return the response without its correlation id."""
    header = struct.pack(">hhih", api_key, version, api_key, len(_CLIENT_ID)) + _CLIENT_ID
    connection.sendall(struct.pack(">i", len(header) + len(body)) + header + body)
    (length,) = struct.unpack(">i", _read(connection, 4))
    return _read(connection, length)[4:]


def _read(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        chunk = connection.recv(length - len(data))
        if not chunk:
            raise ConnectionError("the broker closed the connection")
        data += chunk
    return data
