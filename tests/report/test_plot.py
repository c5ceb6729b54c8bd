import xml.etree.ElementTree as ET  # of a picture of our own
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.report.counts import ClaimCounts
from pipeline.report.plot import draw_counts

HOSTILE = ["$\\frac{1}{0}$", "<script>alert(1)</script> & Co", "\u202eeman \x00\x1b[31m", "新聞社", "x" * 300]


def counts(*names: str) -> ClaimCounts:
    found = ClaimCounts()
    for number, name in enumerate(names):
        for kind in ("source", "speaker", "type"):
            found.by[kind].add(name, check_worthy=number % 2 == 0)
        found.by["day"].add(f"2024-05-{number + 1:02}", check_worthy=True)
    return found


def test_the_same_counts_give_the_same_bytes_with_the_names_as_text(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw_counts(counts("Wire", "Post"), "Title", tmp_path / name, top=10)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    texts = {element.text for element in ET.parse(tmp_path / "a.svg").iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314
    assert {"Title", "Wire", "Post", "Claims by day", "2024-05-01"} <= texts


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_whatever_names_hold_they_are_drawn(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"plot.{kind}"
    draw_counts(counts(*HOSTILE), HOSTILE[0], file, top=10)
    assert file.read_bytes()[:4] in {b"\x89PNG", b"<?xm", b"%PDF"}
    if kind == "svg":
        texts = {element.text for element in ET.parse(file).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314
        assert {HOSTILE[0], HOSTILE[1], "新聞社"} <= texts


def test_nothing_is_drawn_as_nothing(tmp_path: Path) -> None:
    draw_counts(counts(), "No claims", tmp_path / "plot.png", top=10)
    assert (tmp_path / "plot.png").stat().st_size > 1000


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"plot\.png cannot be written"):
        draw_counts(counts(), "Title", tmp_path / "none" / "plot.png", top=10)
