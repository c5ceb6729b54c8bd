"""The closed lists of the contract, each told once: ``contract`` and ``nlp`` both take their words from here."""

from __future__ import annotations

from typing import Literal, get_args

FieldName = Literal["text", "title"]

SentenceKind = Literal["sentence", "headline", "dateline", "byline", "caption", "speaker", "label", "notice"]

# No, unimportant and check-worthy factual sentence: Hassan et al., KDD 2017 (ClaimBuster).
ClaimLabel = Literal["NFS", "UFS", "CFS"]
LABELS: tuple[ClaimLabel, ...] = get_args(ClaimLabel)

# The kinds of assertion of news_gold's guide, after Full Fact's scheme.
ClaimType = Literal[
    "quantity", "causal", "rule", "prediction", "vote", "public_opinion", "position", "personal", "other"
]
TYPES: tuple[ClaimType, ...] = get_args(ClaimType)

AttributionKind = Literal["direct", "indirect", "mixed"]

# Whether an article may be published: the values of ninjs' pubstatus.
ArticleStatus = Literal["usable", "withheld", "canceled"]
WITHDRAWN: tuple[ArticleStatus, ...] = ("withheld", "canceled")

# What became of a sentence or a claim in a new version of an article, and what is no longer the same in it.
Revision = Literal["added", "removed", "changed"]
Difference = Literal["number", "name", "date", "negation", "quote", "direction", "wording"]

# Why a record was rejected.
Reason = Literal[
    "not-json",
    "not-an-article",
    "no-text",
    "too-long",
    "too-large",
    "bad-encoding",
    "unsupported-version",
    "embargoed",
    "failed",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
