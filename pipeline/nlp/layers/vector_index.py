"""A dictionary from word hashes to rows in, the same as two sorted arrays out: 7 MB where the dictionary takes 80."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


class WordRows(Mapping[int, int]):
    """Which row of the static vectors a word has, by its hash; spaCy's ``Vectors.key2row`` takes any mapping."""

    def __init__(self, rows: Mapping[int, int]) -> None:
        keys = np.fromiter(rows.keys(), np.uint64, len(rows))
        order = np.argsort(keys)
        self._keys = keys[order]
        self._rows = np.fromiter(rows.values(), np.int32, len(rows))[order]

    def find(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
        """Return the row of each key, -1 for those that have none."""
        if not len(self):
            return np.full(len(keys), -1, np.int32)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self) - 1)
        return np.where(self._keys[at] == keys, self._rows[at], np.int32(-1))

    def __getitem__(self, key: int) -> int:
        row = int(self.find(np.array([key], np.uint64))[0])
        if row < 0:
            raise KeyError(key)
        return row

    def __iter__(self) -> Iterator[int]:
        return iter(self._keys.tolist())

    def __len__(self) -> int:
        return len(self._keys)
