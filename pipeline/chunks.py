"""Split a stream of items into lists that are bounded in number and in size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], *, size: Callable[[T], int], max_size: int, max_items: int = 2**63) -> Iterator[list[T]]:
    """Yield the items in order, as many at once as the bounds allow; one that is larger than ``max_size`` alone.

    ``size`` measures an item in the unit of ``max_size``, such as bytes.
    """
    chunk: list[T] = []
    total = 0
    for item in items:
        length = size(item)
        if chunk and (total + length > max_size or len(chunk) == max_items):
            yield chunk
            chunk, total = [], 0
        chunk.append(item)
        total += length
    if chunk:
        yield chunk
