"""What has to be closed, as a context manager: ``with`` closes it at the end of the block, whatever happens there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self  # of the standard library from Python 3.11 on


class Closing(ABC):
    """For classes whose end of a ``with`` block is ``close`` and nothing else."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what it holds; a second time does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
