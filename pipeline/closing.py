"""Context managers whose end is ``close``."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self  # of the standard library from Python 3.11 on


class Closing(AbstractContextManager[Any]):
    """For classes that are closed at the end of a ``with`` block, whatever happens in it."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what it holds; a second time does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
