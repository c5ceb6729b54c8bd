"""Gold and found in, figures out: the measures that every part of the model is judged by. All are percentages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    import numpy.typing as npt

SEED = 0
ROUNDS = 1_000

Item = TypeVar("Item", bound="Hashable")


def f1(right: int, found: int, gold: int) -> float:
    """Return the F1 of counts; 0 where nothing was found or nothing stands there."""
    return 100.0 * 2 * right / (found + gold) if found + gold else 0.0


def macro_f1(gold: Sequence[str], found: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    """Return each label's F1 under its name and their mean as ``macro_f1``."""
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
    """Return the F1 over all items of all examples."""
    right = sum(len(one & other) for one, other in zip(gold, found, strict=True))
    return f1(right, sum(map(len, found)), sum(map(len, gold)))


@dataclass(frozen=True, slots=True)
class Bin:
    """The examples whose probability is in ``[low, low + width)``: their number, mean probability, share of truth."""

    low: float
    count: int
    chance: float
    true: float


def calibration_bins(chances: Sequence[float], true: Sequence[bool], *, bins: int = 10) -> list[Bin]:
    """Sort examples into bins of equal width; empty ones are left out."""
    members: dict[int, list[int]] = {}
    for at, chance in enumerate(chances):
        members.setdefault(min(int(chance * bins), bins - 1), []).append(at)
    return [
        Bin(
            number / bins,
            len(inside),
            sum(chances[at] for at in inside) / len(inside),
            sum(true[at] for at in inside) / len(inside),
        )
        for number, inside in sorted(members.items())
    ]


def expected_calibration_error(chances: Sequence[float], true: Sequence[bool], *, bins: int = 10) -> float:
    """Return the mean gap between probability and frequency over equal-width bins (Guo et al., ICML 2017)."""
    gaps = (one.count * abs(one.chance - one.true) for one in calibration_bins(chances, true, bins=bins))
    return 100.0 * sum(gaps) / max(1, len(chances))


class MatchCount(NamedTuple):
    """Of one label in one sentence or document: how many were found right, found, and stand there."""

    right: int
    found: int
    gold: int


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall and F1 in percent; ``low`` and ``high`` bound 95 % of the F1s of resampled data."""

    precision: float
    recall: float
    f1: float
    low: float
    high: float
    found: int
    gold: int


def figures(units: Sequence[Mapping[str, MatchCount]], *, macro: Sequence[str] = ()) -> dict[str, Figure]:
    """Return a figure for each label that stands somewhere or was found, by bootstrap over ``units``.

    Args:
        units: sentences or documents, what is drawn anew (Berg-Kirkpatrick et al., EMNLP 2012).
        macro: labels whose mean is given as ``macro``; its precision and recall are means as well.
    """
    labels = sorted({label for unit in units for label in unit})
    if not labels:
        return {}
    counts = np.array([[unit.get(label, (0, 0, 0)) for label in labels] for unit in units], np.int64)
    random = np.random.default_rng(SEED)
    even = np.full(len(units), 1.0 / len(units))
    drawn = np.stack([np.tensordot(random.multinomial(len(units), even), counts, 1) for _ in range(ROUNDS)])
    whole, samples = _rates(counts.sum(axis=0)), _rates(drawn)[..., 2]
    totals = counts.sum(axis=0)
    result = {label: _figure(whole[at], samples[:, at], totals[at]) for at, label in enumerate(labels)}
    if macro:
        at = [labels.index(label) for label in macro if label in labels]
        result["macro"] = _figure(whole[at].mean(axis=0), samples[:, at].mean(axis=1), totals[at].sum(axis=0))
    return result


def _rates(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    right, found, gold = (counts[..., column].astype(float) for column in range(3))
    return 100.0 * np.stack(
        [right / np.maximum(found, 1), right / np.maximum(gold, 1), 2 * right / np.maximum(found + gold, 1)], axis=-1
    )


def _figure(rates: npt.NDArray[np.float64], sampled: npt.NDArray[np.float64], totals: npt.NDArray[np.int64]) -> Figure:
    low, high = np.percentile(sampled, [2.5, 97.5])
    precision, recall, f1_score, low, high = (round(float(value), 2) for value in (*rates, low, high))
    return Figure(precision, recall, f1_score, low, high, int(totals[1]), int(totals[2]))
