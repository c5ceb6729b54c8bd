"""What a new version of an article has changed, as an event; ``enrich --changes`` prints it, and no topic has it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.contract.events import ClaimArticle, Origin, Pipeline
from pipeline.contract.field_types import EventPart
from pipeline.labels import Difference, Revision


class RevisedSentence(EventPart):
    """A sentence that is not the same in two versions of an article."""

    change: Revision
    before: str | None = Field(description="Its text in the older version; null where it was added.")
    after: str | None = Field(description="Its text in the newer version; null where it was removed.")
    differs: list[Difference] = Field(default=[], description="What is not the same in a changed one.")


class RevisedClaim(RevisedSentence):
    """A claim that is not the same in two versions of an article."""

    lineage: str


class RevisionV1(EventPart):
    """What is different in a new version of an article.

    Of a withdrawn one all claims are removed.
    """

    id: str = Field(description="Article id and content hash of the newer version.")
    article: ClaimArticle = Field(description="The newer version.")
    replaces: str = Field(description="Article id and content hash of the older version.")
    number: Annotated[int, Field(ge=2)] = Field(description="Counts the versions that were seen; the first one is 1.")
    sentences: list[RevisedSentence]
    claims: list[RevisedClaim]
    substance: bool = Field(description="Whether a fact has changed, and not the wording alone.")
    origin: Origin
    pipeline: Pipeline
