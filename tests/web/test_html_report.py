from pathlib import Path

import pytest

from pipeline.contract.codec import decode
from pipeline.contract.events import EnrichedV1
from pipeline.errors import UsageError
from pipeline.web.html_report import HtmlReport

EXAMPLE = Path(__file__).parents[2] / "pipeline" / "contract" / "examples" / "enriched.v1.json"


def example(**article: str) -> EnrichedV1:
    event = decode(EnrichedV1, EXAMPLE.read_bytes())
    return event.model_copy(update={"article": event.article.model_copy(update=article)})


def test_one_file_has_a_table_of_claims_and_each_article(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with HtmlReport(path, threshold=0.5) as report:
        report.add(example())
        report.add(example(title="<script>alert(1)</script>", url="javascript:alert(1)"))
    page = path.read_text(encoding="utf-8")
    assert (report.articles, report.claims) == (2, 6)
    assert page.count('href="#a2-s2"') == 2  # in the table and in the article's claims
    assert 'id="a1-s2"' in page
    assert "<script" not in page
    assert 'href="javascript:' not in page
    assert "default-src 'none'; style-src 'sha256-" in page
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_ctrl_c_ends_it_with_what_there_is_and_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with pytest.raises(KeyboardInterrupt), HtmlReport(path, threshold=0.5) as report:  # noqa: PT012  (what it is about)
        report.add(example())
        raise KeyboardInterrupt
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), HtmlReport(path, threshold=0.5) as report:
        raise ZeroDivisionError
    assert path.read_bytes() == before
    assert report.is_written is False


def test_a_file_that_cannot_be_written_is_said_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"), HtmlReport(tmp_path / "no" / "page.html", threshold=0.5):
        pass
