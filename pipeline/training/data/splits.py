"""An id in, its part of the data out: fixed once by a hash, so that no run can move an example to another part."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

Part = Literal["train", "dev", "test"]

# ClaimBuster is split by debate: what a model is for is the next debate, not another sentence of this one.
_DEV_DEBATES, _TEST_DEBATES = "2012", "2016"
_DEV_FROM = 7  # of ten buckets


def part_of(key: str) -> Part:
    """Return 80 of 100 keys to train, 10 to dev, 10 to test (looked at for final figures only)."""
    bucket = _bucket(key)
    return "test" if bucket == 9 else "dev" if bucket == 8 else "train"  # noqa: PLR2004


def document_of(key: str) -> str:
    """Return the document of a sentence's id: "masc-wsj_0120" of "masc-wsj_0120-12"; GMB and NewsSD have none."""
    return key if key.startswith(("gmb-", "newssd-")) else key.rpartition("-")[0]


def part_of_document(document: str) -> Part:
    """Return 80 of 100 documents to train and 20 to dev: sets whose test part is kept elsewhere need none here."""
    return "train" if part_of(document) == "train" else "dev"


def part_of_claim(key: str, source: str) -> Part:
    """Return the part of a sentence of ``news_claims``: none of its documents is parted.

    GMB and NewsSD do not say which document a sentence is of: there the id decides. Its test parts are held out
    elsewhere, so what is not for training is dev; GMB's ids keep the parts that they have in ``news_gold``.
    """
    if source == "gmb":
        return part_of(key)
    if source == "newssd":
        return "dev" if _bucket(key) >= _DEV_FROM else "train"
    return "dev" if document_of(key) in _dev_documents() else "train"


def part_of_debate(file_id: str) -> Part:
    """Return ClaimBuster's part by the year that its debate's file name starts with."""
    return {_DEV_DEBATES: "dev", _TEST_DEBATES: "test"}.get(file_id[:4], "train")  # type: ignore[return-value]


def _bucket(key: str) -> int:
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 10


@cache
def _dev_documents() -> frozenset[str]:
    """Return the documents of ``news_claims`` that are dev: about a quarter of each source's sentences."""
    return frozenset(Path(__file__).with_name("dev_documents.txt").read_text(encoding="utf-8").split())
