"""Header names that are not UTF-8: Kafka's protocol wants UTF-8, and brokers do not check it.

They are read with Python's ``surrogateescape`` (``patches.py``): each undecodable byte is a lone surrogate in the name.
"""

from __future__ import annotations


def is_utf8(name: str) -> bool:
    """Return whether a header's name, as it was read, is what Kafka's protocol wants."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(name: str) -> str:
    r"""Return a name with its undecodable bytes as ``\xff``."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")
