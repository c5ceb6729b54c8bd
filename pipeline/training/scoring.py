"""Gold and found in, figures out: the measures that every part of the model is judged by. All are percentages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from collections.abc import Set as AbstractSet

Item = TypeVar("Item", bound="Hashable")


def f1(right: int, found: int, gold: int) -> float:
    """Give the F1 of counts; 0 where nothing was found or nothing stands there."""
    return 100.0 * 2 * right / (found + gold) if found + gold else 0.0


def macro_f1(gold: Sequence[str], found: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    """Give each label's F1 under its name and their mean as ``macro_f1``."""
    figures = {
        label: f1(
            sum(one == label == other for one, other in zip(gold, found, strict=True)),
            found.count(label),
            gold.count(label),
        )
        for label in labels
    }
    return {**figures, "macro_f1": sum(figures.values()) / len(labels)}


def micro_f1(gold: Sequence[AbstractSet[Item]], found: Sequence[AbstractSet[Item]]) -> float:
    """Give the F1 over all items of all examples."""
    right = sum(len(one & other) for one, other in zip(gold, found, strict=True))
    return f1(right, sum(map(len, found)), sum(map(len, gold)))


def expected_calibration_error(chances: Sequence[float], true: Sequence[bool], *, bins: int = 10) -> float:
    """Give the mean gap between probability and frequency over equal-width bins (Guo et al., ICML 2017)."""
    total = 0.0
    for at in range(bins):
        low, high = at / bins, (at + 1) / bins
        inside = [i for i, chance in enumerate(chances) if low <= chance < high or (at == bins - 1 and chance == 1.0)]
        if inside:
            total += abs(sum(chances[i] for i in inside) - sum(true[i] for i in inside))
    return 100.0 * total / max(1, len(chances))
