"""Which addresses are on the public internet, and connections to those only."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")  # an IPv4 address in the last 32 bits (RFC 6052)


class PrivateAddressError(OSError):
    """A host is this machine or in a private network."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is this machine or in a private network")


def is_public(address: str) -> bool:
    """Whether an IP address is a unicast one of the public internet; one that embeds another must have a public one."""
    found = ip_address(address.partition("%")[0])
    embedded = _embedded(found) if isinstance(found, IPv6Address) else None
    if embedded is not None:
        return is_public(str(embedded))
    return found.is_global and not found.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def is_private_host(host: str) -> bool:
    """Whether one of a host's addresses is not public; False where this machine knows no address of it."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return not all(is_public(str(entry[4][0])) for entry in found)


def connect_publicly(host: str, port: int, *, timeout_s: float) -> socket.socket:
    """Connect to a host whose addresses are all public: its name is resolved once, so that it cannot change after.

    Raises:
        PrivateAddressError: one of its addresses is not public.
        OSError: none answers.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not all(is_public(str(entry[4][0])) for entry in found):
        raise PrivateAddressError(host)
    error = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in found:
        try:
            connection = socket.socket(family, kind, protocol)
            connection.settimeout(timeout_s)
            connection.connect(address)
        except OSError as exc:
            error = exc
            connection.close()
        else:
            return connection
    raise error
