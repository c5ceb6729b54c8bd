"""What every stage is given beside its events: the language functions, the provenance, the thresholds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.contract.events import Pipeline
from pipeline.nlp.spans import Assertion, Entity, Resolved, Sentence

if TYPE_CHECKING:
    from pipeline.nlp.model import Model

Texts = Sequence[str]
Split = Sequence[Sequence[Sentence]]
Tagged = Sequence[Sequence[Entity]]
Fields = Sequence[tuple[str, Sequence[Entity]]]


@dataclass(frozen=True)
class Nlp:
    """The language functions of one model; each takes a batch of texts and answers in its order.

    ``canonical_names`` takes the fields of one article with their entities.
    """

    split_sentences: Callable[[Texts], list[list[Sentence]]]
    tag_entities: Callable[[Texts, Split], list[list[Entity]]]
    canonical_names: Callable[[Fields], list[list[str | None]]]
    classify_claims: Callable[[Texts, Split, Tagged], list[list[Assertion]]]
    find_attributions: Callable[[Texts, Split, Tagged], list[Resolved]]
    detect_language: Callable[[str], str | None]
    split_by_rules: Callable[[str], list[Sentence]]


@dataclass(frozen=True)
class Context:
    """The surroundings of a stage; ``threshold`` is the score from which a sentence becomes a claim."""

    nlp: Nlp
    pipeline: Pipeline
    threshold: float


def context_of(model: Model, *, threshold: float) -> Context:
    """The context of a loaded model."""
    # spaCy takes a second to import: what only names stages and topics does not wait for it.
    from pipeline.nlp.sentences import language  # noqa: PLC0415

    return Context(
        nlp=Nlp(
            split_sentences=model.split_sentences,
            tag_entities=model.tag_entities,
            canonical_names=model.canonical_names,
            classify_claims=model.classify_claims,
            find_attributions=model.find_attributions,
            detect_language=language.detect_language,
            split_by_rules=language.split_by_rules,
        ),
        pipeline=Pipeline(
            version=__version__,
            model=f"{model.name}-{model.version}",
            model_hash=model.hash,
            threshold=threshold,
        ),
        threshold=threshold,
    )
