import socket

import pytest

from pipeline.broker.ports import pick_free, require_free
from pipeline.errors import UsageError


def test_a_picked_port_can_be_listened_on_and_is_none_of_the_taken() -> None:
    port = pick_free()
    assert require_free(port) == port
    taken = frozenset(range(20_000, 32_000)) - {port}
    with pytest.raises(UsageError, match="No free port"):
        pick_free(taken=taken | {port})


def test_a_taken_port_says_the_ways_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(UsageError) as caught:
            require_free(port)
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(f"Port {port} on 127.0.0.1 cannot be used (Address already in use)")
    assert f"--bootstrap 127.0.0.1:{port}" in line


def test_a_port_with_a_closed_connection_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            connection, _ = listener.accept()
            connection.close()  # this side closes first and stays in TIME_WAIT
    assert require_free(port) == port


@pytest.mark.parametrize("port", [-1, 65_536])
def test_what_is_no_port_is_said(port: int) -> None:
    with pytest.raises(UsageError, match="ports are 0 to 65535"):
        require_free(port)
