import pytest

from pipeline.training.scoring import MatchCount, calibration_bins, expected_calibration_error, f1, figures, macro_f1


def test_f1_of_counts() -> None:
    assert f1(1, 2, 2) == 50
    assert f1(0, 0, 0) == 0
    assert macro_f1(["a", "b"], ["a", "a"], ["a", "b"]) == {
        "a": pytest.approx(200 / 3),
        "b": 0,
        "macro_f1": pytest.approx(100 / 3),
    }


def test_figures_have_the_f1_of_all_units_and_an_interval_around_it() -> None:
    units = [{"a": MatchCount(1, 1, 1)}] * 30 + [{"a": MatchCount(0, 1, 1), "b": MatchCount(1, 1, 2)}] * 10
    found = figures(units, macro=("a", "b"))
    assert (found["a"].f1, found["a"].found, found["a"].gold) == (75, 40, 40)
    assert 55 < found["a"].low < 75 < found["a"].high < 92
    assert (found["b"].precision, found["b"].recall) == (100, 50)
    assert found["macro"].f1 == pytest.approx((75 + 200 / 3) / 2, abs=0.01)
    assert figures(units, macro=("a", "b")) == found
    assert figures([]) == {}


def test_calibration_is_the_gap_between_score_and_truth() -> None:
    chances, true = [0.95, 0.95, 0.1, 1.0], [True, False, False, True]
    assert [(one.low, one.count) for one in calibration_bins(chances, true)] == [(0.1, 1), (0.9, 3)]
    assert expected_calibration_error(chances, true) == pytest.approx(100 * (0.9 + 0.1) / 4)
