"""What travels on Kafka: one versioned pydantic model per event. JSON objects in, validated values out; no I/O.

A field may be added within a version; a changed or a removed one makes a new version. Events keep the fields that
they do not know, so that a worker of an older release passes on what a newer one has added.

Offsets are in Unicode code points into the article's ``text`` (or ``title``, where ``field`` says so) exactly as it
came. ``None`` means not computed, an empty list means computed and none found.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from pipeline.contract.field_types import EventPart, LanguageTag, Offset, Probability, Rfc3339
from pipeline.labels import (
    WITHDRAWN,
    ArticleStatus,
    AttributionKind,
    ClaimLabel,
    ClaimType,
    FieldName,
    Reason,
    SentenceKind,
)


class Origin(EventPart):
    """The record of an article: where on Kafka everything that carries this comes from."""

    topic: str
    partition: Offset
    offset: Offset
    timestamp: int = Field(description="The record's time, in milliseconds since 1970-01-01T00:00:00Z.")


class Pipeline(EventPart):
    """What made an event."""

    version: str = Field(description="Version of claimwire.")
    model: str = Field(description="Name and version of the language model.")
    model_hash: str = Field(description="Hash over the model's files.")
    threshold: float | None = Field(
        default=None,
        description="Score from which on a sentence becomes a claim; null in older events, where every CFS did.",
    )


def _needs_text(schema: dict[str, Any]) -> None:
    """State in a schema that only an article that is withdrawn may come without a text."""
    del schema["required"]
    schema["anyOf"] = [
        {"required": ["text"], "properties": {"text": {"pattern": r"\S"}}},
        {"required": ["status"], "properties": {"status": {"enum": list(WITHDRAWN)}}},
    ]


class ArticleV1(EventPart):
    """A news article to enrich.

    Fields that this model does not know are kept in ``extra``. A record with a key and no value withdraws the article
    whose id the key is.
    """

    model_config = ConfigDict(json_schema_extra=_needs_text)

    id: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="Defaults to the record's key, else to a hash of the URL, else to a hash of the text."
    )
    text: str = Field(
        description="Not blank, unless the article is withheld or canceled. All offsets count its Unicode code points,"
        " exactly as it came."
    )
    title: str | None = None
    url: str | None = None
    source: str | None = Field(default=None, description="Who published it.")
    authors: list[str] = Field(default=[])
    language: LanguageTag | None = None
    published: Rfc3339 | None = None
    version: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Counts up with each version of the article."
    )
    updated: Rfc3339 | None = Field(default=None, description="When this version was made.")
    status: ArticleStatus = Field(
        default="usable", description="A withheld or canceled article is withdrawn: nothing in it is a claim."
    )
    embargo_until: Rfc3339 | None = Field(default=None, description="Nothing of it may be published earlier.")
    extra: dict[str, Any] = Field(
        default={},
        description="What else came with the article. A field that cannot be used is kept here as it was sent;"
        " field_notes says why.",
    )


class Article(ArticleV1):
    """The article as the events carry it: its id is settled, and its text is empty where it came without one."""

    model_config = ConfigDict(json_schema_extra={})

    id: Annotated[str, Field(min_length=1)]


class Span(EventPart):
    """A stretch of the field that its owner names: ``text`` is that field from ``start`` up to ``end``."""

    start: Offset
    end: Offset
    text: str


class Sentence(EventPart):
    """A sentence or another line of an article."""

    index: Offset = Field(description="Counts the title's sentences and then the text's, from 0.")
    start: Offset
    end: Offset
    paragraph: Offset = Field(
        description="Counts the paragraphs of the field from 0: lines that are not blank, wrapped ones as one."
    )
    kind: SentenceKind
    field: FieldName = "text"


class Entity(EventPart):
    """A name or a value; ``label`` is one of OntoNotes 5."""

    start: Offset
    end: Offset
    text: str
    label: str
    sentence: Offset = Field(description="Index of the sentence that it stands in.")
    score: Probability | None = None
    field: FieldName = "text"
    canonical: str | None = Field(
        default=None,
        description="The fullest form of the name in the article, by which its mentions are one; null for values.",
    )


class Assertion(EventPart):
    """What kind of statement one sentence makes, after ClaimBuster (Hassan et al., KDD 2017)."""

    sentence: Offset
    label: ClaimLabel = Field(description="NFS: no factual claim, UFS: unimportant, CFS: check-worthy.")
    score: Probability = Field(description="Calibrated probability of CFS.")
    probabilities: dict[ClaimLabel, Probability]
    types: list[ClaimType]
    reasons: list[str] = Field(description="Which cues spoke for the label, in words.")


class Attribution(EventPart):
    """Who is said to have said, written or thought what."""

    sentence: Offset = Field(description="Index of the sentence that the content begins in.")
    source: Span | None
    cue: Span | None
    content: Span
    kind: AttributionKind
    speaker: str | None = Field(description="The entity that the source means; null where unknown.")
    field: FieldName = "text"


class Reference(EventPart):
    """A pronoun that safely means somebody or something the article names: "she" for "Mary Barr"."""

    sentence: Offset = Field(description="Index of the sentence that it stands in.")
    start: Offset
    end: Offset
    text: str
    name: str = Field(description="The name that it stands for, in its fullest form.")
    field: FieldName = "text"


class Skipped(EventPart):
    """Something that was not computed, and why."""

    what: Literal["entities", "assertions", "attributions"]
    why: str


class SentencesV1(EventPart):
    """An article and its sentences, from ``split_sentences``."""

    id: str = Field(description="Article id and content hash. A sentence's id is this, a slash and its index.")
    article: Article
    language: LanguageTag | None = Field(
        description="As the article says it, else as detected; null where unclear. A country's code says no language."
    )
    sentences: list[Sentence]
    skipped: list[Skipped] = Field(default=[])
    origin: Origin
    pipeline: Pipeline


class EntitiesV1(SentencesV1):
    """An article, its sentences and its entities, from ``tag_entities``."""

    entities: list[Entity] | None


class EnrichedV1(EntitiesV1):
    """All that was found in an article, one per article.

    From ``classify_claims``, the last stage of the chain.
    """

    assertions: list[Assertion] | None = Field(description="One per sentence, in the sentences' order.")
    attributions: list[Attribution] | None
    references: list[Reference] | None = Field(
        default=None, description="Pronouns whose meaning is sure, at most one for each name in a sentence."
    )


class ClaimArticle(EventPart):
    """As much of the article as a fact checker needs to find it."""

    id: str
    title: str | None
    url: str | None
    source: str | None
    published: Rfc3339 | None
    version: Annotated[int, Field(ge=0)] | None = None
    updated: Rfc3339 | None = None
    status: ArticleStatus = "usable"
    embargo_until: Rfc3339 | None = None

    @classmethod
    def of(cls, article: Article) -> ClaimArticle:
        """Take from an article what a claim says of it."""
        return cls(**{name: getattr(article, name) for name in cls.model_fields})


class ClaimSentence(EventPart):
    """The claim itself with its neighbours."""

    index: Offset
    start: Offset
    end: Offset
    text: str
    before: str | None = Field(description="The sentence before it; null at the beginning of the field.")
    after: str | None = Field(description="The sentence after it; null at the end of the field.")
    field: FieldName = "text"


class Claimant(EventPart):
    """Who makes the claim, where it is not the journalist."""

    text: str | None = Field(description="The source as it stands in the article.")
    speaker: str | None = Field(description="The entity that the source means; null where unknown.")
    cue: str | None
    kind: AttributionKind


class ClaimV1(EventPart):
    """A check-worthy sentence with who said it; none, one or several per article.

    It stands alone: a fact checker who sees only this can judge it.
    """

    id: str
    lineage: str = Field(description="Stays the same while the article's claim does, in whichever version it stands.")
    change: Literal["added", "changed"] = Field(
        default="added", description="Whether the claim is new in its article or another than in the version before."
    )
    article: ClaimArticle
    sentence: ClaimSentence
    in_context: str | None = Field(
        default=None,
        description="The sentence with what it leans on in square brackets: the name behind a pronoun or a short name,"
        " the date behind a weekday. Null where it needs nothing or nothing is sure.",
    )
    label: ClaimLabel
    score: Probability
    types: list[ClaimType]
    reasons: list[str]
    entities: list[Entity]
    claimant: Claimant | None = Field(description="Null where the journalist speaks.")
    origin: Origin
    pipeline: Pipeline

    @property
    def readable(self) -> str:
        """The text to show people: in context where the sentence has no name of its own."""
        named = any(entity.canonical for entity in self.entities)
        return self.sentence.text if named else self.in_context or self.sentence.text


class ErrorInfo(EventPart):
    """What went wrong with a record."""

    type: str
    message: str
    where: str | None = Field(default=None, description="The place inside the record, where known.")


class Bytes(EventPart):
    """Bytes of a Kafka record: as text where they are UTF-8, else in base64."""

    encoding: Literal["utf-8", "base64"]
    data: str


class Header(EventPart):
    """A header of a Kafka record."""

    key: str
    value: Bytes | None


class RejectedV1(EventPart):
    """A record that a stage could not take, with the reason and the record itself.

    It has all that is needed to mend the record and to push it again.
    """

    stage: str = Field(description="The name of the stage.")
    reason: Reason
    error: ErrorInfo
    record: Origin = Field(description="The rejected record itself, in the topic that the stage reads.")
    origin: Origin | None = Field(description="The article's record; null where the record does not tell it.")
    key: Bytes | None
    value: Bytes | None = Field(description="Null where there was no value; where truncated, its first bytes.")
    truncated: bool = Field(default=False, description="The record did not fit as a whole; its place still finds it.")
    headers: list[Header]
    attempts: Annotated[int, Field(ge=1)]
    rejected_at: Rfc3339
    worker: str
    pipeline: Pipeline
