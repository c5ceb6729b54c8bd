from pathlib import Path

import pytest

from pipeline.bench.ratios import losses, read_ratios, write_ratios
from pipeline.errors import UsageError


def test_a_tenth_may_be_lost_and_no_more() -> None:
    expected = {"kept_share": 0.95}
    assert losses({"kept_share": 0.86}, expected, most=0.1) == []
    assert losses({"kept_share": 0.85}, expected, most=0.1) == ["kept_share: 0.850, expected 0.950"]


def test_what_was_not_measured_is_a_loss() -> None:
    assert losses({}, {"linearity": 1.0}, most=0.1) == ["linearity was not measured"]


def test_ratios_are_kept_and_read(tmp_path: Path) -> None:
    path = tmp_path / "ratios.json"
    write_ratios({"kept_share": 0.95678, "raw": {"articles_per_s": 3.0}}, path)
    assert read_ratios(path) == {"kept_share": 0.957}


@pytest.mark.parametrize("text", ["", "[]", '{"kept_share":"much"}', '{"kept_share":null}'])
def test_a_file_without_ratios_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ratios.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="holds no ratios"):
        read_ratios(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.json"):
        read_ratios(tmp_path / "gone.json")


def test_the_committed_ratios_can_be_read() -> None:
    assert set(read_ratios(Path(__file__).parent / "ratios.json")) >= {"kept_share", "noop_to_raw", "linearity"}
