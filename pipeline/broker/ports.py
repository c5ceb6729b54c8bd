"""Ports on the loopback address: is this one free, which one is free."""

import secrets
import socket

from pipeline.broker.properties import HOST
from pipeline.errors import UsageError

# Below the ports that Linux (32768 up) and macOS (49152 up) give to outgoing connections: one of those could take a
# port in the two seconds between our look and Java's bind.
_CANDIDATES = range(20_000, 32_000)
_TRIES = 200


def require_free(port: int) -> int:
    """Return the port if it can be listened on: Kafka's own complaint stands inside a stack trace, two seconds later.

    Raises:
        UsageError: it cannot.
    """
    if (why := _why_not(port)) is not None:
        raise UsageError(
            f"Port {port} on {HOST} cannot be used ({why}): choose another port for the embedded Kafka, "
            f"or omit --port; if a Kafka listens there, use --bootstrap {HOST}:{port}."
        )
    return port


def pick_free(*, taken: frozenset[int] = frozenset()) -> int:
    """Choose a port that nobody listens on and that is not among the taken ones.

    Raises:
        UsageError: no port in the range is free.
    """
    for _ in range(_TRIES):
        port = secrets.choice(_CANDIDATES)
        if port not in taken and _why_not(port) is None:
            return port
    raise UsageError(f"No free port found between {_CANDIDATES.start} and {_CANDIDATES.stop} on {HOST}: name one.")


def _why_not(port: int) -> str | None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: closed connections do not count
        try:
            listener.bind((HOST, port))
            listener.listen(1)
        except OSError as error:
            return error.strerror or str(error)
        except OverflowError:
            return "ports are 0 to 65535"
    return None
