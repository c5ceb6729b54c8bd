"""Enriched events in; one HTML file out that needs nothing else: a table of all claims, and each article highlighted.

It has no script, asks nobody for anything, and is there whole or not at all. Articles wait in a temporary file until
the table before them is known: memory holds the table only.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from pipeline.contract.events import ClaimV1, EnrichedV1
from pipeline.errors import UsageError
from pipeline.web.highlight import highlight
from pipeline.web.render import render, render_parts, stylesheet
from pipeline.web.visible import shortened

if TYPE_CHECKING:
    from typing_extensions import Self  # of the standard library from Python 3.11 on

_TEXT_CHARS, _NAME_CHARS = 600, 80
_READ_CHARS = 1024 * 1024


class _Row(NamedTuple):
    score: float
    label: str
    text: str
    speaker: str
    types: list[str]
    article: int
    sentence: int
    name: str


class HtmlReport:
    """Writes ``path`` at the end of a ``with`` block, also where Ctrl-C ends it; ``articles`` and ``claims`` count."""

    def __init__(self, path: Path, *, threshold: float) -> None:
        self._path, self._threshold = path, threshold
        self.articles = 0
        self.is_written = False
        self._rows: list[_Row] = []

    @property
    def claims(self) -> int:
        """How many claims are in it."""
        return len(self._rows)

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            UsageError: the file cannot be written.
        """
        try:
            self._spool = tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=self._path.parent)
        except OSError as exc:
            raise UsageError(f"{self._path} cannot be written: {exc.strerror or exc}") from exc
        return self

    def add(self, event: EnrichedV1) -> None:
        """Take in an article."""
        self.articles += 1
        view = highlight(event, threshold=self._threshold)
        self._spool.write(render("report_article.html", view=view, prefix=f"a{self.articles}-"))
        name = event.article.title or event.article.source or event.article.id
        self._rows.extend(_row(claim, self.articles, name) for claim in view.claims)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._spool:
            if kind is None or issubclass(kind, KeyboardInterrupt):
                self._write()

    def _write(self) -> None:
        style = stylesheet()
        parts = render_parts(
            "report.html",
            style=Markup(style),  # noqa: S704  (our own file)
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            claims=self._rows,
            count=self.articles,
            articles=self._sections(),
        )
        whole = self._path.with_name(f".{self._path.name}.part")
        try:
            with whole.open("w", encoding="utf-8", newline="") as file:
                file.writelines(parts)
            whole.replace(self._path)
            self.is_written = True
        except OSError as exc:
            whole.unlink(missing_ok=True)
            raise UsageError(f"{self._path} cannot be written: {exc.strerror or exc}") from exc

    def _sections(self) -> Iterator[Markup]:
        self._spool.seek(0)
        while part := self._spool.read(_READ_CHARS):
            yield Markup(part)  # noqa: S704  (rendered by ``add``, escaped)


def _row(claim: ClaimV1, article: int, name: str) -> _Row:
    claimant = claim.claimant
    return _Row(
        score=claim.score,
        label=claim.label,
        text=shortened(claim.readable, _TEXT_CHARS),
        speaker=(claimant.speaker or claimant.text or "") if claimant else "",
        types=list(claim.types),
        article=article,
        sentence=claim.sentence.index,
        name=shortened(name, _NAME_CHARS),
    )
